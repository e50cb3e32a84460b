"""
No-camera mode: what has to be on record before a room without cameras may close (GS-20).

Patrol entries by two people and photos at a steady pace, from start to end of the sitting.
"""

import itertools
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from examday.errors import BadInput
from examday.i18n import N_
from examday.proctoring.rules.coverage import Span
from examday.proctoring.rules.refusals import ReasonMissing


class MeasureKind(StrEnum):
    """How a room without cameras is watched."""

    PATROL = "patrol"
    PHOTO = "photo"


class NoteMissing(ReasonMissing):
    """A patrol in words: without them nobody knows what was seen."""

    code = "note_missing"
    message = N_("A patrol needs a note: write what the two of you saw.")


class MeasureTimeOutside(BadInput):
    """An entry made later still names a time at which it can have been taken."""

    code = "measure_time_outside"
    message = N_("A measure is taken after the sitting begins and not in the future.")


@dataclass(frozen=True, slots=True)
class MeasureRule:
    """How often at least: minutes between two entries of each kind."""

    photo_minutes: int
    patrol_minutes: int


@dataclass(frozen=True, slots=True)
class Measure:
    """One entry: kind, time, the two who took it, and the photo's digest (hex) if any."""

    id: int
    sitting_id: int
    room_code: str
    kind: MeasureKind
    at: datetime
    people: tuple[str, str]
    note: str
    photo_sha256: str
    path: str


@dataclass(frozen=True, slots=True)
class MissingMeasure:
    """A span of the sitting in which no entry of a kind was made."""

    kind: MeasureKind
    span: Span


def load_measure_rule(config: Path) -> MeasureRule:
    """Read [no_camera] of config/incidents.toml."""
    row = tomllib.loads((config / "incidents.toml").read_text("utf-8"))["no_camera"]
    return MeasureRule(row["photo_minutes"], row["patrol_minutes"])


def check_moment(at: datetime, *, begins: datetime, now: datetime) -> None:
    """Refuse a time before the sitting or in the future; raises MeasureTimeOutside."""
    if not begins <= at <= now:
        raise MeasureTimeOutside


def missing_measures(
    sitting: Span, measures: Iterable[Measure], rule: MeasureRule
) -> list[MissingMeasure]:
    """List the spans of the sitting longer than the pace in which a kind is missing."""
    taken = list(measures)
    found: list[MissingMeasure] = []
    for kind, minutes in (
        (MeasureKind.PATROL, rule.patrol_minutes),
        (MeasureKind.PHOTO, rule.photo_minutes),
    ):
        pace = timedelta(minutes=minutes)
        times = [measure.at for measure in taken if measure.kind is kind]
        inside = sorted(at for at in times if sitting.start - pace <= at <= sitting.end + pace)
        edges = [sitting.start, *inside, sitting.end]
        found.extend(
            MissingMeasure(kind, Span(earlier, later))
            for earlier, later in itertools.pairwise(edges)
            if later - earlier > pace
        )
        if not inside and not any(item.kind is kind for item in found):
            found.append(MissingMeasure(kind, sitting))
    return found
