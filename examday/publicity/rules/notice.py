"""
The notice itself: a masked list and its wording.

What may stand on it is decided here once: name, last four characters of the ID number,
employer, occupation, trade, level, result (DOMAIN §5). Lines are built from those fields only,
and any text that still looks like an ID number or a mobile phone stops the publication.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from examday.publicity.rules.errors import WouldExpose
from examday.publicity.rules.period import PublicityPeriod

# 15 or 18 characters of an ID number, or a mobile phone, inside a longer text.
_ID_NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:[0-9]{8}[0-9]{3}[0-9Xx]|[0-9]{9})(?![0-9])")
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")


class NoticeState(StrEnum):
    """Where a notice stands."""

    POSTED = "posted"
    CLOSED = "closed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One line of the public list, in its printed words; of the ID number only the last four."""

    serial: int
    name: str
    id_tail: str
    employer: str
    occupation: str
    trade: str
    level: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Notice:
    """公示: what was posted, when, for how long, and in which state it is."""

    id: int
    code: str
    batch_id: int
    sheet_id: int
    sheet_code: str
    sheet_version: int
    objection_no: str
    title: str
    paragraphs: tuple[str, ...]
    lines: tuple[NoticeLine, ...]
    period: PublicityPeriod
    state: NoticeState
    files: dict[str, str]
    closed_on: date | None = None


def outward(line: NoticeLine) -> dict[str, str | int]:
    """Give a line as it is stored and served: these fields, no others."""
    return asdict(line)


def refuse_exposure(lines: Iterable[NoticeLine]) -> None:
    """Refuse a list in which any text still looks like an ID number or a mobile phone."""
    for line in lines:
        for field, value in outward(line).items():
            if exposes(str(value)):
                raise WouldExpose(serial=line.serial, field=field)


def exposes(text: str) -> bool:
    """Say whether a text holds what looks like a full ID number or a mobile phone."""
    return bool(_ID_NUMBER.search(text) or _MOBILE.search(text))
