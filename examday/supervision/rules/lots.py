"""
双随机: sittings and inspectors by lot, from a seed that everybody heard (LN-21, HS-14).

Each name gets the number SHA-256(seed, line feed, name); the smallest are drawn. Anybody with
the seed and the list repeats it with `sha256sum`; nobody can steer it once the seed is said.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw: the days it covers, the seed, what was in the lot and what came out."""

    id: int
    from_day: date
    to_day: date
    seed: str
    pool: tuple[str, ...]
    sittings: tuple[str, ...]
    people: tuple[str, ...]
    inspectors: tuple[str, ...]
    drawn_at: datetime
    drawn_by: str

    def is_true(self) -> bool:
        """Repeat the draw and compare."""
        return (
            draw(self.pool, seed=self.seed, count=len(self.sittings)) == self.sittings
            and draw(self.people, seed=self.seed, count=len(self.inspectors)) == self.inspectors
        )


def draw(names: Iterable[str], *, seed: str, count: int) -> tuple[str, ...]:
    """Draw so many names, whatever the order of the list."""
    return tuple(sorted(set(names), key=lambda name: _lot(seed, name))[:count])


def share(number: int, percent: int) -> int:
    """Give how many are drawn out of a number: the share rounded up, at least one."""
    return min(number, max(1, -(-number * percent // 100)))


def _lot(seed: str, name: str) -> tuple[str, str]:
    return hashlib.sha256(f"{seed}\n{name}".encode()).hexdigest(), name
