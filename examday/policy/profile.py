"""What a profile holds: frozen sections of rules, each named like its section in the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Subject(StrEnum):
    """
    科目: what is examined; 理论知识 and 操作技能 (LN-07).

    REVIEW is 综合评审 for 技师 and 高级技师: a committee's, without a sitting of its own.
    PERFORMANCE (工作业绩, GS-09, LN-08) and CONDUCT (品德、职业道德和工匠精神, GS-09, LN-09) are not
    examined: they are taken from the employer's records and weigh in the overall mark.
    """

    THEORY = "theory"
    PRACTICAL = "practical"
    REVIEW = "review"
    PERFORMANCE = "performance"
    CONDUCT = "conduct"


class CandidateKind(StrEnum):
    """评价对象: what ties a candidate to the enterprise (GS-04, HE-20, LN-06, HS-02)."""

    STAFF = "staff"
    DISPATCHED = "dispatched"
    OUTSOURCED = "outsourced"
    COOPERATIVE_STUDENT = "cooperative_student"
    COMMISSIONED = "commissioned"
    FREE_TRAINEE = "free_trainee"
    VOCATIONAL_STUDENT = "vocational_student"
    OTHER = "other"


class Method(StrEnum):
    """评价方式, as the notices and the result form's boxes name them (HE-20, GS-10, LN-10)."""

    EXAM = "exam"
    COMBINED = "combined"
    PROCESS = "process"
    DIRECT = "direct"
    COMPETITION = "competition"
    OTHER = "other"
    MODULAR = "modular"  # 模块化考核
    MERIT = "merit"  # 业绩评审
    PANEL = "panel"  # 综合评审


@dataclass(frozen=True, slots=True)
class Notice:
    """The document that a profile is read from; province is a GB/T 2260 code, 00 for none."""

    title: str
    document: str
    province: str
    valid_from: date
    valid_to: date | None = None
    successor: str = ""

    def has_expired(self, on: date) -> bool:
        """Say whether the notice's own period of validity has run out (C14)."""
        return self.valid_to is not None and on > self.valid_to


@dataclass(frozen=True, slots=True)
class BodyRules:
    """How long a filing holds, and when to warn (LN-12, GS-30)."""

    valid_years: int
    warning_days: int
    idle_warning_months: int
    idle_exit_months: int
    within_scope: bool


@dataclass(frozen=True, slots=True)
class FilingRules:
    """When the roster must be filed (HE-09) and the monthly report is due (LN-17, SD-05)."""

    before_working_days: int
    monthly_report: str


@dataclass(frozen=True, slots=True)
class CandidateRules:
    """Who may be assessed (GS-04), which papers an application needs (HE-03), who approves."""

    kinds: tuple[CandidateKind, ...]
    attachments: tuple[str, ...]
    years_attachments: tuple[str, ...]
    attachment_files: bool
    min_age: int
    max_age: int
    approvals: int


@dataclass(frozen=True, slots=True)
class ExamRules:
    """What is examined and how, at which levels (LN-07, HE-20, GS-08, GS-10, GS-16)."""

    subjects: tuple[Subject, ...]
    methods: tuple[Method, ...]
    methods_without_exam: tuple[Method, ...]
    levels: tuple[int, ...]
    bank_sources: tuple[str, ...]
    theory_min_minutes: int

    def is_examined(self, method: Method) -> bool:
        """Say whether a method has sittings; 直接认定 and its like have evidence and a panel."""
        return method not in self.methods_without_exam

    def subjects_of(self, method: Method) -> tuple[Subject, ...]:
        """List what a roster may name: the subjects examined, or the review alone (GS-10)."""
        return self.subjects if self.is_examined(method) else (Subject.REVIEW,)


@dataclass(frozen=True, slots=True)
class AdmissionRules:
    """When the doors open and close, in minutes from the start (C12)."""

    opens_minutes_before: int
    late_limit_minutes: int
    earliest_leave_minutes: int


