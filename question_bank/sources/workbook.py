"""The bank's own XLSX template: reading it row by row, and writing it."""

import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import xlsxwriter

from question_bank.errors import NoHeading
from question_bank.files.workbooks import Sheet, read_first_sheet
from question_bank.i18n import gettext as _
from question_bank.items import LETTERS, Item
from question_bank.items.wording import shadow
from question_bank.sources.draft import Draft, Reason
from question_bank.sources.layouts.parts import split_options
from question_bank.sources.vocabulary import vocabulary

TEMPLATE = Path(__file__).with_name("template.toml")
NEEDED = ("stem", "answer")
HEADING_ROWS = 10
SAMPLE_ROWS = 3
_SIMPLE = (
    "id",
    "point",
    "difficulty",
    "source",
    "status",
    "author",
    "reviewer",
    "enemies",
    "cognition",
    "picture_names",
)


@dataclass(frozen=True, slots=True)
class Template:
    """Column words: `columns` by spelling, `headings` as we write them."""

    sheet: str
    columns: Mapping[str, str]
    headings: Mapping[str, str]


@cache
def template() -> Template:
    """Read the shipped column words once."""
    words = tomllib.loads(TEMPLATE.read_text("utf-8"))
    spelled = {name: [shadow(word) for word in words["columns"][name]] for name in words["columns"]}
    prefixes = [words["options"]["prefix"], *words["options"]["others"]]
    spelled |= {f"option_{letter}": [prefix + letter for prefix in prefixes] for letter in LETTERS}
    return Template(
        sheet=words["sheet"],
        columns={word: name for name, spellings in spelled.items() for word in spellings},
        headings={name: spellings[0] for name, spellings in spelled.items()},
    )


def read_workbook(
    content: bytes, *, file: str, mapping: Mapping[str, str] | None = None
) -> Iterator[Draft]:
    """
    Give one draft for every row that is not empty; raises BadInput for an unusable file.

    `mapping` gives headings of a foreign workbook our names: `stem`, `answer`, `option_A`, …
    or `options` for a column that holds all of them; an empty name leaves a column out.
    """
    sheet = read_first_sheet(content, file=file)
    top, columns = _heading(sheet, mapping or {})
    if not set(NEEDED) <= set(columns):
        raise NoHeading(file=file, why=_("no row is the heading of the item template"))
    for number, row in enumerate(sheet.rows[top + 1 :], start=top + 2):
        if any(cell.strip() for cell in row):
            yield _draft(number, row, columns, sheet)


def propose_mapping(content: bytes, *, file: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """
    Give every column of a foreign workbook: heading, our name or nothing, and a few values.

    For a person to complete before the import; raises BadInput as `read_workbook` does.
    """
    sheet = read_first_sheet(content, file=file)
    top, columns = _heading(sheet, {})
    if len(columns) < len(NEEDED):  # an answer "B" alone is no heading
        full = (at for at, row in enumerate(sheet.rows) if len([*filter(None, row)]) >= len(NEEDED))
        top, columns = next(full, 0), {}
    names = {index: name for name, index in columns.items()}
    rows = sheet.rows[top : top + 1 + SAMPLE_ROWS]
    return [
        (heading.strip(), names.get(index, ""), tuple(r[index] for r in rows[1:] if index < len(r)))
        for index, heading in enumerate(rows[0] if rows else ())
        if heading.strip()
    ]


def _heading(sheet: Sheet, mapping: Mapping[str, str]) -> tuple[int, dict[str, int]]:
    """Find the row, among the first few, that names most columns; a title may stand above it."""
    known = dict(template().columns)
    known |= {shadow(heading).strip(): name for heading, name in mapping.items()}
    best: tuple[int, dict[str, int]] = (0, {})
    for place, row in enumerate(sheet.rows[:HEADING_ROWS]):
        columns: dict[str, int] = {}
        twice = False
        for index, cell in enumerate(row):
            name = known.get(shadow(cell).strip(), "")
            twice = twice or (bool(name) and name in columns)
            columns |= {name: index} if name else {}
        if not twice and len(columns) > len(best[1]):
            best = (place, columns)
    return best


def _draft(number: int, row: tuple[str, ...], columns: Mapping[str, int], sheet: Sheet) -> Draft:
    def cell(name: str) -> str:
        index = columns.get(name)
        return row[index].strip() if index is not None and index < len(row) else ""

    options = [cell(f"option_{letter}") for letter in LETTERS]
    options = split_options(cell("options")) if "options" in columns else options
    while options and not options[-1]:
        options.pop()
    draft = Draft(
        line=number,
        text=" | ".join(filter(None, (part.strip() for part in row))),
        stem=cell("stem"),
        options=options,
        answers=[cell("answer")],
        explanation=cell("explanation"),
        is_fixed=bool(cell("fixed")),
    )
    for name in _SIMPLE:
        setattr(draft, name, cell(name))
    kind = shadow(cell("kind")).strip().lower()
    draft.kind = vocabulary().kinds.get(kind)
    if kind and draft.kind is None:
        draft.complaints.append(Reason.UNKNOWN_WORD)
    if any((number, index + 1) in sheet.formulas for index in columns.values()):
        draft.complaints.append(Reason.FORMULA_CELL)
    return draft


def write_workbook(items: Iterable[Item]) -> bytes:
    """Write items in the template, every cell as text; reading it gives the same items."""
    words = vocabulary()
    kinds = _spellings(words.kinds)
    sources, statuses = _spellings(words.sources), _spellings(words.statuses)
    cognitions = _spellings(words.cognitions) | {"": ""}
    names = [name for name in template().headings if name != "options"]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet(template().sheet)
        bold = book.add_format({"bold": True, "text_wrap": True})
        for column, name in enumerate(names):
            sheet.write_string(0, column, template().headings[name], bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(names.index("stem"), names.index("stem"), 60)
        for row, item in enumerate(items, start=1):
            cells = {
                "id": item.id,
                "kind": kinds[item.kind],
                "point": item.point,
                "difficulty": str(item.difficulty or ""),
                "source": sources[item.source],
                "stem": item.stem,
                "answer": item.answer,
                "explanation": item.explanation,
                "author": item.author,
                "reviewer": item.reviewer,
                "status": statuses[item.status],
                "enemies": " ".join(item.enemies),
                "cognition": cognitions[item.cognition],
                "picture_names": " ".join(item.pictures),
                "fixed": "1" if item.fixed_order else "",
            }
            cells |= {
                f"option_{letter}": text
                for letter, text in zip(LETTERS, item.options, strict=False)
            }
            for column, name in enumerate(names):
                sheet.write_string(row, column, cells.get(name, ""))
    return buffer.getvalue()


def _spellings(words: Mapping[str, object]) -> dict[str, str]:
    """Give the first Chinese spelling of each meaning."""
    first: dict[str, str] = {}
    for word, meaning in words.items():
        if not word.isascii():
            first.setdefault(str(meaning), word)
    return first
