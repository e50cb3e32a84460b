"""The words of layouts.toml, ready for recognisers: what a bank file calls its parts."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from question_bank.items import COGNITIONS, RIGHT, WRONG, Kind, Source, Status
from question_bank.items.wording import shadow

T = TypeVar("T")

LAYOUTS = Path(__file__).with_name("layouts.toml")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by meaning; every word is in the unified form of `wording.shadow`."""

    labels: Mapping[str, str]
    kinds: Mapping[str, Kind]
    power_kinds: Mapping[str, Kind]
    sources: Mapping[str, Source]
    statuses: Mapping[str, Status]
    judgements: Mapping[str, str]
    list_headings: tuple[str, ...]
    numerals: str
    ordinal: str
    units: str
    question: str
    until: str
    is_a: str
    never_a_prefix: tuple[str, ...]
    needs_picture: tuple[str, ...]
    all_of_them: re.Pattern[str]
    cognitions: Mapping[str, str]

    def kind_in(self, text: str) -> Kind | None:
        """Find the kind a heading or note names; the longest word wins."""
        for word, kind in self.kinds.items():
            if word in text:
                return kind
        return None

    def refers_to_options(self, options: Iterable[str]) -> bool:
        """Tell whether an option speaks of the others, so that none may change its place."""
        return any(self.all_of_them.search(shadow(option)) for option in options)

    def judgement(self, text: str) -> str:
        """Give RIGHT or WRONG for any of their spellings, else nothing."""
        return self.judgements.get(text.strip(" ()[].;\N{IDEOGRAPHIC FULL STOP}").upper(), "")


@cache
def vocabulary() -> Vocabulary:
    """Read the shipped words once."""
    words: dict[str, Any] = tomllib.loads(LAYOUTS.read_text("utf-8"))
    judgements = dict.fromkeys(words["judgements"]["right"], RIGHT)
    judgements |= dict.fromkeys(words["judgements"]["wrong"], WRONG)
    return Vocabulary(
        labels=_by_word(words["labels"], str),
        kinds=_by_word(words["kinds"], Kind),
        power_kinds={letter: Kind(kind) for letter, kind in words["power"]["kinds"].items()},
        sources=_by_word(words["sources"], Source) | {source.value: source for source in Source},
        statuses=_by_word(words["statuses"], Status) | {status.value: status for status in Status},
        judgements=judgements,
        list_headings=tuple(words["lists"]["headings"]),
        numerals=words["lists"]["numerals"],
        ordinal=words["lists"]["ordinal"],
        units=words["lists"]["units"],
        question=words["lists"]["question"],
        until=words["lists"]["until"],
        is_a=words["notes"]["is_a"],
        never_a_prefix=tuple(words["notes"]["never_a_prefix"]),
        needs_picture=tuple(words["notes"]["needs_picture"]),
        all_of_them=_of_the_others(words["shuffling"]),
        cognitions=_by_word(words["cognitions"], str) | {name: name for name in COGNITIONS},
    )


def _of_the_others(words: Mapping[str, Iterable[str]]) -> re.Pattern[str]:
    """Recognise `以上都对`, and letters joined by a word or sign: `A和B`, `A、C`, `仅A对`."""
    letters = rf"(?<![A-Za-z])[A-H]\s*{any_of(map(shadow, words['joints']))}\s*[A-H](?![A-Za-z])"
    fixed = any_of(map(shadow, words["words"]))
    named = rf"{any_of(map(shadow, words['before']))}\s*[A-H](?![A-Za-z])"
    return re.compile(rf"{fixed}|{letters}|{named}")


def _by_word(words: Mapping[str, Iterable[str]], meaning: Callable[[str], T]) -> dict[str, T]:
    pairs = [(shadow(word), name) for name, spellings in words.items() for word in spellings]
    pairs.sort(key=lambda pair: (-len(pair[0]), pair[0]))
    return {word: meaning(name) for word, name in pairs}


def any_of(words: Iterable[str]) -> str:
    """Give a regular expression group that matches one of the words, longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"
