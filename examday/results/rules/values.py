"""The things results speaks of, as frozen values. Marks stand as printed, instants aware UTC."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal


class Outcome(StrEnum):
    """评定结果: 合格, 不合格, 缺考, 违纪; OPEN never stands on a sheet."""

    PASSED = "passed"
    FAILED = "failed"
    ABSENT = "absent"
    MISCONDUCT = "misconduct"
    OPEN = "open"


class SheetState(StrEnum):
    """How far a sheet is; SIGNED is sealed, and nothing about it changes any more."""

    COMPILED = "compiled"
    LEADER_SIGNED = "leader_signed"
    SIGNED = "signed"


class Duty(StrEnum):
    """For whom a signature stands: 考评组长 certifies, the 评价机构 signs and seals."""

    LEADER = "leader"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Row:
    """
    One candidate's line.

    `theory`, `practical`, `review` (综合评审), `performance` (工作业绩) and `conduct` (品德) are marks
    as printed ("87.5") or the word of a state ("absent",
    "misconduct", "void", "not_taken"). `id_masked` keeps the first three and last four.
    """

    no: int
    candidate_id: int
    ticket_no: str
    name: str
    sex: str
    id_masked: str
    id_last_four: str
    employer: str
    theory: str
    practical: str
    outcome: Outcome
    note: str = ""
    review: str = "not_taken"
    performance: str = "not_taken"
    conduct: str = "not_taken"
    overall: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the rows: whose sheet, of which batch, by which rules."""

    sheet: str
    version: int
    site: str
    body: str
    body_filing_no: str
    batch: str
    title: str
    occupation: str
    trade: str
    occupation_code: str
    level: int
    level_label: str
    starts_on: date
    ends_on: date
    place: str
    policy: str
    full_mark: str
    pass_mark: str
    decimals: int
    rounding: str
    examiner_spread: str
    performance_weight: str
    conduct_weight: str
    compiled_at: datetime
    compiled_by: str
    objection_no: str = ""
    replaces_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """应考, 实考 and the outcomes; rates leave out 缺考 and 违纪."""

    candidates: int
    present: int
    passed: int
    failed: int
    absent: int
    misconduct: int

    @property
    def pass_rate(self) -> str:
        """Give 合格率 among those judged, in percent with one decimal, "" where nobody was."""
        judged = self.passed + self.failed
        if not judged:
            return ""
        thousandths = (2000 * self.passed + judged) // (2 * judged)
        return f"{thousandths // 10}.{thousandths % 10}"


@dataclass(frozen=True, slots=True)
class SheetSignature:
    """One signature: the person, the duty, the certificate and the claimed time."""

    duty: Duty
    login: str
    name: str
    signed_at: datetime
    cert_sha256: str


@dataclass(frozen=True, slots=True)
class SheetChange:
    """
    One part of one candidate: what it was, what it is, and why.

    `after` is a mark as printed ("61.0") or the word of a state ("void"); `before` is filled in.
    """

    candidate_id: int
    subject: Literal["theory", "practical", "review", "performance", "conduct"]
    after: str
    reason: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """成绩登记表: one version. Digests are lowercase hex SHA-256 of the files as they stand."""

    id: int
    batch_id: int
    code: str
    version: int
    state: SheetState
    objection_no: str
    replaces_id: int | None
    replaced_by: int | None
    compiled_by: str
    compiled_at: datetime
    rows: tuple[Row, ...]
    totals: Totals
    changes: tuple[SheetChange, ...]
    signatures: tuple[SheetSignature, ...]
    json_sha256: str
    pdf_sha256: str
    xlsx_sha256: str
    row_root: str
    short_code: str
    entry_index: int | None

    @property
    def is_signed(self) -> bool:
        """Say whether both have signed, so that the sheet is sealed."""
        return self.state is SheetState.SIGNED

    @property
    def folder_name(self) -> str:
        """Name the folder of its files below home/results."""
        return f"{self.code}-v{self.version}"


@dataclass(frozen=True, slots=True)
class RowProof:
    """One public row with its RFC 6962 audit path to the sheet's row root (hex, leaf upwards)."""

    row: dict[str, object]
    index: int
    size: int
    path: tuple[str, ...]
    row_root: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold when a sheet file is checked."""

    code: str
    text: str


def totals_of(rows: Iterable[Row]) -> Totals:
    """Count the outcomes."""
    counts = Counter(row.outcome for row in rows)
    absent, misconduct = counts[Outcome.ABSENT], counts[Outcome.MISCONDUCT]
    judged = counts[Outcome.PASSED] + counts[Outcome.FAILED]
    return Totals(
        candidates=counts.total(),
        present=judged,
        passed=counts[Outcome.PASSED],
        failed=counts[Outcome.FAILED],
        absent=absent,
        misconduct=misconduct,
    )
