"""Writing items as text in a published layout, so that a bank can leave as it came."""

from collections.abc import Iterable
from enum import StrEnum
from itertools import count

from question_bank.items import LETTERS, RIGHT, Item, Kind
from question_bank.items.tables import split_tables, write_table
from question_bank.sources.vocabulary import Vocabulary, vocabulary


class Layout(StrEnum):
    """F1: answers in a list at the end; F2: labelled answers; F3: power code, answer in stem."""

    F1 = "F1"
    F2 = "F2"
    F3 = "F3"


def write_text_layout(items: Iterable[Item], layout: Layout) -> str:
    """
    Write items as text that the importer reads back.

    F1 and F2 take any item; F3 takes choice and judge items only and raises ValueError else.
    """
    words = vocabulary()
    by_kind: dict[Kind, list[Item]] = {}
    for item in items:
        by_kind.setdefault(item.kind, []).append(item)
    if layout is Layout.F3:
        return "".join(_power_section(by_kind, words))
    lines: list[str] = []
    answers: list[str] = []
    for numeral, (kind, group) in zip(words.numerals, by_kind.items(), strict=False):
        heading = f"{numeral}\N{IDEOGRAPHIC COMMA}{_word(words, kind)}"
        lines += [heading, *_numbered(group, words, with_answers=layout is Layout.F2)]
        answers += [heading, *_answer_list(group)]
    if layout is Layout.F1:
        lines += [words.list_headings[0], *answers]
    return "\n".join(lines) + "\n"


def _numbered(items: list[Item], words: Vocabulary, *, with_answers: bool) -> list[str]:
    lines = []
    for number, item in enumerate(items, start=1):
        code = item.point.replace("-", "")
        lines.append(f"{number}.{code} {_one_line(item.stem)}".replace(". ", "."))
        lines += [f"({letter}){text}" for letter, text in zip(LETTERS, item.options, strict=False)]
        if with_answers:
            lines.append(f"[{_label(words, 'answer')}] {_one_line(item.answer)}")
            lines += _names_of(item, words)
        lines += _notes(item, words)
    return lines


def _answer_list(items: list[Item]) -> list[str]:
    pairs = [f"{number}.{item.answer}" for number, item in enumerate(items, start=1)]
    if items[0].kind.has_options or items[0].kind is Kind.JUDGE:
        return [" ".join(pairs[start : start + 10]) for start in range(0, len(pairs), 10)]
    return [_one_line(pair) for pair in pairs]


def _power_section(by_kind: dict[Kind, list[Item]], words: Vocabulary) -> list[str]:
    letters = {kind: letter for letter, kind in words.power_kinds.items()}
    serials = count(1)
    blocks = []
    for kind, items in by_kind.items():
        if kind not in {Kind.SINGLE, Kind.JUDGE}:
            raise ValueError(kind)
        for item in items:
            code = f"La4{letters[kind]}{item.difficulty or 3}{next(serials):03d}"
            lines = [f"{code} {_answered(item)}"]
            lines += [
                f"{letter}\N{IDEOGRAPHIC COMMA}{text}"
                for letter, text in zip(LETTERS, item.options, strict=False)
            ]
            if item.point:
                lines.append(f"[{_label(words, 'point')}] {item.point}")
            lines += [line for line in _notes(item, words) if not _names(line, words, "difficulty")]
            blocks.append("\n".join(lines) + "\n")
    return blocks


def _answered(item: Item) -> str:
    """Put the answer into the last empty bracket of the stem, or behind it."""
    stem = _one_line(item.stem)
    for opening, closing in (
        ("\N{FULLWIDTH LEFT PARENTHESIS}", "\N{FULLWIDTH RIGHT PARENTHESIS}"),
        ("(", ")"),
    ):
        head, found, tail = stem.rpartition(opening)
        if found and tail.partition(closing)[0].strip() == "" and closing in tail:
            return f"{head}{opening}{item.answer}{closing}{tail.partition(closing)[2]}"
    return f"{stem}({item.answer})"


def _notes(item: Item, words: Vocabulary) -> list[str]:
    values = {
        "difficulty": str(item.difficulty or ""),
        "source": _word_of(words.sources, item.source),
        "author": item.author,
        "reviewer": item.reviewer,
        "enemies": " ".join(item.enemies),
        "explanation": _one_line(item.explanation),
    }
    return [f"[{_label(words, part)}] {value}" for part, value in values.items() if value]


def _names_of(item: Item, words: Vocabulary) -> list[str]:
    """What an export keeps so that the bank comes back as it was, and a published bank has not."""
    values = {
        "id": item.id,
        "status": _word_of(words.statuses, item.status),
        "cognition": _word_of(words.cognitions, item.cognition) if item.cognition else "",
        "picture_names": " ".join(item.pictures),
        "fixed": "1" if item.fixed_order else "",
    }
    return [f"[{_label(words, part)}] {value}" for part, value in values.items() if value]


def _names(line: str, words: Vocabulary, part: str) -> bool:
    return line.startswith(f"[{_label(words, part)}]")


def _label(words: Vocabulary, part: str) -> str:
    return min((word for word, name in words.labels.items() if name == part), key=_shortest)


def _shortest(word: str) -> tuple[bool, int, str]:
    """Prefer the shortest word of at least two characters; it is the common one."""
    return len(word) < len(RIGHT) + 1, len(word), word


def _word(words: Vocabulary, kind: Kind) -> str:
    return next(word for word, meaning in words.kinds.items() if meaning is kind)


def _word_of(words: object, meaning: object) -> str:
    spelled = dict(words)  # type: ignore[call-overload]
    return str(
        next(word for word, name in spelled.items() if name == meaning and not word.isascii())
    )


def _one_line(text: str) -> str:
    """Write words in one line; a table keeps its own."""
    parts = split_tables(text)
    lines = [
        " ".join(one.split("\n"))
        if isinstance(one, str)
        else write_table(one.rows, has_head=one.has_head)
        for one in parts
    ]
    return "\n".join(lines)
