"""
试题 items: what one question of the bank is, and what must hold of it.

An `Item` is one version of one question. An edit is a new version under the same id, and
marks always refer to one version. `defects(item)` names everything that keeps an item out
of the bank; the importer lists such an item with its line instead of storing it.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from examday.wire.canonical import canonical
from question_bank.i18n import N_
from question_bank.items.formulas import are_read
from question_bank.items.wording import plain, unify_widths

LETTERS = "ABCDEFGH"
RIGHT = "\N{SQUARE ROOT}"
WRONG = "\N{MULTIPLICATION SIGN}"
FEWEST_OPTIONS = 3
LONGEST_TEXT = 4000
HARDEST = 5
COGNITIONS = ("remember", "understand", "apply", "analyse")  # 认知层次
POINT_CODE = re.compile(r"[A-Z](?:-?[A-Z]){0,5}-?\d{3}")


class Kind(StrEnum):
    """题型: single 单选, multiple 多选, judge 判断, blank 填空, short 简答, and so on."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    JUDGE = "judge"
    BLANK = "blank"
    SHORT = "short"
    CALCULATION = "calculation"
    ESSAY = "essay"
    DRAWING = "drawing"

    @property
    def has_options(self) -> bool:
        """Whether the candidate chooses among lettered options."""
        return self in {Kind.SINGLE, Kind.MULTIPLE}


class Source(StrEnum):
    """来源: 国家题库, 自行命题, 行业题库 (甘人社通〔2021〕138号 lets a body use any mix)."""

    NATIONAL = "national"
    AUTHORED = "authored"
    INDUSTRY = "industry"


class Status(StrEnum):
    """Where an item stands: draft → reviewed → live → retired."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    LIVE = "live"
    RETIRED = "retired"


class Defect(StrEnum):
    """What keeps an item out of the bank; the value is the sentence shown to the office."""

    STEM_MISSING = N_("the stem is missing")
    STEM_TOO_LONG = N_("the stem is longer than 4000 characters; several items may be joined")
    BAD_CHARACTER = N_("the text holds a damaged or control character")
    ANSWER_MISSING = N_("there is no answer")
    ANSWER_UNCLEAR = N_("the answer cannot be understood")
    ANSWER_OUT_OF_RANGE = N_("the answer names an option that does not exist")
    SEVERAL_ANSWERS = N_("a single-choice item has more than one answer")
    ONE_ANSWER = N_("a multiple-choice item needs at least two answers")
    TOO_FEW_OPTIONS = N_("a choice item needs at least three options")
    TOO_MANY_OPTIONS = N_("a choice item has more than eight options")
    OPTIONS_BROKEN = N_("the option letters do not follow each other")
    EMPTY_OPTION = N_("an option has no text")
    DUPLICATE_OPTION = N_("two options have the same text")
    UNWANTED_OPTIONS = N_("an item of this kind has no options")
    BAD_POINT = N_("the code of the point is not of the form A-A-A-001")
    BAD_DIFFICULTY = N_("the difficulty is not a number from 1 to 5")
    BAD_FORMULA = N_("a formula between two dollar signs cannot be read")
    SELF_REVIEW = N_("author and reviewer are the same person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """
    One version of one 试题.

    `point` is the dashed code of its 鉴定点, empty while unplaced; `difficulty` is 1 (easy)
    to 5 (hard), 0 while unrated: neither kind of item is ever drawn. `answer` holds letters
    in order for choice items, RIGHT or WRONG for judge items, else the model answer.
    `enemies` names the groups of which a paper may hold one member only. `fixed_order` says
    that the options may not be shuffled. `pictures` are SHA-256 digests of stored pictures (see
    `pictures`), `cognition` one of COGNITIONS or empty.
    """

    id: str
    version: int = 1
    kind: Kind
    point: str = ""
    difficulty: int = 0
    source: Source = Source.AUTHORED
    stem: str
    options: tuple[str, ...] = ()
    answer: str
    explanation: str = ""
    author: str = ""
    reviewer: str = ""
    status: Status = Status.LIVE
    enemies: tuple[str, ...] = ()
    fixed_order: bool = False
    pictures: tuple[str, ...] = ()
    cognition: str = ""

    @property
    def may_be_drawn(self) -> bool:
        """Whether an assembly may use this item at all."""
        return self.status is Status.LIVE and bool(self.point) and self.difficulty > 0

    def to_wire(self) -> dict[str, object]:
        """Give the item as the JSON value that is stored and digested."""
        wire: dict[str, object] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            wire[field.name] = list(value) if isinstance(value, tuple) else value
        return wire

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> "Item":
        """Read what `to_wire` gave. Raises KeyError, TypeError or ValueError on other input."""
        values = {
            name: tuple(value) if isinstance(value, list) else value for name, value in wire.items()
        }
        values["kind"] = Kind(str(values["kind"]))
        values["source"] = Source(str(values["source"]))
        values["status"] = Status(str(values["status"]))
        return cls(**values)  # type: ignore[arg-type]  # the checks follow in defects()

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical bytes of this version."""
        return hashlib.sha256(canonical(self.to_wire())).hexdigest()

    @property
    def fingerprint(self) -> str:
        """Digest of the bare wording: equal for items that differ in spacing or width only."""
        wording = [plain(self.stem), *sorted(plain(option) for option in self.options)]
        wording += self.pictures
        return hashlib.sha256("\n".join([self.kind, *wording]).encode()).hexdigest()


