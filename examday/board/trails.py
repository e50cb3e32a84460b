"""
可追溯、可倒查: from a certificate or ticket to everything it rests on, and back.

`trail_of` walks certificate → sheet → raw marks → answer sheet and scans → paper and items → seat →
check-in → footage seconds. `resting_on` goes the other way: which candidates, and which of their
certificates, rest on this item, kiosk, clip or paper. Every look is traced.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from examday import clock
from examday.admission import service as admission
from examday.admission.service import CheckIn, Seat, Ticket
from examday.db import unit_of_work
from examday.errors import BadInput, ExamdayError, NotFound
from examday.filing import service as filing
from examday.i18n import N_
from examday.papers import service as papers
from examday.planning import service as planning
from examday.planning.service import Sitting
from examday.proctoring import service as proctoring
from examday.results import service as results
from examday.scoring import service as scoring
from examday.trace import service as trace
from examday.trace.service import Action


class UnknownThing(BadInput):
    """Neither a certificate nor a ticket, or a kind of thing that is not searched."""

    code = "unknown_thing"
    message = N_("%(reference)s is no certificate number or ticket number of this site.")


@dataclass(frozen=True, slots=True)
class Link:
    """One thing on the way: its kind, its facts as (name, value), and its trace entry if any."""

    kind: str
    facts: tuple[tuple[str, str], ...]
    entry_index: int | None = None


@dataclass(frozen=True, slots=True)
class Trail:
    """Everything one candidate's result rests on, from the certificate down to footage."""

    reference: str
    candidate_id: int
    batch_id: int
    batch_code: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Resting:
    """One candidate who rests on a thing; `certificate_no` is "" where none was given."""

    batch_code: str
    candidate_id: int
    ticket_no: str
    certificate_no: str
    how: str


def trail_of(reference: str, *, by: str) -> Trail:
    """Follow a certificate or ticket back to what it rests on; raises UnknownThing."""
    candidate_id, ticket = _resolve(reference.strip())
    candidate = planning.find_candidate(candidate_id)
    batch = planning.find_batch(candidate.batch_id)
    _trace_look(f"candidate:{candidate_id}", "trail", by=by)
    links = [
        *_certificates(batch.id, candidate_id),
        *_sheets(batch.id, candidate_id),
        *_marks(batch.id, candidate_id),
        *_scans(batch.id, candidate_id),
    ]
    for seat in ticket.seats:
        links += _seat_links(batch.id, seat)
    return Trail(reference.strip(), candidate_id, batch.id, batch.code, tuple(links))


def resting_on(kind: str, reference: str, *, by: str) -> tuple[Resting, ...]:
    """
    Say who rests on a thing: kind item, paper (form or digest), kiosk, or clip (number or SHA-256).

    Raises UnknownThing for another kind.
    """
    if kind not in _SEARCHES:
        raise UnknownThing(reference=kind)
    wanted = reference.strip()
    _trace_look(f"{kind}:{wanted}"[:200], "resting", by=by)
    found = []
    for batch in planning.list_batches():
        tickets = admission.list_tickets(batch.id)
        numbers = {one.candidate_id: one.number for one in filing.list_certificates(batch.id)}
        for candidate_id, how in _SEARCHES[kind](batch.id, tickets, wanted):
            ticket_no = next((t.number for t in tickets if t.candidate_id == candidate_id), "")
            number = numbers.get(candidate_id, "")
            found.append(Resting(batch.code, candidate_id, ticket_no, number, how))
    return tuple(dict.fromkeys(found))


def _resolve(reference: str) -> tuple[int, Ticket]:
    try:
        candidate_id = filing.find_certificate(reference).candidate_id
    except NotFound:
        try:
            ticket = admission.find_ticket(reference)
        except ExamdayError as error:
            raise UnknownThing(reference=reference) from error
        return ticket.candidate_id, ticket
    batch_id = planning.find_candidate(candidate_id).batch_id
    for ticket in admission.list_tickets(batch_id):
        if ticket.candidate_id == candidate_id:
            return candidate_id, ticket
    raise UnknownThing(reference=reference)


def _certificates(batch_id: int, candidate_id: int) -> Iterator[Link]:
    for one in filing.list_certificates(batch_id):
        if one.candidate_id == candidate_id:
            facts = (("certificate_no", one.number), ("issued_on", one.issued_on.isoformat()))
            yield Link("certificate", facts)


def _sheets(batch_id: int, candidate_id: int) -> Iterator[Link]:
    for sheet in results.list_sheets(batch_id):
        for row in sheet.rows:
            if row.candidate_id == candidate_id:
                facts = [
                    ("sheet", f"{sheet.code} v{sheet.version}"),
                    ("row", str(row.no)),
                    *(
                        (name, getattr(row, name))
                        for name in (
                            "theory",
                            "practical",
                            "review",
                            "performance",
                            "conduct",
                            "overall",
                        )
                    ),
                    ("outcome", row.outcome.value),
                    ("json_sha256", sheet.json_sha256),
                    *((f"signed:{one.duty.value}", one.name) for one in sheet.signatures),
                ]
                if sheet.objection_no:
                    facts.append(("objection", sheet.objection_no))
                yield Link("sheet", tuple(facts), sheet.entry_index)


def _marks(batch_id: int, candidate_id: int) -> Iterator[Link]:
    for event in scoring.list_events(batch_id, candidate_id):
        facts = [
            ("subject", event.subject.value),
            ("step", event.step.value),
            ("by", event.login),
            ("mark", str(event.mark)),
            ("at", _shown(event.at)),
            *((f"item:{name}", str(mark)) for name, mark in event.items.items()),
            *((f"head:{name}", value) for name, value in event.head.items()),
        ]
        if event.reason:
            facts.append(("reason", event.reason))
        yield Link("mark", tuple(facts), event.entry_index)


