"""
Topics: one 鉴定点 of the sample bank each, with the true items that can be asked about it.

A topic hands out `Question`s without attributes; `bank` gives them ids, difficulty, sources.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from question_bank.items import LETTERS, Kind

OPTIONS = 4
SINGLES = 3
JUDGES = 2


@dataclass(frozen=True, slots=True)
class Question:
    """Kind, text and key of one item to be."""

    kind: Kind
    stem: str
    answer: str
    options: tuple[str, ...] = ()
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """One point: where it belongs, its name and importance, how hard, and its questions."""

    range: str
    name: str
    importance: str
    difficulty: int
    family: str
    questions: tuple[Question, ...] = field(repr=False)


def chance_of(seed: str, *names: str) -> random.Random:
    """Give the same choices for the same seed and names; nothing here is a secret."""
    return random.Random(":".join([seed, *names]))  # noqa: S311  a sample, not a key


def shuffled(
    right: Sequence[str], wrong: Sequence[str], chance: random.Random
) -> tuple[tuple[str, ...], str]:
    """Mix options; give them with the letters of the right ones."""
    options = [*right, *wrong]
    chance.shuffle(options)
    letters = [
        letter for letter, option in zip(LETTERS, options, strict=False) if option in set(right)
    ]
    return tuple(options), "".join(letters)
