"""Writing the sample as the files an office would have: two text layouts, a workbook, TOML."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from question_bank.demands.blueprint import Blueprint
from question_bank.items import Item, Kind
from question_bank.sample.bank import sample_bank, words
from question_bank.sources import Layout, write_text_layout, write_workbook

OIL_RANGES = ("A-",)
POWER_RANGES = ("B-A", "B-B", "B-C", "B-D")
POWER_KINDS = {Kind.SINGLE, Kind.JUDGE}
_COLUMNS = ("id", "kind", "point", "difficulty", "source", "stem", "answer")


@dataclass(frozen=True, slots=True)
class SampleFiles:
    """Where the files are; `items` good ones and `planted_bad` others stand in the banks."""

    texts: tuple[Path, ...]
    workbook: Path
    blueprint: Path
    model: Path
    items: int
    planted_bad: int


def write_sample(folder: Path, *, seed: int) -> SampleFiles:
    """
    Write the sample bank into a folder: F1 text in UTF-8, F3 text in GB18030, a workbook.

    A few planted items with one defect each stand among the good ones; an import must list
    exactly those.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names, bad = words("phrases")["files"], words("phrases")["bad"]
    bank = sample_bank(seed)
    oil = [item for item in bank.items if item.point.startswith(OIL_RANGES)]
    power = [
        item
        for item in bank.items
        if item.point.startswith(POWER_RANGES) and item.kind in POWER_KINDS
    ]
    taken = {item.id for item in [*oil, *power]}
    rest = [item for item in bank.items if item.id not in taken]
    # The F1 answers stand at the end of the file, so its bad items go in front.
    texts = {
        names["oil"]: ("".join(bad["oil"]) + write_text_layout(oil, Layout.F1), "utf-8"),
        names["power"]: (write_text_layout(power, Layout.F3) + "".join(bad["power"]), "gb18030"),
    }
    for name, (text, encoding) in texts.items():
        (folder / name).write_bytes(text.encode(encoding))
    (folder / names["workbook"]).write_bytes(_with_bad_rows(rest, bad["rows"]))
    (folder / names["blueprint"]).write_text(blueprint_toml(bank.blueprint), "utf-8")
    (folder / names["model"]).write_text(model_toml(bank.blueprint), "utf-8")
    return SampleFiles(
        texts=tuple(folder / name for name in texts),
        workbook=folder / names["workbook"],
        blueprint=folder / names["blueprint"],
        model=folder / names["model"],
        items=len(bank.items),
        planted_bad=sum(len(bad[name]) for name in ("oil", "power", "rows")) + 1,
    )


def _with_bad_rows(items: list[Item], rows: list[list[str]]) -> bytes:
    """Add the planted rows, and one whose stem is a formula."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(write_workbook(items)))
    sheet = book.worksheets[0]
    columns = {str(cell.value): int(cell.column or 0) for cell in sheet[1]}
    places = [columns[heading] for heading in _headings()]
    for row in rows:
        last = sheet.max_row + 1
        for column, value in zip(places, row, strict=True):
            sheet.cell(last, column, value)
    last = sheet.max_row + 1
    for column, value in zip(places, rows[1], strict=True):
        sheet.cell(last, column, value)
    sheet.cell(last, columns[_headings()[2]], "A-A-001")
    sheet.cell(last, columns[_headings()[5]], "=A1")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _headings() -> list[str]:
    from question_bank.sources.workbook import template

    return [template().headings[name] for name in _COLUMNS]


def blueprint_toml(blueprint: Blueprint) -> str:
    """Write a blueprint as its TOML file."""
    wire = blueprint.to_wire()
    head = [f"{name} = {_toml(wire[name])}" for name in _HEAD]
    blocks = ["\n".join(head)]
    for name in ("ranges", "points"):
        for one in wire[name]:  # type: ignore[attr-defined]
            lines = [f"{key} = {_toml(value)}" for key, value in one.items()]
            blocks.append("\n".join([f"[[{name}]]", *lines]))
    return "\n\n".join(blocks) + "\n"


_HEAD = ("title", "occupation", "occupation_code", "level")


def model_toml(blueprint: Blueprint) -> str:
    """Write the sample's assembly model: 60 single, 20 judge, 10 multiple, 100 marks."""
    about = words("phrases")["model"]
    head = {
        "code": "LL4-2026",
        "title": about["title"],
        "occupation": blueprint.occupation,
        "occupation_code": blueprint.occupation_code,
        "level": blueprint.level,
        "minutes": 90,
        "notes": about["notes"],
    }
    sections = [("single", 60, "1"), ("judge", 20, "1"), ("multiple", 10, "2")]
    blocks = ["\n".join(f"{name} = {_toml(value)}" for name, value in head.items())]
    blocks += [
        "\n".join(
            [
                "[[sections]]",
                f"kind = {_toml(kind)}",
                f"heading = {_toml(about['headings'][kind])}",
                f"instruction = {_toml(about['instructions'][kind])}",
                f"count = {count}",
                f"mark = {_toml(mark)}",
            ]
        )
        for kind, count, mark in sections
    ]
    return "\n\n".join([*blocks, _DEMANDS]) + "\n"


def _toml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


# Shares in percent of the number of items.
_DEMANDS = """\
[weights]            # every range of this depth gets its percentage of the marks, exactly
depth = 2
tolerance = "0"

[difficulty]
1 = { floor = 10, cap = 40 }
2 = { floor = 15, cap = 45 }
3 = { floor = 15, cap = 45 }
4 = { floor = 5, cap = 25 }
5 = { floor = 0, cap = 10 }

[mean_difficulty]    # papers of one run differ by at most twice the tolerance
target = "2.5"
tolerance = "0.05"

[importance]
X = { floor = 70 }
Z = { cap = 10 }

[sources]
national = { floor = 35, cap = 65 }
authored = { floor = 20, cap = 50 }

[limits]
per_point = 1
exclude_last_batches = 2
overlap = 0"""