def _scans(batch_id: int, candidate_id: int) -> Iterator[Link]:
    sheets = {
        one.id: one
        for one in scoring.list_answer_sheets(batch_id)
        if one.candidate_id == candidate_id
    }
    for scan in scoring.list_scans(batch_id):
        if scan.sheet_id in sheets:
            facts = (
                ("answer_sheet", sheets[scan.sheet_id].number),
                ("page", str(scan.page)),
                ("file", scan.file_name),
                ("file_sha256", scan.file_sha256),
            )
            yield Link("scan", facts, scan.entry_index)


def _seat_links(batch_id: int, seat: Seat) -> Iterator[Link]:
    sitting = planning.find_sitting(seat.sitting_id)
    yield from _papers(batch_id, sitting, seat)
    yield Link(
        "seat",
        (("sitting", sitting.code), ("room", seat.room_code), ("seat", str(seat.seat_no or "–"))),
    )
    arrival = _arrival(sitting.id, seat.candidate_id)
    if arrival is not None:
        yield Link(
            "check_in",
            (
                ("sitting", sitting.code),
                ("kiosk", arrival.kiosk),
                ("at", _shown(arrival.at)),
                ("late", str(arrival.is_late)),
            ),
        )
    yield from _footage(sitting, seat, arrival)


def _papers(batch_id: int, sitting: Sitting, seat: Seat) -> Iterator[Link]:
    for paper in papers.list_papers(batch_id):
        if (paper.subject, paper.form_code) == (sitting.subject.value, seat.paper_form):
            facts = [("form", paper.form_code), ("paper_digest", paper.paper_digest)]
            if paper.is_open:
                facts += [
                    (f"item:{one.no}", f"{one.item} v{one.version}")
                    for one in papers.paper_items(paper.id)
                ]
            yield Link("paper", tuple(facts))


def _footage(sitting: Sitting, seat: Seat, arrival: CheckIn | None) -> Iterator[Link]:
    """Name the clips of the candidate's room; where they came in, the second within the clip."""
    for segment in proctoring.list_segments(sitting.id):
        if segment.room_code != seat.room_code:
            continue
        facts = [
            ("camera", segment.camera),
            ("clip", f"{segment.id} {segment.name}"),
            ("from", _shown(segment.span.start)),
            ("to", _shown(segment.span.end)),
            ("file_sha256", segment.digest.sha256),
        ]
        if arrival is not None and segment.span.start <= arrival.at < segment.span.end:
            second = (arrival.at - segment.span.start).total_seconds()
            facts.append(("check_in_at_second", f"{second:.0f}"))
        yield Link("footage", tuple(facts), segment.leaf_index)


def _arrival(sitting_id: int, candidate_id: int) -> CheckIn | None:
    arrivals = {one.candidate_id: one for one in admission.check_ins(sitting_id)}
    return arrivals.get(candidate_id)


def _shown(moment: datetime | None) -> str:
    return f"{clock.local(moment):%Y-%m-%d %H:%M:%S}" if moment else ""


def _trace_look(subject: str, what: str, *, by: str) -> None:
    with unit_of_work():
        trace.append(Action.RECORD_VIEWED, subject=subject, by=by, facts={"look": what})


# --- back: who rests on it -------------------------------------------------------------------

Found = Iterator[tuple[int, str]]


def _by_item(batch_id: int, tickets: tuple[Ticket, ...], wanted: str) -> Found:
    for paper in papers.list_papers(batch_id):
        if not paper.is_open:
            continue
        for one in papers.paper_items(paper.id):
            if wanted in {one.item, f"{one.item} v{one.version}"}:
                how = f"{paper.subject} {paper.form_code} {one.no}"
                yield from _with_form(batch_id, tickets, paper.subject, paper.form_code, how)


def _by_paper(batch_id: int, tickets: tuple[Ticket, ...], wanted: str) -> Found:
    for paper in papers.list_papers(batch_id):
        if wanted in {paper.form_code, paper.paper_digest, paper.sealed_sha256}:
            how = f"{paper.subject} {paper.form_code}"
            yield from _with_form(batch_id, tickets, paper.subject, paper.form_code, how)


def _by_kiosk(batch_id: int, _tickets: tuple[Ticket, ...], wanted: str) -> Found:
    for sitting in planning.list_sittings(batch_id):
        for one in admission.check_ins(sitting.id):
            if one.kiosk == wanted:
                yield one.candidate_id, f"{sitting.code} {_shown(one.at)}"


def _by_clip(batch_id: int, tickets: tuple[Ticket, ...], wanted: str) -> Found:
    for sitting in planning.list_sittings(batch_id):
        for segment in proctoring.list_segments(sitting.id):
            if wanted in {str(segment.id), segment.digest.sha256, segment.name}:
                for ticket in tickets:
                    for seat in ticket.seats:
                        if (seat.sitting_id, seat.room_code) == (sitting.id, segment.room_code):
                            yield ticket.candidate_id, f"{sitting.code} {segment.room_code}"


def _with_form(
    batch_id: int, tickets: tuple[Ticket, ...], subject: str, form: str, how: str
) -> Found:
    sittings = {one.id for one in planning.list_sittings(batch_id) if one.subject.value == subject}
    for ticket in tickets:
        if any(seat.sitting_id in sittings and seat.paper_form == form for seat in ticket.seats):
            yield ticket.candidate_id, how


_SEARCHES: dict[str, Callable[[int, tuple[Ticket, ...], str], Found]] = {
    "item": _by_item,
    "paper": _by_paper,
    "kiosk": _by_kiosk,
    "clip": _by_clip,
}
KINDS = tuple(_SEARCHES)
