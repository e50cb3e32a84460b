"""
Drafts: what a reader found in a file, before it is known to be an item.

Every reader (text, workbook, …) yields `Draft`s; `settle` turns one into an `Item` or says
why not. That is the only door into the bank, so each format meets the same checks.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from question_bank.i18n import N_
from question_bank.i18n import gettext as _
from question_bank.items import (
    RIGHT,
    Defect,
    Item,
    Kind,
    Source,
    Status,
    defects,
    derive_id,
    normal_point,
)
from question_bank.items.pictures import Picture
from question_bank.items.tables import with_tables
from question_bank.items.wording import shadow, unify_widths
from question_bank.sources.vocabulary import Vocabulary, vocabulary

T = TypeVar("T")

STOPS = " ()[].;\N{IDEOGRAPHIC FULL STOP}\N{IDEOGRAPHIC COMMA}"
SHOWN_TEXT = 400


class Reason(StrEnum):
    """Why a draft is listed, beyond the defects an item itself can have."""

    KIND_UNCLEAR = N_("the kind of the item is unclear")
    ANSWERS_DIFFER = N_("two different answers are given")
    PICTURE_LOST = N_("the stem speaks of a picture that the file does not carry")
    STRAY_TEXT = N_("text that belongs to no part of the item follows it")
    EQUATION = N_("it holds an equation that could not be read")
    UNPRINTABLE_PICTURE = N_("it holds a picture that cannot be printed; PNG, JPEG and GIF can")
    PICTURE_IN_ANSWER = N_("its answer is a picture")
    UNSUPPORTED = N_("the file asks in a way this bank does not know")
    PARTIAL_CREDIT = N_("an option is worth a part of the mark")
    FORMULA_CELL = N_("a cell holds a formula")
    BAD_ID = N_("the id is longer than 64 characters or holds other than letters, digits, - and _")
    UNKNOWN_WORD = N_("a cell holds a word that is not in the template")
    DUPLICATE_IN_FILE = N_("the same text stands earlier in this import")
    ID_IN_FILE = N_("the same id stands earlier in this import")
    ALREADY_IN_BANK = N_("the same text is already in the bank")
    NEAR_DUPLICATE = N_("much the same text is in the bank or stands earlier in this import")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One entry of the quarrel list: where, why, and the text as it stood."""

    file: str
    line: int
    reasons: tuple[str, ...]
    text: str

    @property
    def reason(self) -> str:
        """All reasons in the reader's language."""
        return "; ".join(_(reason) for reason in self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What an office says of a whole file, for what its items do not say themselves."""

    source: Source = Source.AUTHORED
    status: Status = Status.LIVE
    author: str = ""
    reviewer: str = ""
    point: str = ""
    difficulty: int = 0


@dataclass(slots=True, kw_only=True)
class Draft:
    """
    Raw parts of one item; `answers` are all answers given anywhere, in reading order.

    `pictures` came with the file; `picture_names` are digests of pictures the bank must hold.
    """

    line: int
    text: str
    kind: Kind | None = None
    id: str = ""
    point: str = ""
    difficulty: str = ""
    source: str = ""
    status: str = ""
    stem: str = ""
    options: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    explanation: str = ""
    author: str = ""
    reviewer: str = ""
    enemies: str = ""
    cognition: str = ""
    is_fixed: bool = False
    pictures: list[Picture] = field(default_factory=list)
    picture_names: str = ""
    complaints: list[str] = field(default_factory=list)

    def listed(self, file: str, reasons: Iterable[str]) -> Listed:
        """Put this draft on the quarrel list."""
        unique = tuple(dict.fromkeys(str(reason) for reason in reasons))
        return Listed(file=file, line=self.line, reasons=unique, text=self.text[:SHOWN_TEXT])


def settle(draft: Draft, defaults: Defaults) -> Item | list[str]:
    """Give the item a draft describes, or every reason why it is none."""
    words = vocabulary()
    reasons: list[str] = list(draft.complaints)
    _take_two_options_as_judgement(draft, words)
    kind = draft.kind or _guess_kind(draft, words)
    if kind is None:
        return [*reasons, Reason.KIND_UNCLEAR]
    answer = _settle_answer(draft, kind, words, reasons)
    pictures = [one.digest for one in draft.pictures] + draft.picture_names.split()
    if not pictures and any(word in draft.stem for word in words.needs_picture):
        reasons.append(Reason.PICTURE_LOST)
    item = Item(
        id="",
        kind=kind,
        point=_settle_point(draft.point or defaults.point, reasons),
        difficulty=_settle_difficulty(draft.difficulty, defaults.difficulty, reasons),
        source=_settle_word(draft.source, words.sources, defaults.source, reasons),
        stem=with_tables(draft.stem),
        options=tuple(draft.options),
        answer=answer,
        explanation=draft.explanation,
        author=draft.author or defaults.author,
        reviewer=draft.reviewer or defaults.reviewer,
        status=_settle_word(draft.status, words.statuses, defaults.status, reasons),
        enemies=tuple(sorted(set(re.split(r"[\s,;]+", draft.enemies)) - {""})),
        fixed_order=draft.is_fixed or words.refers_to_options(draft.options),
        pictures=tuple(pictures),
        cognition=_settle_word(draft.cognition, words.cognitions, "", reasons),
    )
    reasons += [defect for defect in defects(item) if defect not in reasons]
    if draft.id and not re.fullmatch(r"[0-9A-Za-z_-]{1,64}", draft.id):
        reasons.append(Reason.BAD_ID)
    if reasons:
        return reasons
    return _named(item, draft.id or derive_id(kind, item.point, item.fingerprint))


def letters_of(text: str) -> str:
    """Give `A、B ,c` as `ABC`; nothing if the text is not only letters and separators."""
    bare = unify_widths(text).strip(STOPS).upper()
    if not re.fullmatch(r"[A-Z](?:[\s,;\u3001]*[A-Z])*", bare):
        return ""
    return "".join(sorted(re.findall(r"[A-Z]", bare)))


def _named(item: Item, name: str) -> Item:
    return Item.from_wire(item.to_wire() | {"id": name})


def _take_two_options_as_judgement(draft: Draft, words: Vocabulary) -> None:
    """Read `A.对 B.错` as the two sides of a judge item."""
    if len(draft.options) != 2 or draft.kind not in {None, Kind.JUDGE}:  # noqa: PLR2004
        return
    sides = [words.judgement(shadow(option)) for option in draft.options]
    if not all(sides) or sides[0] == sides[1]:
        return
    draft.kind, draft.options = Kind.JUDGE, []
    draft.answers = [
        sides["AB".index(letters)] if (letters := letters_of(answer)) in {"A", "B"} else answer
        for answer in draft.answers
    ]


def _guess_kind(draft: Draft, words: Vocabulary) -> Kind | None:
    """Tell the kind from the shape, where neither heading, code nor note says it."""
    answer = draft.answers[0] if draft.answers else ""
    if draft.options:
        letters = letters_of(answer)
        return (Kind.MULTIPLE if len(letters) > 1 else Kind.SINGLE) if letters else None
    return Kind.JUDGE if words.judgement(shadow(answer)) else None


def _settle_answer(draft: Draft, kind: Kind, words: Vocabulary, reasons: list[str]) -> str:
    given = [answer.strip() for answer in draft.answers if answer.strip()]
    if not given:
        return ""
    if kind is Kind.JUDGE:
        return _settle_judgement(draft, given, words, reasons)
    if not kind.has_options:
        return "\n".join(dict.fromkeys(given))
    read = [letters_of(answer) for answer in given]
    if not all(read):
        reasons.append(Defect.ANSWER_UNCLEAR)
        return ""
    if len(set(read)) > 1:
        reasons.append(Reason.ANSWERS_DIFFER)
    return read[0]


def _settle_judgement(draft: Draft, given: list[str], words: Vocabulary, reasons: list[str]) -> str:
    """Take the judgement; a longer text after `×` is the corrected statement."""
    read = [words.judgement(shadow(answer)) for answer in given]
    sides = [side for side in read if side]
    if not sides:
        first, _space, rest = given[0].partition("\n")
        side = words.judgement(shadow(first[:1]))
        if not side or side == RIGHT:
            reasons.append(Defect.ANSWER_UNCLEAR)
            return ""
        draft.explanation = "\n".join(filter(None, [first[1:], rest, draft.explanation]))
        return side
    if len(set(sides)) > 1:
        reasons.append(Reason.ANSWERS_DIFFER)
    corrected = [answer for answer, side in zip(given, read, strict=True) if not side]
    draft.explanation = "\n".join(filter(None, [*corrected, draft.explanation]))
    return sides[0]


def _settle_point(text: str, reasons: list[str]) -> str:
    if not text.strip():
        return ""
    try:
        return normal_point(text)
    except ValueError:
        reasons.append(Defect.BAD_POINT)
        return ""


def _settle_difficulty(text: str, default: int, reasons: list[str]) -> int:
    bare = unify_widths(text).strip()
    if not bare:
        return default
    if re.fullmatch(r"[1-5](?:\.0)?", bare):
        return int(bare[0])
    reasons.append(Defect.BAD_DIFFICULTY)
    return 0


def _settle_word(text: str, words: Mapping[str, T], default: T, reasons: list[str]) -> T:
    bare = shadow(text).strip()
    if not bare:
        return default
    if bare.lower() in words:
        return words[bare.lower()]
    reasons.append(Reason.UNKNOWN_WORD)
    return default
