"""The request of a draw: the inputs that, with the bank's snapshot, fix every paper."""

import hashlib
from dataclasses import dataclass

from examday.wire.canonical import canonical
from question_bank.assembly.rows import Demand, demands
from question_bank.demands.blueprint import Blueprint
from question_bank.demands.model import Model
from question_bank.demands.relaxing import Relaxation

ALGORITHM = "pool-mip-2"


@dataclass(frozen=True, slots=True)
class Request:
    """
    What is drawn, and the relaxations somebody agreed to.

    `commitment` (SHA-256, hex) and `entropy` say where the seed came from, if it was committed to.
    """

    blueprint: Blueprint
    model: Model
    papers: int
    seed: bytes
    run: int = 1
    batch: str = ""
    reason: str = ""
    relaxations: tuple[Relaxation, ...] = ()
    commitment: str = ""
    entropy: str = ""

    def demands(self) -> list[Demand]:
        """Give the demands of blueprint and model, as far as nobody agreed to relax them."""
        relaxed = {one.constraint: one for one in self.relaxations}
        return [
            one if one.constraint not in relaxed else relaxed[one.constraint].applied(one)
            for one in demands(self.blueprint, self.model)
        ]

    def draw_seed(self, bank_digest: str, form: str, round_: int) -> bytes:
        """Give the seed of one paper's keys."""
        inputs = {
            "algorithm": ALGORITHM,
            "seed": self.seed.hex(),
            "bank": bank_digest,
            "blueprint": self.blueprint.digest,
            "model": self.model.digest,
            "relaxations": [one.to_wire() for one in self.relaxations],
            "papers": self.papers,
            "run": self.run,
            "form": form,
            "round": round_,
        }
        return hashlib.sha256(canonical(inputs)).digest()
