"""From a coverage picture to the lines the template draws."""

from collections.abc import Iterable, Mapping

from examday.proctoring import rules
from examday.proctoring.rules.drawing import Line, Mark, Piece, Tone
from examday.proctoring.service import CoveragePicture, HashState, RoomCoverage, Segment


def draw(
    picture: CoveragePicture, segments: Iterable[Segment], states: Mapping[int, HashState]
) -> list[Line]:
    """One line per camera; a room in no-camera mode, or without any plan, has one line too."""
    pieces: dict[str, list[Piece]] = {}
    for one in segments:
        if one.span.overlap(picture.span):
            drawn = rules.piece(picture.span, one, states[one.id])
            pieces.setdefault(one.camera, []).append(drawn)
    return [line for room in picture.rooms for line in _lines(picture, room, pieces)]


def _lines(
    picture: CoveragePicture, room: RoomCoverage, pieces: Mapping[str, list[Piece]]
) -> list[Line]:
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
            tuple(pieces.get(camera.camera, ())),
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
