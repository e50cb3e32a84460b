"""The coverage picture: room by time, what was seen, what is missing, what was excused."""

from dataclasses import dataclass
from datetime import timedelta

from examday.planning import service as planning
from examday.proctoring import rules
from examday.proctoring.rules.coverage import Span, milliseconds
from examday.proctoring.rules.incidents import Incident
from examday.proctoring.rules.measures import Measure
from examday.proctoring.service.cameras import list_plans
from examday.proctoring.service.closing import closure_of
from examday.proctoring.service.exceptions import (
    Gap,
    list_gaps,
    recorded_of,
    undeclared_gaps,
    waiver_of,
)
from examday.proctoring.service.incidents import list_incidents
from examday.proctoring.service.measures import list_measures
from examday.proctoring.service.register import list_segments


@dataclass(frozen=True, slots=True)
class CameraCoverage:
    """One camera of a sitting: plan, covered spans, declared gaps, and what nobody explained."""

    camera: str
    plan: Span
    covered: tuple[Span, ...]
    declared: tuple[Gap, ...]
    missing: tuple[Span, ...]
    segments: int
    doubtful: int

    @property
    def percent(self) -> int:
        """Share of the plan that was recorded, rounded down."""
        return milliseconds(self.covered) * 100 // self.plan.milliseconds


@dataclass(frozen=True, slots=True)
class RoomCoverage:
    """One room of a sitting: its cameras, or the waiver's reason and its measures."""

    room_code: str
    cameras: tuple[CameraCoverage, ...]
    waiver_reason: str
    measures: tuple[Measure, ...]
    incidents: tuple[Incident, ...]
    is_closed: bool


@dataclass(frozen=True, slots=True)
class CoveragePicture:
    """All rooms of a sitting over one span of time."""

    sitting_id: int
    span: Span
    rooms: tuple[RoomCoverage, ...]


def coverage(sitting_id: int) -> CoveragePicture:
    """Give the picture of a sitting; its span holds every plan (window())."""
    sitting = planning.find_sitting(sitting_id)
    rooms = tuple(_room(sitting_id, code) for code in sitting.room_codes)
    span = rules.window(
        Span(sitting.starts_at, sitting.ends_at),
        [camera.plan for room in rooms for camera in room.cameras],
        whole_sitting=any(room.waiver_reason for room in rooms),
    )
    return CoveragePicture(sitting_id, span, rooms)


def _room(sitting_id: int, room_code: str) -> RoomCoverage:
    waiver = waiver_of(sitting_id, room_code)
    missing = undeclared_gaps(sitting_id, room_code)
    return RoomCoverage(
        room_code=room_code,
        cameras=tuple(
            _camera(sitting_id, plan.camera, plan.span, missing[plan.camera])
            for plan in list_plans(sitting_id, room_code)
        ),
        waiver_reason="" if waiver is None else waiver.reason,
        measures=tuple(list_measures(sitting_id, room_code)),
        incidents=tuple(list_incidents(sitting_id, room_code)),
        is_closed=closure_of(sitting_id, room_code) is not None,
    )


def _camera(sitting_id: int, camera: str, plan: Span, missing: list[Span]) -> CameraCoverage:
    segments = list_segments(sitting_id, camera=camera)
    seen = rules.covered(plan, recorded_of(sitting_id, camera))
    return CameraCoverage(
        camera=camera,
        plan=plan,
        covered=tuple(span for span in seen if span.length > timedelta(0)),
        declared=tuple(list_gaps(sitting_id, camera)),
        missing=tuple(missing),
        segments=len(segments),
        doubtful=sum(bool(segment.doubts) for segment in segments),
    )
