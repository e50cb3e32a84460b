"""
Blueprint files: a 细目表 as TOML, or as one flat table in XLSX or CSV.

The table has a heading row; a row whose code ends in digits is a point, any other a range.
"""

import csv
import io
import tomllib
from functools import cache
from pathlib import Path

from question_bank.demands.blueprint import Blueprint, blueprint_from
from question_bank.errors import BadBlueprint, UnreadableFile
from question_bank.files.decoding import decode_text
from question_bank.files.workbooks import read_first_sheet
from question_bank.i18n import gettext as _
from question_bank.items.wording import shadow

COLUMNS = Path(__file__).with_name("blueprint_columns.toml")


def load_blueprint(path: Path) -> Blueprint:
    """Read a blueprint file by its ending; raises BadInput (with the node) if it cannot be."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(file=path.name, why=error.strerror or str(error)) from error
    if path.suffix.lower() == ".xlsx":
        sheet = read_first_sheet(content, file=path.name)
        if sheet.formulas:
            raise BadBlueprint(file=path.name, why=_("a cell holds a formula"))
        return _from_rows([list(row) for row in sheet.rows], file=path.name, title=sheet.name)
    text = decode_text(content, file=path.name)
    if path.suffix.lower() == ".csv":
        rows = list(csv.reader(io.StringIO(text)))
        return _from_rows(rows, file=path.name, title=path.stem)
    try:
        return blueprint_from(tomllib.loads(text), file=path.name)
    except tomllib.TOMLDecodeError as error:
        raise BadBlueprint(file=path.name, why=str(error)) from error


@cache
def _columns() -> dict[str, str]:
    words = tomllib.loads(COLUMNS.read_text("utf-8"))["columns"]
    return {shadow(word): name for name, spellings in words.items() for word in spellings}


def _from_rows(rows: list[list[str]], *, file: str, title: str) -> Blueprint:
    heading = [_columns().get(shadow(cell).strip(), "") for cell in rows[0]] if rows else []
    if not {"code", "name", "importance", "weight"} <= set(heading):
        raise BadBlueprint(file=file, why=_("its first row is not that of the blueprint table"))
    tables: dict[str, list[dict[str, str]]] = {"ranges": [], "points": []}
    for row in rows[1:]:
        cells = {name: cell.strip() for name, cell in zip(heading, row, strict=False) if name}
        if any(cells.values()):
            is_point = cells.get("code", "")[-1:].isdigit()
            tables["points" if is_point else "ranges"].append(cells)
    return blueprint_from({"title": title, **tables}, file=file)
