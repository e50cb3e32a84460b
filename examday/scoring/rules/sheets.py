"""Answer sheets, scans and readings as frozen values, and when an item is read for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from examday.scoring.rules.answers import ItemReading, Reading

FLAGS_NO = 0  # the proctor's boxes are read as item 0


class ScanState(StrEnum):
    """What became of a scanned page."""

    READ = "read"
    UNIDENTIFIED = "unidentified"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Scan:
    """One scanned page; `file_sha256` is the digest of the file as it was received."""

    id: int
    file_name: str
    file_sha256: str
    file_page: int
    state: ScanState
    reason: str
    sheet_id: int | None
    page: int
    px_per_mm: str
    entry_index: int


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """One 答题卡: whose it is, which pages have come, what is left for people."""

    id: int
    number: str
    candidate_id: int | None
    ticket_no: str
    room_code: str
    seat_no: int
    form_code: str
    pages: int
    pages_read: tuple[int, ...]
    left: tuple[int, ...]
    flags: str
    is_replaced: bool

    @property
    def is_read(self) -> bool:
        """Say whether every page has come and nothing is left for people."""
        return len(self.pages_read) == self.pages and not self.left


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One item for a person: what is offered, what the machine saw, what the key says."""

    sheet_id: int
    sheet_number: str
    no: int
    kind: str
    offered: str
    seen: str
    doubtful: str
    key: str
    left: int


def settle_item(readings: Sequence[ItemReading], people: Mapping[str, str]) -> str | None:
    """
    Give the letters of an item once they stand, else None.

    Two people's equal readings stand over the machine's. The machine's stand alone only where
    every scan of the page was read for sure and alike.
    """
    given = list(people.values())
    for letters in given:
        if given.count(letters) > 1:
            return letters
    sure = {one.letters for one in readings if one.reading is Reading.MARKED}
    if readings and len(sure) == 1 and not any(one.needs_person for one in readings) and not given:
        return sure.pop()
    return None
