"""Closing a room: refused while anything is open; afterwards nothing can be added."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from examday import clock
from examday.admission import service as admission
from examday.admission.service import Presence
from examday.db import unit_of_work
from examday.errors import Refusal
from examday.i18n import N_
from examday.i18n import gettext as _
from examday.papers import service as papers
from examday.planning import service as planning
from examday.proctoring import rules
from examday.proctoring.models import ClosureRow
from examday.proctoring.rules.coverage import milliseconds
from examday.proctoring.rules.measures import MeasureKind
from examday.proctoring.rules.refusals import (
    AbsenteesDiffer,
    BalanceOpen,
    GapUndeclared,
    MeasureMissing,
    NothingPlanned,
    RoomNotReady,
    SittingNotOver,
)
from examday.proctoring.service.cameras import (
    check_room_is_open,
    find_closure,
    find_waiver,
    list_plans,
)
from examday.proctoring.service.exceptions import recorded_of, undeclared_gaps
from examday.proctoring.service.measures import missing_measures
from examday.proctoring.service.register import list_segments, stream_head
from examday.trace import service as trace
from examday.trace.service import Action

MEASURE_WORDS = {MeasureKind.PATROL: N_("patrol"), MeasureKind.PHOTO: N_("photo")}


@dataclass(frozen=True, slots=True)
class Closure:
    """A closed room: when, by whom, and which points of the check list were confirmed."""

    sitting_id: int
    room_code: str
    closed_at: datetime
    closed_by: str
    checks: tuple[str, ...]


def close_room(
    sitting_id: int, room_code: str, *, by: str, checks: Collection[str] = ()
) -> Closure:
    """
    Close the record of a room; the trace gets the head of each camera's chain.

    Raises RoomIsClosed, or RoomNotReady naming every point of `open_points`.
    """
    sitting = planning.find_sitting(sitting_id)
    with unit_of_work() as work:
        check_room_is_open(sitting_id, room_code)
        points = open_points(sitting_id, room_code)
        if points:
            listed = "; ".join(point.text() for point in points)
            raise RoomNotReady(room=room_code, open=listed)
        row = ClosureRow(sitting_id=sitting_id, room_code=room_code, closed_by=by)
        row.closed_at, row.checks = clock.now(), sorted(checks)
        work.add(row)
        trace.append(
            Action.ROOM_CLOSED,
            subject=f"{sitting.code}/{room_code}",
            by=by,
            facts={
                "sitting": sitting.code,
                "room": room_code,
                "cameras": _streams(sitting_id, room_code),
                "waived": find_waiver(sitting_id, room_code) is not None,
                "checks": row.checks,
            },
        )
        return _closure(row)


def open_points(sitting_id: int, room_code: str) -> list[Refusal]:
    """List what still keeps a room open, as sentences a proctor can act on."""
    sitting = planning.find_sitting(sitting_id)
    points: list[Refusal] = []
    if clock.now() < sitting.ends_at:
        points.append(SittingNotOver(ends_at=f"{clock.local(sitting.ends_at):%H:%M}"))
    if find_waiver(sitting_id, room_code) is not None:
        points.extend(
            MeasureMissing(kind=_(MEASURE_WORDS[item.kind]), **_times(item.span))
            for item in missing_measures(sitting_id, room_code)
        )
    elif not list_plans(sitting_id, room_code):
        points.append(NothingPlanned())
    points.extend(
        GapUndeclared(camera=camera, **_times(span))
        for camera, spans in undeclared_gaps(sitting_id, room_code).items()
        for span in spans
    )
    return points + _paper_points(sitting_id, room_code)


def closure_of(sitting_id: int, room_code: str) -> Closure | None:
    """Give the closing record of a room, or None while it is open."""
    row = find_closure(sitting_id, room_code)
    return None if row is None else _closure(row)


def _paper_points(sitting_id: int, room_code: str) -> list[Refusal]:
    balance = papers.balance(sitting_id, room_code)
    if not balance.is_settled:
        return [BalanceOpen(issued=balance.issued, missing=balance.missing)]
    states = [entry.state for entry in admission.attendance(sitting_id, room_code)]
    absent = states.count(Presence.ABSENT)
    # Before the doors are closed nobody is absent yet.
    is_known = Presence.EXPECTED not in states
    if states and is_known and balance.is_counted and balance.absent != absent:
        return [AbsenteesDiffer(papers=balance.absent, absent=absent)]
    return []


def _streams(sitting_id: int, room_code: str) -> list[dict[str, Any]]:
    streams: list[dict[str, Any]] = []
    for plan in list_plans(sitting_id, room_code):
        segments = list_segments(sitting_id, camera=plan.camera)
        seen = rules.covered(plan.span, recorded_of(sitting_id, plan.camera))
        streams.append(
            {
                "camera": plan.camera,
                "last_seq": segments[-1].seq if segments else 0,
                "head": stream_head(sitting_id, plan.camera),
                "bytes": sum(segment.digest.size for segment in segments),
                "covered_ms": milliseconds(seen),
            }
        )
    return streams


def _times(span: rules.Span) -> dict[str, str]:
    return {
        "start": f"{clock.local(span.start):%H:%M:%S}",
        "end": f"{clock.local(span.end):%H:%M:%S}",
    }


def _closure(row: ClosureRow) -> Closure:
    return Closure(row.sitting_id, row.room_code, row.closed_at, row.closed_by, tuple(row.checks))
