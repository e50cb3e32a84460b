"""The bank as the office sees it: what it holds, what an import found, where a draw stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from question_bank import split_formulas, split_tables

# Where a picture stands in a text of the bank (question_bank.items.pictures).
PLACE = "\N{OBJECT REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Bank:
    """题库: the items of one occupation at one level, with its 细目表 and 组卷模型 by file name."""

    id: int
    code: str
    title: str
    items: int
    blueprint: str
    model: str
    changed_at: datetime

    @property
    def has_demands(self) -> bool:
        """Say whether papers can be drawn from it."""
        return bool(self.blueprint and self.model)


@dataclass(frozen=True, slots=True)
class Quarrel:
    """One entry of the quarrel list 存疑清单: where, why, and the text as it stood."""

    file: str
    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """An item of the import, and another that asks much the same."""

    item: str
    stem: str
    other: str
    other_stem: str


@dataclass(frozen=True, slots=True)
class Import:
    """
    A file looked through, before anything enters: found = good + quarrels.

    `is_reviewed` says that the items enter as usable, since another body reviewed them;
    otherwise they enter as drafts of whoever brings them.
    """

    id: int
    bank_id: int
    file: str
    found: int
    good: int
    is_reviewed: bool
    quarrels: tuple[Quarrel, ...]
    similar: tuple[Likeness, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of somebody else's workbook: its heading, our name or nothing, a few values."""

    heading: str
    name: str
    samples: tuple[str, ...]


class DrawState(StrEnum):
    """Where a draw stands: committed → drawn → sealed, or failed."""

    COMMITTED = "committed"
    DRAWN = "drawn"
    SEALED = "sealed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Draw:
    """组卷: one numbered run for one batch, from the commitment to the seal."""

    id: int
    bank_id: int
    batch_id: int
    number: int
    reason: str
    state: DrawState
    papers: int
    shuffled: int
    source: str
    entropy: str
    commitment: str
    swaps: int
    begun_at: datetime
    begun_by: str
    public: dict[str, Any]
    shortage: dict[str, Any]


def is_own_work(author: str, *, actor: str, login: str, name: str) -> bool:
    """Say whether a person stands as author, by account or by the name in an imported file."""
    return author.strip() in {actor, login, name}


@dataclass(frozen=True, slots=True)
class Piece:
    """
    A stretch of text, the digest of the picture that stands there, a formula, or a table.

    `formula` is a tree of question_bank.items.formulas; `rows` are cells of pieces.
    """

    text: str = ""
    picture: str = ""
    formula: dict[str, Any] | None = None
    rows: "tuple[tuple[tuple[Piece, ...], ...], ...]" = ()
    has_head: bool = False


def pieces(texts: Iterable[str], pictures: Iterable[str]) -> list[list[Piece]]:
    """
    Take texts apart at their pictures, formulas and tables, in reading order.

    A picture that no text has a place for stands after the first text.
    """
    left = list(pictures)
    cut = [_cut(text, left) for text in texts]
    if cut:
        cut[0] += [Piece(picture=digest) for digest in left]
    return cut


def _cut(text: str, left: list[str]) -> list[Piece]:
    found: list[Piece] = []
    for part in split_tables(text):
        if isinstance(part, str):
            found += _words(part, left)
        else:
            rows = tuple(tuple(tuple(_words(cell, left)) for cell in row) for row in part.rows)
            found.append(Piece(rows=rows, has_head=part.has_head))
    return found


def _words(text: str, left: list[str]) -> list[Piece]:
    found: list[Piece] = []
    for number, part in enumerate(text.split(PLACE)):
        if number and left:
            found.append(Piece(picture=left.pop(0)))
        found += [
            Piece(text=one) if isinstance(one, str) else Piece(formula=one)
            for one in split_formulas(part)
        ]
    return found
