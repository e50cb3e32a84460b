"""
The day's footage by the entries alone: is everything that was planned there, in order?

Per sitting, room and camera: planned span minus recorded segments minus declared gaps; what is
left, from half a second on, is a TIMELINE_GAP. Segments count 1, 2, 3 … per sitting and camera,
each naming the SHA-256 of the leaf before it; the closing entry holds the totals, so the tail
cannot be cut off either. What is wrong with other batches, and with the clock before this batch
began, becomes a note.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from .beacons import Beacons
from .checkpoint import Checkpoint
from .facts import (
    Archived,
    CameraTotals,
    Closing,
    Day,
    Gap,
    Measure,
    Plan,
    Segment,
    Waiver,
)
from .log import CLOCK_TOLERANCE_MS, Log, Told, where_of
from .report import Report
from .sheet_facts import SheetSigned
from .shown import hours, local, seconds

SMALLEST_GAP_MS = 500
# Recorders are emptied on the evening of the day; whatever comes later needs a reason.
LATEST_REGISTRATION_MS = 24 * 3600 * 1000

Span = tuple[int, int]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Attached:
    """A segment with the digest of its leaf and the moment it was registered."""

    segment: Segment
    leaf_sha256: str
    log_time: int

    @property
    def place(self) -> str:
        """Name the segment: sitting, camera, number and file."""
        segment = self.segment
        return f"{segment.sitting}/{segment.camera}/{segment.seq} {segment.file.name}"


class Timeline:
    """Everything the log says about footage, sorted by sitting, room and camera."""

    def __init__(self, log: Log, *, batch: str | None) -> None:
        """Sort the entries; `batch` is the archived one, None to judge every sitting."""
        self.log = log
        self.end = log.last_time
        self.plans = _of(log.told, Plan)
        self.gaps = _of(log.told, Gap)
        self.waivers = _of(log.told, Waiver)
        self.measures = _of(log.told, Measure)
        self.closings = _of(log.told, Closing)
        self.attached = [
            Attached(told.facts, told.leaf_sha256, told.log_time)
            for told in log.told
            if isinstance(told.facts, Segment)
        ]
        self._streams: dict[tuple[str, str], list[Attached]] = defaultdict(list)
        for one in self.attached:
            self._streams[one.segment.sitting, one.segment.camera].append(one)
        days = [day for day in _of(log.told, Day) if batch in {None, day.batch}]
        self.own = {sitting for day in days for sitting in day.sittings}
        mine = (told.index for told in log.told if self._is_of(told, batch))
        self.first_own = next(mine, 0)

    def is_own(self, sitting: str) -> bool:
        """Say whether a sitting belongs to the archived batch (all do when none is named)."""
        return not self.own or sitting in self.own

    def _is_of(self, told: Told, batch: str | None) -> bool:
        """Say whether an entry is one of the archived batch itself."""
        if isinstance(told.facts, Day | SheetSigned | Archived):
            return batch is not None and told.facts.batch == batch
        return getattr(told.facts, "sitting", None) in self.own

    def rooms(self) -> list[tuple[str, str]]:
        """List (sitting, room) that were planned, recorded or waived."""
        plans = {(plan.sitting, plan.room) for plan in self.plans}
        waived = {(waiver.sitting, waiver.room) for waiver in self.waivers}
        recorded = {(one.segment.sitting, one.segment.room) for one in self.attached}
        return sorted(plans | waived | recorded)

    def streams(self) -> dict[tuple[str, str], list[Attached]]:
        """Give the segments of each (sitting, camera), in the order of the log."""
        return self._streams


def check_timeline(timeline: Timeline, report: Report, *, heads: Iterable[Checkpoint]) -> None:
    """Judge the footage of a log; `heads` are its signed heads."""
    judges: dict[bool, Report] = {True: report, False: Report(language=report.language)}
    beacons = Beacons(heads, timeline.log)
    for fault in timeline.log.clock_faults:
        judge = judges[fault.index > timeline.first_own]
        step = seconds(fault.milliseconds)
        judge.find(fault.code, where_of(fault.index), index=fault.index, seconds=step)
    for (sitting, camera), stream in sorted(timeline.streams().items()):
        _check_stream(stream, judges[timeline.is_own(sitting)], f"{sitting}/{camera}", beacons)
    _check_duplicates(timeline, judges)
    for sitting, room in timeline.rooms():
        _check_room(timeline, sitting, room, judges[timeline.is_own(sitting)])
    for plan in timeline.plans:
        _check_plan(timeline, plan, judges[timeline.is_own(plan.sitting)])
    for gap in timeline.gaps:
        _tell_gap(gap, judges[timeline.is_own(gap.sitting)])
    for finding in judges[False].findings:
        report.note("OTHER_BATCH", finding.where, found=finding.code)


def _check_stream(stream: list[Attached], report: Report, where: str, beacons: Beacons) -> None:
    """Numbers without holes, each segment naming the one before, in time, beacons of its time."""
    previous, head, unlit = 0, "", 0
    for one in stream:
        segment = one.segment
        if segment.seq != previous + 1:
            report.find("SEQ_GAP", one.place, seq=segment.seq, previous=previous)
        if segment.prev != head:
            report.find("CHAIN_BREAK", one.place, seq=segment.seq)
        if segment.hole_ms >= SMALLEST_GAP_MS and not segment.holes:
            report.note("SEGMENT_HOLE", one.place, seconds=seconds(segment.hole_ms))
        _check_registration(one, report)
        fault = beacons.judge(segment)
        if fault:
            report.find(fault, one.place)
        unlit += not segment.beacon
        previous, head = segment.seq, one.leaf_sha256
    if unlit:
        report.note("BEACON_ABSENT", where, count=unlit)


def _check_registration(one: Attached, report: Report) -> None:
    late = one.log_time - one.segment.end
    if late < -CLOCK_TOLERANCE_MS:
        report.find("END_IN_FUTURE", one.place)
    if late > LATEST_REGISTRATION_MS:
        report.find("LATE_REGISTRATION", one.place, hours=hours(late))


def _check_duplicates(timeline: Timeline, judges: dict[bool, Report]) -> None:
    """The same bytes may stand for one stretch of time only, whichever camera delivers them."""
    first: dict[str, Attached] = {}
    for one in timeline.attached:
        known = first.setdefault(one.segment.file.sha256, one)
        if known is not one:
            judge = judges[timeline.is_own(one.segment.sitting)]
            judge.find("SEGMENT_DUPLICATE", one.place, first=known.place)


def _check_room(timeline: Timeline, sitting: str, room: str, report: Report) -> None:
    """A waived room needs reason, approver and measures; every room needs its closing entry."""
    where = f"{sitting}/{room}"
    here = (sitting, room)
    measures = sum((one.sitting, one.room) == here for one in timeline.measures)
    for waiver in timeline.waivers:
        if (waiver.sitting, waiver.room) != here:
            continue
        said = {"reason": waiver.reason, "approver": waiver.approver}
        report.note("ROOM_WAIVED", where, measures=measures, **said)
        if not waiver.reason.strip() or not waiver.approver.strip():
            report.find("WAIVER_NOT_APPROVED", where)
        if not measures:
            report.find("WAIVER_WITHOUT_MEASURES", where)
    closings = [one for one in timeline.closings if (one.sitting, one.room) == here]
    if not closings:
        plans = [plan for plan in timeline.plans if (plan.sitting, plan.room) == here]
        if not plans or any(_is_due(timeline, plan) for plan in plans):
            report.find("SESSION_NOT_CLOSED", where)
        return
    streams = {
        camera: [one for one in stream if one.segment.room == room]
        for (code, camera), stream in timeline.streams().items()
        if code == sitting
    }
    planned = {plan.camera for plan in timeline.plans if (plan.sitting, plan.room) == here}
    _check_closing(closings[-1], streams, planned, report, where)


def _check_closing(
    closing: Closing,
    streams: dict[str, list[Attached]],
    planned: set[str],
    report: Report,
    where: str,
) -> None:
    counted = {one.camera: one for one in closing.cameras}
    present = {camera for camera, stream in streams.items() if stream}
    if not planned | present <= set(counted):
        report.find("CLOSE_MISMATCH", where)
    for camera, totals in sorted(counted.items()):
        if totals != _totals(camera, streams.get(camera, [])):
            report.find("CLOSE_MISMATCH", f"{where}/{camera}")


def _totals(camera: str, stream: list[Attached]) -> CameraTotals:
    return CameraTotals(
        camera=camera,
        last_seq=stream[-1].segment.seq if stream else 0,
        head=stream[-1].leaf_sha256 if stream else "",
        size=sum(one.segment.file.size for one in stream),
    )


def _check_plan(timeline: Timeline, plan: Plan, report: Report) -> None:
    """Planned minus recorded minus declared; nothing of half a second or more may be left."""
    where = f"{plan.sitting}/{plan.room}/{plan.camera}"
    place = (plan.sitting, plan.room, plan.camera)
    if any((one.sitting, one.room) == place[:2] for one in timeline.waivers):
        return
    if not _is_due(timeline, plan):
        report.note("PLAN_AHEAD", where)
        return
    segments = [
        one.segment
        for one in timeline.streams().get((plan.sitting, plan.camera), [])
        if one.segment.room == plan.room
    ]
    # A declaration is meant to the second: half a second at either edge is forgiven.
    declared = [
        (gap.start - SMALLEST_GAP_MS, gap.end + SMALLEST_GAP_MS)
        for gap in timeline.gaps
        if (gap.sitting, gap.room, gap.camera) == place
    ]
    recorded = [span for segment in segments for span in _recorded(segment)]
    for missing in _without((plan.start, plan.end), recorded):
        for start, end in _without(missing, declared):
            if end - start >= SMALLEST_GAP_MS and missing[1] - missing[0] >= SMALLEST_GAP_MS:
                shown = {"start": local(start), "end": local(end)}
                report.find("TIMELINE_GAP", where, seconds=seconds(end - start), **shown)


def _is_due(timeline: Timeline, plan: Plan) -> bool:
    return plan.sitting in timeline.own or plan.end <= timeline.end


def _tell_gap(gap: Gap, report: Report) -> None:
    where = f"{gap.sitting}/{gap.room}/{gap.camera}"
    if not gap.reason.strip() or not gap.approver.strip():
        report.find("GAP_NOT_APPROVED", where)
    report.note(
        "DECLARED_GAP",
        where,
        seconds=seconds(gap.end - gap.start),
        start=local(gap.start),
        end=local(gap.end),
        reason=gap.reason,
        approver=gap.approver,
    )


def _recorded(segment: Segment) -> list[Span]:
    holes = [hole for hole in segment.holes if hole[1] - hole[0] >= SMALLEST_GAP_MS // 2]
    return list(_without((segment.start, segment.end), holes))


def _without(whole: Span, taken: Iterable[Span]) -> Iterator[Span]:
    """Give what is left of a span, ascending."""
    at, end = whole
    for begin, stop in sorted(taken):
        if at < begin and at < end:
            yield at, min(begin, end)
        at = max(at, stop)
    if at < end:
        yield at, end


def _of(told: Iterable[Told], kind: type[_T]) -> list[_T]:
    return [one.facts for one in told if isinstance(one.facts, kind)]
