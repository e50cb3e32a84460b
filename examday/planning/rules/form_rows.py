"""What the two statutory forms of planning print: one frozen row per line, words and all."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RosterRow:
    """人员名册备案表 (HE annex 2): one line with the words the form prints."""

    serial: int
    name: str
    sex: str
    id_type: str
    id_number: str = field(repr=False)
    education: str
    employer: str
    department: str
    position: str
    kind: str
    occupation: str
    trade: str
    level: str
    eligibility: str
    former_certificate: str
    former_certificate_no: str
    subjects: str
    phone: str = field(repr=False)
    note: str


@dataclass(frozen=True, slots=True)
class ArrangementRow:
    """考务安排表 (HE annex 3): one line per 认定日期/职业/工种/等级 with the words it prints."""

    held_on: str
    occupation: str
    trade: str
    level: str
    level_no: int
    candidates: int
    site_contact: str
    theory_form: str
    theory_time: str
    theory_place: str
    practical_form: str
    practical_time: str
    practical_place: str
    examiners: str
    supervisors: str
