"""Papers in custody: what is known without opening them, and whether they may be opened."""

from dataclasses import dataclass
from datetime import date, datetime

from examday.papers.rules.refusals import NotACustodian, PrinterNotValid, TooEarly

FEWEST_CUSTODIANS = 2


@dataclass(frozen=True, slots=True)
class Approval:
    """One custodian's approval of the opening."""

    login: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """A sealed paper; nothing of its content is known here before it is opened."""

    id: int
    batch_id: int
    subject: str
    form_code: str
    paper_digest: str
    sealed_sha256: str
    threshold: int
    custodians: tuple[str, ...]
    not_before: datetime
    received_at: datetime
    received_by: tuple[str, str]
    approvals: tuple[Approval, ...]
    is_printing_closed: bool = False

    @property
    def is_open(self) -> bool:
        """Say whether enough custodians have approved."""
        return len(self.approvals) >= self.threshold

    @property
    def still_needed(self) -> int:
        """How many approvals are missing."""
        return max(self.threshold - len(self.approvals), 0)


@dataclass(frozen=True, slots=True)
class Printer:
    """A fixed, qualified printer under a confidentiality agreement (HE-08)."""

    id: int
    name: str
    qualification: str
    agreement_no: str
    valid_from: date
    valid_to: date

    def is_valid(self, day: date) -> bool:
        """Say whether the agreement covers a day, both ends included."""
        return self.valid_from <= day <= self.valid_to


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """What was printed: copies to hand out, spares, the digest of the PDF (hex)."""

    id: int
    paper_id: int
    printer: str
    agreement_no: str
    copies: int
    spares: int
    pdf_sha256: str
    ordered_at: datetime
    ordered_by: str
    code: str = ""


def check_may_approve(paper: Paper, *, login: str, name: str, now: datetime, shown: str) -> None:
    """Raise TooEarly before the time (`shown` is how to print it), then NotACustodian."""
    if now < paper.not_before:
        raise TooEarly(not_before=shown)
    if login not in paper.custodians:
        raise NotACustodian(name=name)


def check_printer(printer: Printer, *, today: date) -> None:
    """Raise PrinterNotValid unless the agreement covers today."""
    if not printer.is_valid(today):
        raise PrinterNotValid(
            agreement=printer.agreement_no,
            printer=printer.name,
            valid_from=printer.valid_from,
            valid_to=printer.valid_to,
        )
