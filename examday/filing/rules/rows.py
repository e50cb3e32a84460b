"""
What the rows of a form can be: one frozen dataclass per row source.

A column of a form names an attribute path of its row (`theory.place`); a header field or a
footer names one of `FormContext`. `ROW_TYPES` is the list a form's `rows` may choose from.
All words are final: the service has already turned codes into the notice's wording.
"""

from dataclasses import dataclass, field
from datetime import date

from examday.filing.rules.day_rows import RoomSheet, StaffSheet


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One candidate of 人员名册备案表. Holds full ID number and phone: for the authority only."""

    serial: int
    name: str
    sex: str
    id_type: str
    id_number: str
    education: str
    employer: str
    department: str
    position_years: str
    occupation: str
    trade: str
    level: str
    eligibility: str
    former_certificate: str
    former_certificate_no: str
    subjects: str
    phone: str
    remark: str


@dataclass(frozen=True, slots=True)
class SubjectPlan:
    """When, where and how one subject is examined (考试形式·考试时间·考试地点)."""

    form: str = ""
    time: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class ArrangementRow:
    """One line of 考务安排表: a day, an occupation and a level."""

    held_on: str
    occupation: str
    trade: str
    level: str
    level_code: int
    candidates: int
    site_contact: str
    theory: SubjectPlan
    practical: SubjectPlan
    examiners: str
    quality_supervisors: str


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One line of 结果备案表（一）: 准考人数, 合格人数 and 证书号段 of an occupation and level."""

    occupation: str
    trade: str
    level: str
    level_code: int
    admitted: int
    passed: int
    ranges: str


@dataclass(frozen=True, slots=True)
class CertifiedCandidate:
    """One line of 结果备案表（二）. Holds the full ID number: for the authority only."""

    serial: int
    name: str
    sex: str
    id_type: str
    id_number: str
    employer: str
    occupation: str
    trade: str
    level: str
    level_code: int
    certificate_no: str
    issued_on: date
    assessment_body: str
    issuing_body: str
    education: str
    theory: str
    practical: str
    remark: str


@dataclass(frozen=True, slots=True)
class OccupationTotals:
    """One line of 结果汇总表: how many reached each level in a month (LN-17)."""

    occupation: str
    junior: int = 0
    intermediate: int = 0
    senior: int = 0
    technician: int = 0
    senior_technician: int = 0

    @property
    def subtotal(self) -> int:
        """小计."""
        return (
            self.junior + self.intermediate + self.senior + self.technician + self.senior_technician
        )


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """One objection (异议) as reported with 公示情况 (GS-23); no ID number, no phone."""

    number: str
    received_on: date
    about: str
    state: str
    finding: str
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """申报表 of one candidate (HE-18, HE-19). Holds ID number and phone: for the two files only."""

    number: str
    name: str
    sex: str
    phone: str
    education: str
    id_number: str
    employer: str
    position: str
    post: str
    department: str
    years_in_words: str
    target: str
    level: str
    eligibility: str
    former_certificate: str
    former_certificate_no: str
    theory: str
    practical: str
    outcome: str
    photo: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class DispatchRow:
    """One line of 工作调度表: certificates of the month and of the year so far (SD-05)."""

    serial: int
    body: str
    preparing: int
    filed: int
    assessing: int
    this_month: int
    this_year: int


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One item of the quality supervisor's check list, ticked or left open."""

    number: int
    text: str
    yes: str
    no: str
    remark: str


@dataclass(frozen=True, slots=True)
class SupervisionRow:
    """督导记录 of one sitting (HS-13, GS-28): head, check list, findings."""

    sitting: str
    subject: str
    held_at: str
    rooms: str
    supervisors: str
    inspected_at: str
    finding: str
    advice: str
    checks: tuple[CheckLine, ...]


@dataclass(frozen=True, slots=True)
class PublicityLine:
    """公示情况 of a batch as 公示情况说明 reports it (GS-23)."""

    notice: str = ""
    posted_on: str = ""
    ends_on: str = ""
    closed_on: str = ""
    working_days: int = 0
    places: str = ""
    candidates: int = 0
    passed: int = 0
    objections: int = 0
    upheld: int = 0


@dataclass(frozen=True, slots=True)
class EmployerTotals:
    """How the people of one enterprise fared: 委托评价 is reported by enterprise (GS-05)."""

    serial: int
    employer: str
    kinds: str
    entered: int
    passed: int
    failed: int
    not_judged: int


@dataclass(frozen=True, slots=True)
class LevelTotals:
    """
    How many candidates per level: the foot of 考务安排表.

    `others` have no column in the notices' forms, 学徒工, 特级技师, 首席技师 (DOMAIN C6): they are
    in the sum alone, and stand in the form's own lines by name.
    """

    junior: int = 0
    intermediate: int = 0
    senior: int = 0
    technician: int = 0
    senior_technician: int = 0
    others: int = 0

    @property
    def all(self) -> int:
        """合计."""
        lower = self.junior + self.intermediate + self.senior
        return lower + self.technician + self.senior_technician + self.others


@dataclass(frozen=True, slots=True)
class BodyLine:
    """The assessment body as a form's head names it."""

    name: str
    filing_no: str


@dataclass(frozen=True, slots=True)
class BatchLine:
    """The batch as a form's head names it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class FormContext:
    """What a header, footer or tick-box field may name."""

    body: BodyLine
    batch: BatchLine
    site: str
    contact: str
    filled_by: str
    filled_on: str
    held_on: str
    month: str
    candidate_kinds: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    totals: LevelTotals = field(default_factory=LevelTotals)
    # Printed only where the batch has people of a level the notices' forms lack (DOMAIN C6).
    in_sum: str = ""
    left_out: str = ""
    publicity: PublicityLine = field(default_factory=PublicityLine)


ROW_TYPES: dict[str, type] = {
    "rooms": RoomSheet,
    "sitting_staff": StaffSheet,
    "roster": RosterRow,
    "arrangement": ArrangementRow,
    "result_lines": ResultLine,
    "certified_candidates": CertifiedCandidate,
    "totals_by_occupation": OccupationTotals,
    "totals_by_employer": EmployerTotals,
    "objections": ObjectionRow,
    "applications": ApplicationRow,
    "dispatch": DispatchRow,
    "supervision": SupervisionRow,
}