def normal_point(code: str) -> str:
    """Give AA001, A-A001 and A-A-001 as A-A-001; raises ValueError on anything else."""
    bare = unify_widths(code).strip().upper()
    if not POINT_CODE.fullmatch(bare):
        raise ValueError(code)
    bare = bare.replace("-", "")
    return "-".join([*bare[:-3], bare[-3:]])


def derive_id(kind: Kind, point: str, fingerprint: str) -> str:
    """Name an item that came without an id; the same wording gets the same name."""
    seed = hashlib.sha256(f"{kind}\n{point}\n{fingerprint}".encode()).hexdigest()
    return f"{kind[0].upper()}{seed[:15]}"


def defects(item: Item) -> list[Defect]:
    """Name everything that keeps this item out of the bank, in a fixed order."""
    found = _text_defects(item)
    if item.kind.has_options:
        found += _option_defects(item) + _choice_answer_defects(item)
    else:
        found += [Defect.UNWANTED_OPTIONS] if item.options else []
        found += _open_answer_defects(item)
    if item.point:
        try:
            found += [Defect.BAD_POINT] if normal_point(item.point) != item.point else []
        except ValueError:
            found.append(Defect.BAD_POINT)
    if not 0 <= item.difficulty <= HARDEST:
        found.append(Defect.BAD_DIFFICULTY)
    if item.author and item.author == item.reviewer:
        found.append(Defect.SELF_REVIEW)
    return found


def _text_defects(item: Item) -> list[Defect]:
    found = []
    if not any(unicodedata.category(char)[0] in "LN" for char in item.stem):
        found.append(Defect.STEM_MISSING)
    if len(item.stem) > LONGEST_TEXT:
        found.append(Defect.STEM_TOO_LONG)
    whole = "".join([item.stem, *item.options, item.answer, item.explanation])
    if any(_is_damaged(char) for char in whole):
        found.append(Defect.BAD_CHARACTER)
    if len(whole) <= 2 * LONGEST_TEXT and not are_read(
        [item.stem, *item.options, item.answer, item.explanation]
    ):
        found.append(Defect.BAD_FORMULA)
    return found


def _is_damaged(char: str) -> bool:
    """A control, private-use, unassigned or replacement character; line breaks are fine."""
    return char == "\N{REPLACEMENT CHARACTER}" or (
        char not in "\n\t" and unicodedata.category(char) in {"Cc", "Co", "Cn", "Cs"}
    )


def _option_defects(item: Item) -> list[Defect]:
    found = []
    if len(item.options) < FEWEST_OPTIONS:
        found.append(Defect.TOO_FEW_OPTIONS)
    if len(item.options) > len(LETTERS):
        found.append(Defect.TOO_MANY_OPTIONS)
    if any(not option.strip() for option in item.options):
        found.append(Defect.EMPTY_OPTION)
    wording = [_option_wording(option) for option in item.options if option.strip()]
    if len(set(wording)) < len(wording):
        found.append(Defect.DUPLICATE_OPTION)
    return found


def _option_wording(option: str) -> str:
    """Compare options without spaces and widths, but with case: mA and MA differ."""
    folded = "".join(unify_widths(option).split())
    return folded.rstrip(".;,\N{IDEOGRAPHIC FULL STOP}") or folded


def _choice_answer_defects(item: Item) -> list[Defect]:
    if not item.answer:
        return [Defect.ANSWER_MISSING]
    letters = LETTERS[: len(item.options)]
    if not re.fullmatch(r"[A-Z]+", item.answer) or len(set(item.answer)) < len(item.answer):
        return [Defect.ANSWER_UNCLEAR]
    found = []
    if not set(item.answer) <= set(letters):
        found.append(Defect.ANSWER_OUT_OF_RANGE)
    if item.kind is Kind.SINGLE and len(item.answer) > 1:
        found.append(Defect.SEVERAL_ANSWERS)
    if item.kind is Kind.MULTIPLE and len(item.answer) == 1:
        found.append(Defect.ONE_ANSWER)
    return found


def _open_answer_defects(item: Item) -> list[Defect]:
    if not item.answer.strip():
        return [Defect.ANSWER_MISSING]
    if item.kind is Kind.JUDGE and item.answer not in {RIGHT, WRONG}:
        return [Defect.ANSWER_UNCLEAR]
    return []
