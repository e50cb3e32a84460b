"""
公开: what proves a draw, taken out of the sealed papers once the exam is over (HE-07).

Commitment, secret and certificate together yield the seed, and with the bank the papers; so a
reader can tell that nobody picked a paper for a friend.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Point(StrEnum):
    """What is checked of a reveal."""

    COMMITMENT = "commitment"
    SEED = "seed"
    REDRAWN = "redrawn"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Checked:
    """One check: what of it, for the papers which form, and in what it fails (nothing: it holds)."""

    point: Point
    form: str = ""
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What the sealed payload of a drawn paper holds beside the paper."""

    certificate: bytes
    commitment: bytes
    secret: bytes
    swaps: bytes


@dataclass(frozen=True, slots=True)
class Reveal:
    """A draw made public: its seed, what proves it, what was checked, which forms stayed shut."""

    seed: str
    proof: Proof
    checked: tuple[Checked, ...]
    shut: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether everything checked is as it was committed to."""
        return not any(one.failures for one in self.checked)


def proof_in(payload: Mapping[str, Any]) -> Proof | None:
    """Give the proof a payload holds; None for a paper that was sealed elsewhere, without one."""
    wire = payload.get("proof")
    if not wire:
        return None
    return Proof(
        **{
            name: str(wire[name]).encode()
            for name in ("certificate", "commitment", "secret", "swaps")
        }
    )


def files_of(proof: Proof, forms: Sequence[tuple[str, str]]) -> dict[str, bytes]:
    """Name what is taken away; `forms` are (form, record) of papers that were shuffled."""
    files = {
        "certificate.json": proof.certificate,
        "commitment.json": proof.commitment,
        "secret.json": proof.secret,
        "swaps.json": proof.swaps,
    }
    files |= {f"form-{form}.json": record.encode() for form, record in forms}
    return {name: content for name, content in files.items() if content}
