"""
The rows of a score sheet against the marks that the trace settled.

Whoever holds the database can change a mark and have a changed sheet signed; the entry that
settled the mark stays in the trace. So every part of every row must be the mark last settled for
that candidate before the sheet was signed, or what a traced correction made of it; 违纪 needs an
incident that voids, and one that voids must show; the result must follow from the row's marks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from .log import Log
from .report import Report
from .sheet_facts import Corrected, Incident, IncidentDecided, Judged, SheetSigned

EXAMS = ("theory", "practical", "review")
COMPONENTS = ("performance", "conduct")
MISCONDUCT, ABSENT, VOID, NOT_TAKEN = "misconduct", "absent", "void", "not_taken"
_NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the sheet: its public part and its details."""

    no: object
    ticket: object
    candidate: int
    outcome: object
    parts: Mapping[str, str]
    overall: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What the trace says of a sheet's candidates: marks, corrected parts, voiding incidents."""

    marks: Mapping[tuple[int, str], str]
    corrected: Mapping[tuple[int, str], str]
    voided: frozenset[int]


def check_marks(
    log: Log, told: SheetSigned, name: str, document: dict[str, Any], report: Report
) -> None:
    """Name every row of a sheet that says something else than the trace; `name` is its file."""
    known = _known(log, told)
    for row in _rows(document):
        for subject, printed in row.parts.items():
            wanted = _wanted(row, subject, printed, known)
            if printed != wanted:
                _find(report, "SHEET_MARK", name, row, found=printed, wanted=wanted, part=subject)
        _check_misconduct(row, known, name, report)
        _check_outcome(row, document, name, report)


def _find(report: Report, code: str, name: str, row: _Row, **values: str) -> None:
    words = {key: report.word(value) for key, value in values.items()}
    report.find(code, f"{name}#{row.no}", row=row.no, ticket=row.ticket, **words)


def _wanted(row: _Row, subject: str, printed: str, known: _Known) -> str:
    """Give what the part must say; states that no mark contradicts are taken as they stand."""
    part = (row.candidate, subject)
    if part in known.corrected:
        return known.corrected[part]
    settled = known.marks.get(part, "")
    if printed == MISCONDUCT:
        return MISCONDUCT  # judged in _check_misconduct
    if not settled and printed in {ABSENT, NOT_TAKEN}:
        return printed
    # Whoever stays away is not given a component that was judged before the day.
    away = subject in COMPONENTS and ABSENT in row.parts.values()
    return NOT_TAKEN if away and printed == NOT_TAKEN else settled


def _check_misconduct(row: _Row, known: _Known, name: str, report: Report) -> None:
    taken = {one: printed for one, printed in row.parts.items() if printed != NOT_TAKEN}
    if any((row.candidate, subject) in known.corrected for subject in taken):
        return  # a decided objection may lift it
    shown = MISCONDUCT in taken.values()
    if taken and shown != (row.candidate in known.voided):
        _find(report, "SHEET_MISCONDUCT", name, row)


def _check_outcome(row: _Row, document: dict[str, Any], name: str, report: Report) -> None:
    try:
        line = Decimal(document["pass_mark"])
        wanted = _outcome(row, line)
    except (KeyError, TypeError, InvalidOperation):
        return  # a part that is no mark has been named already
    if row.outcome != wanted:
        _find(report, "SHEET_OUTCOME", name, row, found=str(row.outcome), wanted=wanted)


def _outcome(row: _Row, line: Decimal) -> str:
    exams = [row.parts[one] for one in EXAMS if row.parts[one] != NOT_TAKEN]
    others = [row.parts[one] for one in COMPONENTS if row.parts[one] != NOT_TAKEN]
    if MISCONDUCT in exams:
        return MISCONDUCT
    if ABSENT in exams:
        return ABSENT
    if VOID in (*exams, *others):
        return "failed"
    marks = [Decimal(one) for one in (*exams, *([row.overall] if row.overall else []))]
    return "passed" if all(mark >= line for mark in marks) else "failed"


def _known(log: Log, told: SheetSigned) -> _Known:
    own = [
        one.index
        for one in log.told
        if isinstance(one.facts, SheetSigned | Corrected) and one.facts.sheet == told.sheet
    ]
    sealed = min(own, default=0)  # from here on marks are closed and only corrections count
    marks: dict[tuple[int, str], str] = {}
    corrected: dict[tuple[int, str], str] = {}
    incidents: dict[int, tuple[int, str]] = {}
    for one in log.told:
        facts = one.facts
        if isinstance(facts, Corrected):
            if facts.sheet == told.sheet and facts.version <= told.version:
                corrected |= {(who, subject): mark for who, subject, mark in facts.changes}
        elif one.index > sealed:
            continue
        elif isinstance(facts, Judged):
            marks[facts.candidate, facts.subject] = facts.mark
        elif isinstance(facts, Incident):
            incidents[facts.incident] = (facts.candidate, facts.voids)
        elif isinstance(facts, IncidentDecided) and facts.incident in incidents:
            incidents[facts.incident] = (incidents[facts.incident][0], facts.voids)
    voided = frozenset(who for who, what in incidents.values() if what != _NOTHING)
    return _Known(marks, corrected, voided)


def _rows(document: dict[str, Any]) -> Iterator[_Row]:
    """Read the rows that say whose marks they hold; what is malformed other checks name."""
    rows, details = document.get("rows"), document.get("details")
    if not isinstance(rows, list) or not isinstance(details, list):
        return
    for public, detail in zip(rows, details, strict=False):
        if isinstance(public, dict) and isinstance(detail, dict):
            candidate = detail.get("candidate_id")
            if type(candidate) is int:
                yield _Row(
                    no=public.get("no"),
                    ticket=detail.get("ticket_no"),
                    candidate=candidate,
                    outcome=public.get("outcome"),
                    parts={one: str(detail.get(one, NOT_TAKEN)) for one in (*EXAMS, *COMPONENTS)},
                    overall=str(detail.get("overall", "")),
                )
