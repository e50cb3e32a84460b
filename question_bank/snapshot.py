"""A snapshot: the bank as one draw sees it, frozen and named by its digest."""

from dataclasses import dataclass

from question_bank.items import Item


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as a draw sees it: `uses` counts batches, `age` is 1 for the last one, 0 never."""

    item: Item
    uses: int
    age: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a draw sees of the bank; `digest` (SHA-256, hex) names it in the certificate."""

    digest: str
    entries: tuple[Entry, ...]
