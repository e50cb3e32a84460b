"""What the stages of the demo day hand to one another."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask

from examday.admission import service as admission
from examday.admission.service import Seat
from examday.clock import SimulatedClock
from examday.demo.cast import Cast
from examday.settings import Settings
from examday.trace import service as trace


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the day and how long it took."""

    name: str
    seconds: float


@dataclass(slots=True)
class Today:
    """The day so far: the site, its clock, its people, the batch, and what was made."""

    app: Flask
    settings: Settings
    clock: SimulatedClock
    seed: int
    candidates: int
    cast: Cast = field(init=False)
    batch_id: int = 0
    theory_id: int = 0
    practical_id: int = 0
    sheet_id: int = 0
    certificate: bytes = b""
    paths: dict[str, Path] = field(default_factory=dict)
    made: list[tuple[str, str]] = field(default_factory=list)

    @property
    def desk(self) -> Path:
        """The office's own folder: files that come from outside or go to paper."""
        folder = self.settings.home / "desk"
        folder.mkdir(exist_ok=True)
        return folder

    def seats(self, sitting_id: int, room_code: str) -> list[Seat]:
        """List who sits where in a room of a sitting, by seat number."""
        taken = [
            seat
            for ticket in admission.list_tickets(self.batch_id)
            for seat in ticket.seats
            if (seat.sitting_id, seat.room_code) == (sitting_id, room_code)
        ]
        return sorted(taken, key=lambda seat: seat.seat_no)

    def note(self, name: str, what: str) -> None:
        """Add a line to the table of what was made."""
        self.made.append((name, what))


def checkpoint() -> None:
    """Do what timed work does between the acts: a signed head, co-signed and time-stamped."""
    trace.publish()
    trace.stamp()


@cache
def words() -> dict[str, Any]:
    """Give the Chinese words that an office would type during the day (words.toml)."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
