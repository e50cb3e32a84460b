"""The door's answer at each time of the day, online and with the line down."""

from datetime import UTC, datetime, timedelta

import pytest

from examday.wire import Doors, Place, Shown, Verdict, decide

MIDNIGHT = datetime(2026, 10, 19, 16, 0, tzinfo=UTC)  # of 20 October at the site


def at(clock, day=0):
    hour, minute = map(int, clock.split(":"))
    return MIDNIGHT + timedelta(days=day, hours=hour, minutes=minute)


THEORY = Doors("T1", "theory", at("08:30"), at("09:00"), at("10:30"), 30)
OTHERS = Doors("T2", "theory, second group", at("10:45"), at("11:15"), at("12:45"), 30)
PRACTICAL = Doors("P1", "practical", at("13:00"), at("13:30"), at("16:30"), 30)
DOORS = (THEORY, OTHERS, PRACTICAL)
PLACES = (Place("T1", "R1", 3), Place("P1", "R2", 4))


def shown(**change):
    return Shown(**({"is_listed": True, "is_genuine": True, "places": PLACES} | change))


@pytest.mark.parametrize(
    ("clock", "verdict"),
    [
        ("07:30", Verdict.NOT_OPEN),
        ("08:30", Verdict.ADMITTED),
        ("09:00", Verdict.ADMITTED),
        ("09:01", Verdict.LATE),
        ("09:30", Verdict.LATE),
        ("09:31", Verdict.CLOSED),
        ("10:50", Verdict.WRONG_SITTING),
        ("12:30", Verdict.NOT_OPEN),
        ("13:10", Verdict.ADMITTED),
        ("17:00", Verdict.CLOSED),
    ],
)
def test_the_time_of_day_decides(clock, verdict):
    assert decide(shown(), DOORS, room="", now=at(clock)).verdict is verdict


def test_the_place_is_that_of_the_sitting_of_the_hour():
    assert decide(shown(), DOORS, room="", now=at("08:40")).place == PLACES[0]
    assert decide(shown(), DOORS, room="", now=at("13:10")).place == PLACES[1]


@pytest.mark.parametrize("day", [-1, 1])
def test_another_day_is_the_wrong_day(day):
    assert decide(shown(), DOORS, room="", now=at("08:40", day)).verdict is Verdict.WRONG_DAY


def test_another_room_is_told_where_to_go():
    decision = decide(shown(), DOORS, room="R2", now=at("08:40"))

    assert decision.verdict is Verdict.WRONG_ROOM
    assert decision.place.room == "R1"


def test_the_second_showing_is_already_in_but_may_come_in_the_afternoon():
    twice = shown(already_in=frozenset({"T1"}))

    assert decide(twice, DOORS, room="", now=at("08:40")).verdict is Verdict.ALREADY_IN
    assert decide(twice, DOORS, room="", now=at("09:40")).verdict is Verdict.NOT_OPEN
    assert decide(twice, DOORS, room="", now=at("13:10")).verdict is Verdict.ADMITTED


@pytest.mark.parametrize("online", [True, False])
def test_revoked_and_forged_never_get_in(online):
    revoked, forged = shown(is_revoked=True), shown(is_genuine=False)

    for one, verdict in ((revoked, Verdict.REVOKED), (forged, Verdict.UNKNOWN)):
        decision = decide(one, DOORS, room="", now=at("08:40"), online=online)
        assert decision.verdict is verdict
        assert not decision.verdict.lets_in


def test_with_the_line_down_nobody_is_more_than_provisional():
    for clock, late in (("08:40", False), ("09:10", True)):
        decision = decide(shown(), DOORS, room="", now=at(clock), online=False)
        assert (decision.verdict, decision.is_late) == (Verdict.PROVISIONAL, late)
    added = decide(Shown(False, False), DOORS, room="", now=at("08:40"), online=False)
    assert (added.verdict, added.place) == (Verdict.PROVISIONAL, None)
    assert decide(Shown(False, False), DOORS, room="", now=at("08:40")).verdict is Verdict.UNKNOWN


def test_with_the_line_down_the_other_refusals_stand():
    offline = {"doors": DOORS, "online": False}

    assert decide(shown(), room="R2", now=at("08:40"), **offline).verdict is Verdict.WRONG_ROOM
    assert decide(shown(), room="", now=at("09:31"), **offline).verdict is Verdict.CLOSED
    twice = shown(already_in=frozenset({"T1"}))
    assert decide(twice, room="", now=at("08:40"), **offline).verdict is Verdict.ALREADY_IN
