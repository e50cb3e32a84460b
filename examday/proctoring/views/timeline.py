"""From a coverage picture to the lines the template draws."""

from examday.proctoring import rules
from examday.proctoring.rules.drawing import Line, Mark, Tone
from examday.proctoring.service import CoveragePicture, RoomCoverage


def draw(picture: CoveragePicture) -> list[Line]:
    """One line per camera; a room in no-camera mode, or without any plan, has one line too."""
    return [line for room in picture.rooms for line in _lines(picture, room)]


def _lines(picture: CoveragePicture, room: RoomCoverage) -> list[Line]:
    whole, marks = picture.span, _marks(picture, room)
    if not room.cameras:
        tone = Tone.WAIVED if room.waiver_reason else Tone.MISSING
        bars = (rules.bar(whole, whole, tone, words=room.waiver_reason),)
        return [Line(room.room_code, "", None, bars, marks)]
    return [
        Line(
            room.room_code,
            camera.camera,
            camera.percent,
            rules.bars(
                whole,
                covered=camera.covered,
                declared=[(gap.span, gap.reason) for gap in camera.declared],
                missing=camera.missing,
            ),
            marks,
        )
        for camera in room.cameras
    ]


def _marks(picture: CoveragePicture, room: RoomCoverage) -> tuple[Mark, ...]:
    return tuple(
        Mark(
            rules.place(picture.span, incident.at),
            incident.at,
            incident.kind.label,
            f"incident-{incident.id}",
        )
        for incident in room.incidents
    )
