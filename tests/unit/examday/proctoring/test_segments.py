"""When a segment was recorded, and what about it deserves a second look."""

from datetime import UTC, datetime, timedelta

import pytest

from examday.clock import SITE_ZONE
from examday.proctoring.rules import (
    Doubt,
    MediaFacts,
    Sighting,
    Span,
    beacon_text,
    camera_offset_ms,
    doubts,
    newest_known,
    read_beacon,
    recorded_spans,
    safe_name,
    start_in_name,
    true_span,
)
from examday.proctoring.rules.refusals import NoStartTime

NINE = datetime(2026, 10, 20, 1, 0, tzinfo=UTC)
DIGEST = "ab" * 32


def facts(**changes) -> MediaFacts:
    given = {
        "container": "mp4",
        "codec": "h264",
        "width": 1280,
        "height": 720,
        "frames": 125,
        "first_pts_ms": 0,
        "last_pts_ms": 24800,
        "length_ms": 25000,
        "max_gap_ms": 200,
        "holes_ms": (),
        "corrupt_packets": 0,
        "decode_errors": 0,
        "black_ms": 0,
        "frozen_ms": 0,
        "sightings": (),
    }
    return MediaFacts(**(given | changes))


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("R1-C1_20261020T010000.250Z.mp4", NINE + timedelta(milliseconds=250)),
        ("R1-C1_20261020T010000250Z.mp4", NINE + timedelta(milliseconds=250)),
        ("ch01_20261020090000.mp4", NINE),
        ("2026-10-20_09-00-00.mkv", NINE),
        ("192.168.1.64_01_20261020090000_20261020093000.mp4", NINE),
    ],
)
def test_the_start_stands_in_the_recorders_name(name, moment):
    assert start_in_name(name, zone=SITE_ZONE) == moment


@pytest.mark.parametrize("name", ["hiv00017.mp4", "movie.mp4", "20261320090000.mp4", "12345.ts"])
def test_a_name_without_a_start_is_refused(name):
    with pytest.raises(NoStartTime):
        start_in_name(name, zone=SITE_ZONE)


def test_a_hole_inside_a_segment_is_not_recorded_time():
    span = Span(NINE, NINE + timedelta(seconds=25))

    seen = recorded_spans(span, [(11_000, 14_000)], 1_000)

    assert [s.milliseconds for s in seen] == [10_000, 12_000]


def test_a_fast_camera_clock_is_put_right():
    assert true_span(NINE, 1000, offset_ms=60_000).start == NINE - timedelta(minutes=1)


def test_an_honest_segment_raises_no_doubt():
    span = Span(NINE, NINE + timedelta(seconds=25))

    found = doubts(span, facts(), earlier=[], now=span.end, offset_ms=0)

    assert found == frozenset()


def test_each_oddity_is_named():
    span = Span(NINE, NINE + timedelta(seconds=25))
    odd = facts(
        height=480, black_ms=1, frozen_ms=1, decode_errors=1, holes_ms=((1, 2),), max_gap_ms=900
    )

    found = doubts(span, odd, earlier=[], now=NINE, offset_ms=5000)

    assert found == {
        Doubt.COARSE,
        Doubt.BLACK,
        Doubt.FROZEN,
        Doubt.DECODE_ERRORS,
        Doubt.HOLES,
        Doubt.FUTURE,
        Doubt.CLOCK_OFF,
    }


def test_a_beacon_fits_its_code_and_reads_back():
    text = beacon_text(DIGEST, NINE)

    assert len(text) <= 29
    assert read_beacon(text).slot_start == NINE.timestamp()


@pytest.mark.parametrize("text", ["", "E1.", "e1.000000.ABCDEFGHABCDEFGH", "http://x", "E1.0.A"])
def test_any_other_code_on_the_wall_is_no_beacon(text):
    assert read_beacon(text) is None


def sightings(*, camera_fast: float) -> list[Sighting]:
    """What a camera sees every two seconds, its clock so many seconds ahead of the server."""
    return [
        Sighting(beacon_text(DIGEST, NINE + timedelta(seconds=second - camera_fast)), second * 1000)
        for second in range(0, 60, 2)
    ]


@pytest.mark.parametrize(("fast", "offset"), [(0, 0), (1, 0), (-1, 0)])
def test_a_clock_within_the_tolerance_is_right(fast, offset):
    assert camera_offset_ms(sightings(camera_fast=fast), NINE) == offset


@pytest.mark.parametrize("fast", [3600, -3600, 45])
def test_a_clock_that_is_off_is_measured_within_two_seconds(fast):
    assert camera_offset_ms(sightings(camera_fast=fast), NINE) == pytest.approx(
        fast * 1000, abs=2000
    )


def test_a_frozen_picture_does_not_set_the_clock_wrong():
    """From second 5 on the picture stands still for a quarter of a minute."""
    seen = [
        Sighting(
            beacon_text(DIGEST, NINE + timedelta(seconds=5 if 5 < second < 20 else second)),
            second * 1000,
        )
        for second in range(25)
    ]

    assert camera_offset_ms(seen, NINE) == 0


def test_without_a_beacon_the_clock_is_unknown():
    assert camera_offset_ms([Sighting("hello", 0)], NINE) is None


def test_only_a_checkpoint_of_this_log_counts():
    seen = [Sighting(beacon_text("cd" * 32, NINE), 0), Sighting(beacon_text(DIGEST, NINE), 2000)]

    assert newest_known(seen, [DIGEST]) == (DIGEST, (2000,))
    assert newest_known(seen, []) == ("", ())


def test_a_name_cannot_leave_its_folder():
    assert safe_name("../../etc/passwd\n") == "_.._etc_passwd_"
    assert safe_name("\udcff.mp4") == "_.mp4"


def test_zone_of_a_local_name_is_the_sites():
    assert start_in_name("ch_20261020090000.mp4", zone=UTC) != NINE