@dataclass(frozen=True, slots=True)
class RoomRules:
    """How full a room may be, and how many people must watch or judge in it."""

    capacity: int
    proctors_min: int
    candidates_per_proctor: int
    candidates_per_examiner: int
    examiners_min: int
    examiners_odd: bool
    supervisors_min: int
    equipment_listed: bool
    senior_levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StaffRules:
    """What a person must have done before a duty (HE-11) and whom it may not concern."""

    training_required: bool
    avoidance_required: bool
    same_department: str


@dataclass(frozen=True, slots=True)
class ScoringRules:
    """
    百分制, pass line, rounding, and when two judgements disagree; marks are Decimal.

    The weights of 业绩 and 品德 are percent of the overall mark; 0 leaves them out (GS-09). The items of
    业绩 ("name=worth", adding up to the full mark) are marked one by one for senior levels (LN-08).
    """

    full_mark: Decimal
    pass_mark: Decimal
    decimals: int
    rounding: str
    entry_tolerance: Decimal
    examiner_spread: Decimal
    theory_entries: int
    performance_weight: Decimal
    conduct_weight: Decimal
    performance_items: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse items of 业绩 that do not add up, or of which two have one name."""
        worths = self.performance_worths
        if self.performance_items and (
            sum(worths.values()) != self.full_mark or len(worths) != len(self.performance_items)
        ):
            raise ValueError("performance_items must have names of their own and add up")

    @property
    def performance_worths(self) -> dict[str, Decimal]:
        """Give the items of 业绩 in their order, each with the most it can bring."""
        split = (one.partition("=") for one in self.performance_items)
        return {name.strip(): Decimal(worth) for name, _, worth in split}

    @property
    def component_weights(self) -> dict[Subject, Decimal]:
        """Give the components that count, with their percent of the overall mark."""
        weights = {
            Subject.PERFORMANCE: self.performance_weight,
            Subject.CONDUCT: self.conduct_weight,
        }
        return {subject: weight for subject, weight in weights.items() if weight}


@dataclass(frozen=True, slots=True)
class MonitoringRules:
    """电子监控 and its replacement by measures (GS-19, GS-20)."""

    cameras_required: bool
    waiver_needs_measures: bool


@dataclass(frozen=True, slots=True)
class PublicityRules:
    """公示期 (GS-21) and how soon after the exam it must begin (HE-15)."""

    min_working_days: int
    publish_within_working_days: int


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """保管期限 in years from the day the batch is closed (GS-32, C11)."""

    paper_years: int
    electronic_years: int


@dataclass(frozen=True, slots=True)
class CertificateRules:
    """What a certificate prints where provinces differ (C4)."""

    photo: str
    no_trade: str


@dataclass(frozen=True, slots=True)
class Policy:
    """One province's rules; `clauses` maps "section.rule" to the clause it is read from."""

    name: str
    notice: Notice
    body: BodyRules
    filing: FilingRules
    candidates: CandidateRules
    exam: ExamRules
    admission: AdmissionRules
    rooms: RoomRules
    staff: StaffRules
    scoring: ScoringRules
    monitoring: MonitoringRules
    publicity: PublicityRules
    retention: RetentionRules
    certificate: CertificateRules
    labels: Mapping[str, Mapping[str, str]]
    clauses: Mapping[str, str]
    inherited: frozenset[str]

    def clause(self, rule: str) -> str:
        """Name the clause of a rule such as "publicity.min_working_days"."""
        return self.clauses[rule]

    def level_label(self, level: int) -> str:
        """Write a level as certificates do: 四级/中级工."""
        return self.labels["levels"][str(int(level))]

    def national_level(self, level: int) -> str:
        """Name what a level stands for in the national five (GS-08)."""
        return self.labels["national_levels"][str(int(level))]

    def kind_label(self, kind: CandidateKind) -> str:
        """Write a candidate kind as the forms do."""
        return self.labels["kind_labels"][kind]

    def method_label(self, method: Method) -> str:
        """Write a method as the forms do."""
        return self.labels["method_labels"][method]

    def subject_label(self, subject: Subject) -> str:
        """Write a subject as the forms do."""
        return self.labels["subject_labels"][subject]
