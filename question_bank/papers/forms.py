"""
A/B forms: one drawn paper in another order, with options in another order, for neighbours.

Orders follow from a seed by SHAKE-256 and Fisher and Yates, without bias and without floating
point, so anyone gets the same form. Options keep their order where an item says so, where
one speaks of the others (以上都对, A和B), and where one is a picture.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from examday.wire.canonical import canonical
from question_bank.errors import BadInput
from question_bank.i18n import gettext as _
from question_bank.items import LETTERS, Item
from question_bank.items.pictures import PLACE
from question_bank.papers.paper import Paper
from question_bank.sources.vocabulary import vocabulary

T = TypeVar("T")

_WORD = 8
_BLOCK = 4096
_LIMIT = 1 << 64


def shuffled(paper: Paper, *, seed: bytes, form: str) -> Paper:
    """
    Give another form of a paper: same items, other order within each section and item.

    Each item says in which order its letters stand; the key is that of the new letters. Raises
    BadInput if the form has the paper's own name.
    """
    if form == paper.form or paper.orders:
        raise BadInput(why=_("a form is shuffled once, from the paper as drawn, under a new name"))
    chance = _words(seed, paper.digest, form)
    orders: dict[str, str] = {}
    sections = []
    for section, items in paper.sections:
        mixed = []
        for item in _mixed(items, chance):
            letters = LETTERS[: len(item.options)]
            if may_shuffle(item):
                letters = "".join(_mixed(letters, chance))
                orders[item.id] = letters
            mixed.append(reordered(item, letters))
        sections.append((section, tuple(mixed)))
    base = paper.model.code
    return replace(
        paper,
        form=form,
        code=f"{base}-{form}" if base else form,
        sections=tuple(sections),
        orders=orders,
        shuffled_from=paper.form,
    )


def may_shuffle(item: Item) -> bool:
    """Whether the options of an item may change places."""
    return (
        item.kind.has_options
        and not item.fixed_order
        and not vocabulary().refers_to_options(item.options)
        and not any(PLACE in option for option in item.options)
    )


def form_record(paper: Paper, form: Paper, *, seed: bytes) -> bytes:
    """Give the canonical bytes from which anyone makes the form again."""
    return canonical(
        {
            "v": 1,
            "type": "question_bank:form",
            "seed": seed.hex(),
            "of": paper.form,
            "of_sha256": paper.digest,
            "form": form.form,
            "paper_sha256": form.digest,
            "key_sha256": form.key.digest,
        }
    )


def reordered(item: Item, letters: str) -> Item:
    """
    Put the options in the order of these letters, and the answer into the new letters.

    Raises ValueError for letters that are not those of the options.
    """
    if not item.kind.has_options:
        return item
    if sorted(letters) != [*LETTERS[: len(item.options)]]:
        raise ValueError(letters)
    options = tuple(item.options[LETTERS.index(letter)] for letter in letters)
    answer = sorted(LETTERS[letters.index(letter)] for letter in item.answer)
    return replace(item, options=options, answer="".join(answer))


def _words(seed: bytes, digest: str, form: str) -> Iterator[int]:
    """Give an endless run of 64-bit integers."""
    start = hashlib.sha256(canonical({"seed": seed.hex(), "paper": digest, "form": form})).digest()
    size = _BLOCK
    at = 0
    while True:
        block = hashlib.shake_256(start).digest(size)
        for place in range(at, size, _WORD):
            yield int.from_bytes(block[place : place + _WORD])
        at, size = size, size * 2


def _mixed(values: Sequence[T], chance: Iterator[int]) -> list[T]:
    mixed = list(values)
    for last in range(len(mixed) - 1, 0, -1):
        other = _below(last + 1, chance)
        mixed[last], mixed[other] = mixed[other], mixed[last]
    return mixed


def _below(bound: int, chance: Iterator[int]) -> int:
    """Give a number below `bound`, each as likely: words past the last whole turn are dropped."""
    whole_turns = _LIMIT - _LIMIT % bound
    return next(word for word in chance if word < whole_turns) % bound
