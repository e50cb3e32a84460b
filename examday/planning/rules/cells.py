"""What a single cell of a roster may hold: names, dates, papers, and how it is shown when bad."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from examday.privacy import mask_id_number, mask_phone

_MIDDLE_DOT = "\u00b7"
_DOTS = "\u2022\u30fb\uff0e\u2027\uff65\u25cf"
_NAME_SIGNS = frozenset({_MIDDLE_DOT, " ", "-", "'"})
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
_DATE_PARTS = 3
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as read: text, and whether the sheet held a number or a formula there."""

    text: str
    is_number: bool = False
    is_formula: bool = False


def shown(name: str, value: str) -> str:
    """Show the value of a bad cell; ID numbers and phones only masked."""
    if name == "id_number":
        return mask_id_number(value)
    return mask_phone(value) if name == "phone" else value[:_SHOWN]


def facts(params: Mapping[str, object]) -> dict[str, str]:
    """Turn the values that a sentence names into text."""
    return {name: str(value) for name, value in params.items()}


def without_dashes(trade: str) -> str:
    """Read the dashes of a form without a trade as no trade (人社鉴发〔2021〕1号, LN-24)."""
    return "" if set(trade) <= set("-—–/ ") else trade


def tidy_name(text: str) -> str:
    """Use one kind of middle dot, and drop the blanks that set two Han characters apart."""
    text = unicodedata.normalize("NFC", text).strip()
    for dot in _DOTS:
        text = text.replace(dot, _MIDDLE_DOT)
    return text if text.isascii() else "".join(text.split())


def odd_signs(name: str) -> str:
    """Give the signs that no name holds; every Han character, 生僻字 too, is a letter."""
    return "".join(sorted({s for s in name if not s.isalpha() and s not in _NAME_SIGNS}))


def has_unseen(text: str) -> bool:
    """Say whether control, format or private characters hide in the text."""
    return any(unicodedata.category(sign) in _UNSEEN for sign in text)


def read_date(text: str) -> date | None:
    """Read 1990-03-07, 1990/3/7, 19900307 or a date written with Chinese units."""
    parts = [part for part in re.split(r"\D+", text.split(" ", maxsplit=1)[0]) if part]
    if len(parts) == 1 and re.fullmatch(r"[0-9]{8}", parts[0]):
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    try:
        return date(*map(int, parts)) if len(parts) == _DATE_PARTS else None
    except ValueError:
        return None


def age_on(day: date, birth_on: date) -> int:
    """Count the full years between two days."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))
