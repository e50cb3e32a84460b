"""
The seat draw: a pure function of a public seed, by SHA-256 alone, so that anyone can repeat it.

Candidates are put in the order of SHA-256(seed | purpose | key); seats are filled room by room,
counted from the door. Then neighbours of one work unit are swapped apart where that is possible
(each swap is the first, in drawn order, that lessens the number of such neighbours).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from examday.admission.rules.errors import TooFewSeats

DEFAULT_COLUMNS = 5
_ROUNDS = 4

# A seat of a sitting: room code and number from the door, starting with 1.
Spot = tuple[str, int]
# How many neighbours of a spot belong to the same unit as whoever sits there.
Clashes = Callable[[Spot], int]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One candidate's draw: `key` names the candidate, `unit` the work unit to keep apart."""

    key: str
    unit: str


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """A room's seats in rows of `columns`, numbered in snake order from the door."""

    code: str
    capacity: int
    columns: int = DEFAULT_COLUMNS

    @property
    def rows(self) -> int:
        """How many rows of desks there are."""
        return ceil(self.capacity / self.columns)

    def cell(self, seat_no: int) -> tuple[int, int]:
        """Give (row, column) of a seat, both from 0; odd rows run backwards, as candidates walk."""
        row, step = divmod(seat_no - 1, self.columns)
        return row, step if row % 2 == 0 else self.columns - 1 - step

    def neighbours(self, seat_no: int) -> tuple[int, ...]:
        """Give the seats beside, before and behind this one."""
        row, column = self.cell(seat_no)
        return tuple(
            other
            for other in range(1, self.capacity + 1)
            if abs(self.cell(other)[0] - row) + abs(self.cell(other)[1] - column) == 1
        )

    def form(self, seat_no: int, forms: Sequence[str]) -> str:
        """Give the paper form of a seat: with two or more forms no neighbour has the same."""
        return forms[sum(self.cell(seat_no)) % len(forms)]


def order(seed: str, purpose: str, keys: Sequence[str]) -> list[str]:
    """Put keys in the order of SHA-256(seed | purpose | key)."""
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed}|{purpose}|{key}".encode()).digest())


def draw_station(seed: str, event_id: str, free: Sequence[int]) -> int:
    """
    Draw a station (工位) for whoever enters: the free one with the least SHA-256.

    The event of the entry is part of what is hashed, so nobody knows the station beforehand and
    everybody can repeat the draw afterwards.
    """
    return int(order(seed, f"station|{event_id}", [str(number) for number in free])[0])


def draw_seats(
    seed: str,
    purpose: str,
    people: Sequence[Drawn],
    rooms: Sequence[RoomPlan],
    *,
    taken: frozenset[Spot] = frozenset(),
) -> dict[str, Spot]:
    """
    Give each person of one sitting a free spot; `purpose` names the sitting.

    Raises TooFewSeats. People with the same unit sit apart where swapping can bring that about.
    """
    spots = [
        (room.code, number)
        for room in rooms
        for number in range(1, room.capacity + 1)
        if (room.code, number) not in taken
    ]
    if len(spots) < len(people):
        raise TooFewSeats(people=len(people), seats=len(spots))
    spots = _spread(spots, rooms, count=len(people))
    units = {person.key: person.unit for person in people}
    drawn = order(seed, purpose, list(units))
    seating = dict(zip(spots, drawn, strict=False))
    _part_units(seating, units, {room.code: room for room in rooms})
    return {key: spot for spot, key in seating.items()}


def _spread(spots: list[Spot], rooms: Sequence[RoomPlan], *, count: int) -> list[Spot]:
    """Fill the rooms evenly rather than one after the other, each from the door on."""
    by_room = {room.code: [spot for spot in spots if spot[0] == room.code] for room in rooms}
    smallest_first = sorted(by_room.values(), key=len)
    chosen: list[Spot] = []
    for done, free in enumerate(smallest_first):
        share = ceil((count - len(chosen)) / (len(smallest_first) - done))
        chosen += free[:share]
    places = {spot: place for place, spot in enumerate(spots)}
    return sorted(chosen, key=places.__getitem__)


def _part_units(
    seating: dict[Spot, str], units: Mapping[str, str], rooms: Mapping[str, RoomPlan]
) -> None:
    beside = {
        (code, seat): [(code, other) for other in rooms[code].neighbours(seat)]
        for code, seat in seating
    }

    def clashes(spot: Spot) -> int:
        unit = units[seating[spot]]
        others = (units.get(seating.get(other, ""), "") for other in beside[spot])
        return sum(other == unit for other in others) if unit else 0

    for _ in range(_ROUNDS):
        swapped = False
        for spot in [spot for spot in seating if clashes(spot)]:
            swapped |= clashes(spot) > 0 and _swap_away(spot, seating, clashes)
        if not swapped:
            return


def _swap_away(spot: Spot, seating: dict[Spot, str], clashes: Clashes) -> bool:
    for other in tuple(seating):
        before = clashes(spot) + clashes(other)
        seating[spot], seating[other] = seating[other], seating[spot]
        if clashes(spot) + clashes(other) < before:
            return True
        seating[spot], seating[other] = seating[other], seating[spot]
    return False
