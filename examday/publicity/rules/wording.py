"""
The wording of a notice is data: config/forms/<province or default>/wording/result_notice.toml.

Every placeholder is checked when the file is read, so a typing error shows at the desk of the
person who made it and not on the board.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from examday.publicity.rules.errors import BadWording
from examday.publicity.rules.notice import NoticeLine

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
KNOWN = frozenset(
    [
        "basis",
        "body_name",
        "filing_no",
        "batch_name",
        "held_on",
        "site",
        "subjects",
        "passed",
        "posted_on",
        "ends_on",
        "working_days",
        "contact",
        "hotline",
        "replaces",
        "objection_no",
        "version",
    ]
)
_FILE = "wording/result_notice.toml"
_SHORTEST_ECHO = 4  # fewer characters than this may meet by chance


@dataclass(frozen=True, slots=True)
class Wording:
    """Title, sentences and columns of the notice, with the words for outcomes."""

    source: str
    title: str
    date_format: str
    separator: str
    listed: tuple[str, ...]
    answer_objection_wd: int
    answer_complaint_wd: int
    paragraphs: tuple[str, ...]
    correction: str
    signature: str
    columns: tuple[tuple[str, str], ...]
    basis: Mapping[str, str]
    outcomes: Mapping[str, str]

    def day(self, day: date) -> str:
        """Write a date as a notice does."""
        return self.date_format.format(year=day.year, month=day.month, day=day.day)

    def compose(self, values: Mapping[str, str], *, corrects: bool) -> tuple[str, ...]:
        """Fill the sentences; a correction names the objection in a sentence of its own."""
        sentences = (*self.paragraphs, self.correction) if corrects else self.paragraphs
        return tuple(fill(sentence, values) for sentence in sentences)

    def row(self, line: NoticeLine) -> list[str]:
        """Write one line of the list in the order of the columns."""
        return [str(getattr(line, name)) for _, name in self.columns]


def fill(sentence: str, values: Mapping[str, str]) -> str:
    """
    Put the values in place of {names}; values are taken as they are, never as templates.

    A value that ends in the words that follow it (a batch titled "…职业技能等级认定") does not
    double them.
    """
    return PLACEHOLDER.sub(
        lambda found: _before(values[found[1]], sentence[found.end() :]), sentence
    )


def _before(value: str, tail: str) -> str:
    for length in range(min(len(value), len(tail)), _SHORTEST_ECHO - 1, -1):
        if value.endswith(tail[:length]):
            return value[:-length]
    return value


def load_wording(folder: Path, province: str) -> Wording:
    """Read the province's wording, or the default one; unknown keys and names are refused."""
    own = folder / province / _FILE
    path = own if own.exists() else folder / "default" / _FILE
    given = tomllib.loads(path.read_text("utf-8"))
    words = tomllib.loads((folder / "words.toml").read_text("utf-8"))
    known = {each.name for each in fields(Wording)} - {"outcomes"}
    wrong = sorted(set(given) ^ known)
    if wrong:
        raise BadWording(file=path.name, reason=f"missing or unknown: {', '.join(wrong)}")
    wording = Wording(
        **{key: _frozen(value) for key, value in given.items()},
        outcomes=words["outcome"],
    )
    _check(wording, path.name)
    return wording


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(each) for each in value)
    return value


def _check(wording: Wording, file: str) -> None:
    texts = (wording.title, wording.correction, wording.signature, *wording.paragraphs)
    for name in (name for text in texts for name in PLACEHOLDER.findall(text)):
        if name not in KNOWN:
            raise BadWording(file=file, reason=f"unknown name {{{name}}}")
    if not any("{hotline}" in text for text in wording.paragraphs):
        raise BadWording(file=file, reason="{hotline} is missing (HE-13)")
    if "{objection_no}" not in wording.correction:
        raise BadWording(file=file, reason="the correction does not name {objection_no} (GS-22)")
    line = {each.name for each in fields(NoticeLine)}
    for _, name in wording.columns:
        if name not in line:
            raise BadWording(file=file, reason=f"unknown column {name}")
