"""
Relaxations: how far a demand may be left unmet, agreed to by a person, never by the program.

Bounds are whole numbers of the demand's own unit; `scale` of them are one for people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Protocol, TypeVar


class Bounded(Protocol):
    """What has a lower and an upper bound."""

    @property
    def low(self) -> int:
        """The least."""

    @property
    def high(self) -> int:
        """The most."""


T = TypeVar("T", bound=Bounded)


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Demand `constraint` is to lie between `low` and `high`, and no more than that."""

    constraint: str
    low: int
    high: int
    scale: int

    def applied(self, demand: T) -> T:
        """Give the demand with the wider of both bounds on either side."""
        low, high = min(self.low, demand.low), max(self.high, demand.high)
        return replace(demand, low=low, high=high)  # type: ignore[type-var]

    @property
    def least(self) -> Fraction:
        """The lower bound for people."""
        return Fraction(self.low, self.scale)

    @property
    def most(self) -> Fraction:
        """The upper bound for people."""
        return Fraction(self.high, self.scale)

    def to_wire(self) -> dict[str, object]:
        """Give the relaxation as JSON."""
        return {
            "constraint": self.constraint,
            "low": self.low,
            "high": self.high,
            "scale": self.scale,
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> "Relaxation":
        """Read what `to_wire` gave; raises KeyError, TypeError or ValueError on other input."""
        numbers = (int(wire[name]) for name in ("low", "high", "scale"))
        return cls(str(wire["constraint"]), *numbers)
