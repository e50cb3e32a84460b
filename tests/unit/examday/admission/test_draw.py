"""The seat draw can be repeated by anyone, and neighbours differ where they can."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examday.admission.rules import Drawn, RoomPlan, TooFewSeats, draw_seats, order

SEED = "5eed" * 16
ROOMS = (RoomPlan("R1", 30), RoomPlan("R2", 30))


def people(count, units=1):
    return [Drawn(f"{n:04d}", f"unit-{n % units}" if units else "") for n in range(count)]


def side_by_side(seating, everyone, rooms=ROOMS):
    """Count pairs of neighbours of one unit."""
    units = {person.key: person.unit for person in everyone}
    held = {spot: units[key] for key, spot in seating.items()}
    pairs = 0
    for room in rooms:
        for number in range(1, room.capacity + 1):
            for other in room.neighbours(number):
                mine, theirs = held.get((room.code, number)), held.get((room.code, other))
                pairs += bool(mine) and mine == theirs
    return pairs // 2


def test_the_order_is_that_of_plain_sha_256():
    keys = ["b", "a", "c"]

    digests = {k: hashlib.sha256(f"{SEED}|T1|{k}".encode()).hexdigest() for k in keys}

    assert order(SEED, "T1", keys) == sorted(keys, key=digests.get)


@given(st.integers(0, 60), st.integers(0, 6), st.text(max_size=8))
@settings(max_examples=40, deadline=None)
def test_everyone_gets_one_seat_of_their_own(count, units, seed):
    seating = draw_seats(seed, "T1", people(count, units), ROOMS)

    assert len(seating) == len(set(seating.values())) == count
    assert all(1 <= number <= 30 for _, number in seating.values())


def test_the_draw_is_the_same_for_everyone_whatever_the_order_of_the_roster():
    everyone = people(50, 4)

    assert draw_seats(SEED, "T1", everyone, ROOMS) == draw_seats(SEED, "T1", everyone[::-1], ROOMS)
    assert draw_seats(SEED, "T1", everyone, ROOMS) != draw_seats(SEED[1:], "T1", everyone, ROOMS)
    assert draw_seats(SEED, "T1", everyone, ROOMS) != draw_seats(SEED, "P1", everyone, ROOMS)


def test_rooms_are_filled_evenly_and_from_the_door_on():
    seating = draw_seats(SEED, "T1", people(37), ROOMS)

    rooms = Counter(code for code, _ in seating.values())
    assert sorted(rooms.values()) == [18, 19]
    for code, count in rooms.items():
        assert sorted(n for c, n in seating.values() if c == code) == list(range(1, count + 1))


def test_a_small_room_takes_what_it_can():
    rooms = (RoomPlan("R1", 30), RoomPlan("R2", 4))

    seating = draw_seats(SEED, "T1", people(34), rooms)

    assert Counter(code for code, _ in seating.values()) == {"R1": 30, "R2": 4}


@pytest.mark.parametrize("units", [3, 4, 6, 12])
def test_work_units_sit_apart_where_they_can(units):
    everyone = people(56, units)

    assert side_by_side(draw_seats(SEED, "T1", everyone, ROOMS), everyone) == 0


def test_a_single_unit_sits_together_since_it_cannot_be_helped():
    everyone = people(20, 1)

    assert side_by_side(draw_seats(SEED, "T1", everyone, ROOMS), everyone) > 0


def test_taken_seats_stay_taken():
    first = draw_seats(SEED, "T1", people(40), ROOMS)

    added = draw_seats(
        SEED, "T1 added", [Drawn("x", "u"), Drawn("y", "u")], ROOMS, taken=frozenset(first.values())
    )

    assert not set(added.values()) & set(first.values())


def test_too_few_seats_are_refused():
    with pytest.raises(TooFewSeats):
        draw_seats(SEED, "T1", people(61), ROOMS)


@pytest.mark.parametrize("forms", [("A", "B"), ("A", "B", "C")])
@pytest.mark.parametrize("columns", [1, 4, 5, 7])
def test_neighbours_never_have_the_same_paper(forms, columns):
    room = RoomPlan("R1", 29, columns)

    for number in range(1, 30):
        for other in room.neighbours(number):
            assert room.form(number, forms) != room.form(other, forms)


def test_the_walk_from_seat_to_seat_is_one_step():
    room = RoomPlan("R1", 29, 5)

    assert all(number + 1 in room.neighbours(number) for number in range(1, 29))
