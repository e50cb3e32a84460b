"""
Who is in: a fold of the set of events, the same whatever the order in which they came.

`Ledger` is a set of records by event id; `merge` is its union: commutative, associative,
idempotent, and nothing is ever dropped. `stand` folds one candidate's records of one sitting:
at most one admission counts, and every doubt is named for a person to settle. A kiosk's clock
orders nothing: of several admissions the one with the least event id counts, which is arbitrary,
the same everywhere, and only until the conflict is settled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum

from examday.admission.rules.values import CaseKind, Outcome, Presence
from examday.wire import Act, ScanEvent, Verdict

# A kiosk ahead of the server by more than this, or behind its own enrolment, has a wrong clock.
CLOCK_TOLERANCE = timedelta(seconds=60)


class Trust(IntEnum):
    """How far an event is believed; when two copies differ, the lesser trust stays."""

    GOOD = 0
    CLOCK = 1
    QUARANTINED = 2


@dataclass(frozen=True, slots=True)
class Record:
    """One event as received. `verdict` is the server's own, of the scan alone."""

    event_id: str
    kiosk: str
    act: Act
    about: str
    at: datetime
    verdict: Verdict
    trust: Trust = Trust.GOOD
    is_after_close: bool = False


Ledger = Mapping[str, Record]


@dataclass(frozen=True, slots=True, order=True)
class Doubt:
    """Something no rule settles, and the ids of the events that raise it."""

    kind: CaseKind
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the events leave one candidate in one sitting."""

    active: Record | None
    is_late: bool
    doubts: frozenset[Doubt]


def merge(one: Ledger, other: Ledger) -> dict[str, Record]:
    """Unite two sets of records."""
    united = dict(one)
    for event_id, record in other.items():
        known = united.get(event_id)
        united[event_id] = record if known is None else _agree(known, record)
    return united


def ledger(records: Iterable[Record]) -> dict[str, Record]:
    """Make a ledger of records, some of which may be copies of one event."""
    united: dict[str, Record] = {}
    for record in records:
        united = merge(united, {record.event_id: record})
    return united


def stand(records: Ledger) -> Standing:
    """
    Fold one candidate's records of one sitting.

    Quarantined events raise a doubt and do nothing else; so do events that came in after the
    doors had closed, since then no one decides alone.
    """
    believed = {
        key: record
        for key, record in records.items()
        if record.trust is not Trust.QUARANTINED and not record.is_after_close
    }
    undone = {record.about for record in believed.values() if record.act is Act.UNDONE}
    standing = [record for key, record in believed.items() if key not in undone]
    admissions = [record for record in standing if record.act is Act.IDENTIFIED]
    active = min(admissions, key=lambda record: record.event_id, default=None)
    scan = records.get(active.about) if active else None
    is_late = bool(active) and scan is not None and scan.verdict is Verdict.LATE
    doubts = frozenset(_doubts(records, standing, admissions))
    return Standing(active=active, is_late=is_late, doubts=doubts)


def presence(
    *, is_in: bool, is_late: bool, has_open_case: bool, ruling: Outcome | None, is_closed: bool
) -> Presence:
    """
    Say how the candidate stands; `ruling` is what a person last decided, if anyone did.

    An open case leaves it unsettled; a ruling goes before the events.
    """
    if has_open_case:
        return Presence.UNSETTLED
    if ruling is not None:
        return Presence(ruling.value)
    if is_in:
        return Presence.LATE if is_late else Presence.PRESENT
    return Presence.ABSENT if is_closed else Presence.EXPECTED


def judge_clock(event: ScanEvent, *, received_at: datetime, known_since: datetime) -> Trust:
    """Say whether the time an event claims can be: not in the future, not before its kiosk."""
    early = event.at < known_since - CLOCK_TOLERANCE
    ahead = event.at > received_at + CLOCK_TOLERANCE
    return Trust.CLOCK if early or ahead else Trust.GOOD


def _doubts(records: Ledger, standing: list[Record], admissions: list[Record]) -> Iterable[Doubt]:
    if len(admissions) > 1:
        yield _doubt(CaseKind.CONFLICT, admissions)
    groups = {
        CaseKind.HELD: [r for r in standing if r.act is Act.HELD],
        CaseKind.CLOCK: [r for r in admissions if r.trust is Trust.CLOCK],
        CaseKind.UNSCANNED: [r for r in admissions if r.about not in records],
        CaseKind.REFUSED: [
            r for r in admissions if r.about in records and not records[r.about].verdict.lets_in
        ],
        CaseKind.AFTER_CLOSE: [
            r
            for r in records.values()
            if r.is_after_close and r.act is not Act.SCANNED and r.trust is not Trust.QUARANTINED
        ],
        CaseKind.QUARANTINED: [
            r for r in records.values() if r.trust is Trust.QUARANTINED and r.act is not Act.SCANNED
        ],
    }
    for kind, doubtful in groups.items():
        if doubtful:
            yield _doubt(kind, doubtful)


def _doubt(kind: CaseKind, records: Iterable[Record]) -> Doubt:
    return Doubt(kind, frozenset(record.event_id for record in records))


def _agree(one: Record, other: Record) -> Record:
    """Take the less trusting of two copies; all else is said by the event and thus the same."""
    return replace(
        one,
        trust=max(one.trust, other.trust),
        is_after_close=one.is_after_close or other.is_after_close,
    )
