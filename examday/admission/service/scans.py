"""
Events of the kiosks: each is stored before it is answered, and answered alike when it comes again.

Idempotent by event id. What is no event of the sender is kept as a dead letter; what comes from a
revoked kiosk, or takes a number in the chain that is taken, is kept in quarantine.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.orm import Session

from examday import clock
from examday.admission.models import DeadLetterRow, EventRow
from examday.admission.rules import KioskState, Report, TooManyEvents, Trust, judge_clock
from examday.admission.service import secrets, statements
from examday.admission.service.calling import Sender, SignedCall, admit_caller
from examday.admission.service.folding import refold
from examday.admission.service.judging import Judgement, Plan, judge
from examday.admission.service.stations import draw_on_entry
from examday.db import unit_of_work
from examday.errors import ExamdayError
from examday.trace import service as trace
from examday.trace.service import Action
from examday.wire import Act, Answer, Answers, Fate, Malformed, ScanEvent, Verdict
from examday.wire.fields import write_time

# As many events as one trace entry (at most 8 KiB) can name.
MAX_EVENTS = 20
_COLUMNS = tuple(column.name for column in EventRow.__table__.columns if column.name != "id")
_log = logging.getLogger(__name__)


def receive_scans(call: SignedCall, messages: Sequence[bytes], report: Report) -> bytes:
    """
    Store a batch of events and give the signed answers.

    Raises UnknownKiosk, Replayed or TooManyEvents; a bad event is answered, not raised.
    """
    if len(messages) > MAX_EVENTS:
        raise TooManyEvents(limit=MAX_EVENTS)
    try:
        return _receive(call, messages, report, one_by_one=False)
    except ExamdayError:
        raise
    except Exception:  # noqa: BLE001 (below)
        # Something about one event that nobody thought of. It must not hold up the others of its
        # batch, or the whole queue of that door behind it: once more, each for itself.
        _log.exception("a batch of %s events failed as a whole", len(messages))
        return _receive(call, messages, report, one_by_one=True)


def _receive(
    call: SignedCall, messages: Sequence[bytes], report: Report, *, one_by_one: bool
) -> bytes:
    with unit_of_work() as work:
        now = clock.now()
        kiosk, counter = admit_caller(work, call, report, now=now)
        by = f"kiosk:{kiosk.id}"
        intake = Intake(work, kiosk, now, by)
        take = intake.take_alone if one_by_one else intake.take
        answers = tuple(take(message) for message in messages)
        if intake.stored:
            facts = {"events": intake.stored}
            if intake.stations:
                facts["stations"] = intake.stations
            trace.append(Action.SCAN_RECEIVED, subject=by, by=by, facts=facts)
        answer = Answers(kiosk=kiosk.id, counter=counter, server_at=now, answers=answers)
    return answer.sign(secrets.server_key().sign)


@dataclass(slots=True)
class Intake:
    """
    One kiosk's batch on its way into the tables, in the name of `by`.

    `stored` lists what is new, `stations` those drawn by it, for the trace.
    """

    work: Session
    kiosk: Sender
    now: datetime
    by: str
    stored: list[list[str]] = field(default_factory=list)
    stations: list[list[str]] = field(default_factory=list)
    plan: Plan = field(init=False)
    link: Connection = field(init=False)

    def __post_init__(self) -> None:
        """Look up once for the whole batch what no event changes."""
        self.link = self.work.connection()
        self.plan = Plan(self.link)

    def take(self, message: bytes) -> Answer:
        """Store one message, unless it is known, and answer it."""
        digest = hashlib.sha256(message).hexdigest()
        try:
            event = self._read(message)
        except Malformed as error:
            return self._bury(message, digest, str(error))
        event_id = event.event_id
        same, is_place_taken = self._find(event, event_id)
        row = same or self._store(event, event_id, message, is_place_taken=is_place_taken)
        return self._answer(row, digest)

    def take_alone(self, message: bytes) -> Answer:
        """Take one message; if that fails, keep it as a dead letter, which resending tries again."""
        try:
            with self.work.begin_nested():
                return self.take(message)
        except Exception as error:  # noqa: BLE001 (kept, and shown on the page of cases)
            _log.exception("an event failed")
            digest = hashlib.sha256(message).hexdigest()
            return self._bury(message, digest, f"{type(error).__name__}: {error}")

    def keep(self, event: ScanEvent, message: bytes) -> EventRow:
        """Store an event that is known to be new and the kiosk's own (the office desk's)."""
        event_id = event.event_id
        _same, is_place_taken = self._find(event, event_id)
        return self._store(event, event_id, message, is_place_taken=is_place_taken)

    def _find(self, event: ScanEvent, event_id: str) -> tuple[Row[Any] | None, bool]:
        """Find this very event, and say whether its place in the chain is taken."""
        wanted = {"event": event_id, "kiosk": self.kiosk.id, "sequence": event.sequence}
        rows = self.link.execute(statements.SAME_EVENT_OR_PLACE, wanted).all()
        return next((row for row in rows if row.event_id == event_id), None), bool(rows)

    def _read(self, message: bytes) -> ScanEvent:
        event = ScanEvent.open(message, self.kiosk.public_key)
        if event.kiosk != self.kiosk.id:
            raise Malformed("an event of another kiosk")
        return event

    def _bury(self, message: bytes, digest: str, reason: str) -> Answer:
        known = select(DeadLetterRow).where(DeadLetterRow.digest == digest)
        if self.work.scalar(known) is None:
            row = DeadLetterRow(digest=digest, message=message, kiosk_id=self.kiosk.id)
            row.reason, row.received_at = reason[:200], self.now
            self.work.add(row)
            self.work.flush()
            self.stored.append([digest, "", "", Verdict.UNKNOWN.value, Fate.DEAD.value])
        return Answer(message_digest=digest, fate=Fate.DEAD, verdict=Verdict.UNKNOWN)

    def _store(
        self, event: ScanEvent, event_id: str, message: bytes, *, is_place_taken: bool
    ) -> EventRow:
        trust = self._trust(event, is_place_taken=is_place_taken)
        said = judge(self.plan, event, trust=trust, now=self.now)
        row = _row(event, event_id, message, said, self.now)
        row.trust = trust.value
        row.is_after_close = said.is_closed
        if said.candidate_id is not None and said.sitting_id is not None:
            self._fold(row, said.candidate_id, said.sitting_id)
        self.link.execute(statements.NEW_EVENT, _columns(row))
        fate = _fate(row).value
        self.stored.append([row.event_id, row.act, row.ticket_no, row.verdict, fate])
        return row

    def _trust(self, event: ScanEvent, *, is_place_taken: bool) -> Trust:
        if self.kiosk.state == KioskState.REVOKED or is_place_taken:
            return Trust.QUARANTINED
        since = self.kiosk.enrolled_at or self.now
        return judge_clock(event, received_at=self.now, known_since=since)

    def _fold(self, row: EventRow, candidate_id: int, sitting_id: int) -> None:
        standing = refold(self.work, candidate_id, sitting_id, newest=row, now=self.now, by=self.by)
        if row.act == Act.IDENTIFIED:
            active = standing.active
            if active is not None and active.event_id != row.event_id:
                row.verdict, row.earlier_event = Verdict.ALREADY_IN, active.event_id
            elif active is None or standing.doubts:
                row.verdict = Verdict.PROVISIONAL
            if active is not None and active.event_id == row.event_id:
                self._draw(row)

    def _draw(self, row: EventRow) -> None:
        # Whoever has a number already draws none.
        number = 0 if row.seat_no else draw_on_entry(self.work, row)
        if number:
            row.seat_no = number
            self.stations.append([row.event_id, row.room_code, str(number)])

    def _answer(self, row: EventRow | Row[Any], digest: str) -> Answer:
        earlier = None
        if row.earlier_event:
            same = {"event": row.earlier_event}
            earlier = self.link.execute(statements.EVENT, same).one_or_none()
        return Answer(
            message_digest=digest,
            fate=_fate(row),
            verdict=Verdict(row.verdict),
            room=row.room_code,
            seat=row.seat_no,
            earlier_kiosk=earlier.kiosk_id if earlier else "",
            earlier_at=write_time(earlier.at) if earlier else "",
        )


def _fate(row: EventRow | Row[Any]) -> Fate:
    return Fate.QUARANTINED if row.trust == Trust.QUARANTINED else Fate.ACCEPTED


def _row(
    event: ScanEvent, event_id: str, message: bytes, said: Judgement, now: datetime
) -> EventRow:
    return EventRow(
        event_id=event_id,
        message=message,
        kiosk_id=event.kiosk,
        sequence=event.sequence,
        act=event.act.value,
        about=event.about,
        ticket_no=event.ticket_no,
        candidate_id=said.candidate_id,
        sitting_id=said.sitting_id,
        at=event.at,
        received_at=now,
        is_offline=event.is_offline,
        shown=event.verdict.value,
        own_verdict=said.alone.verdict.value,
        verdict=said.answer.verdict.value,
        room_code=said.answer.place.room if said.answer.place else "",
        seat_no=said.answer.place.seat if said.answer.place else 0,
        earlier_event=said.earlier_event,
    )


def _columns(row: EventRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _COLUMNS}
