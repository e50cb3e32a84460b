"""Filled forms as .xlsx: the same cells, merged and wide as the notice draws them."""

from examday.documents import GridCell, GridSpec, fill_grids
from examday.filing.rules import FilledForm, FormCell

_KINDS = {"title": "title", "line": "line", "note": "line", "head": "head"}
_SHEET_NAME = 31


def to_workbook(forms: tuple[FilledForm, ...]) -> bytes:
    """Give the workbook, a sheet a form; row r, column c there is `form.texts()[r][c]`."""
    return fill_grids(forms[0].title, *(_sheet(form, at) for at, form in enumerate(forms, 1)))


def _sheet(form: FilledForm, number: int) -> GridSpec:
    name = form.name.rpartition("/")[2]
    return GridSpec(
        sheet=name[:_SHEET_NAME] if number == 1 else f"{name[: _SHEET_NAME - 5]}-{number}",
        widths=form.widths,
        cells=[_cell(cell) for cell in form.cells],
        repeat=form.head,
        landscape=form.print.landscape,
    )


def _cell(cell: FormCell) -> GridCell:
    return GridCell(
        row=cell.row,
        column=cell.column,
        value=cell.value,
        kind=_KINDS.get(cell.part, "ruled"),
        rows=cell.rows,
        columns=cell.columns,
        align=cell.align,
        height=cell.height,
        picture=cell.picture,
    )
