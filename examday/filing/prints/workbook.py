"""A filled form as .xlsx: the same cells, merged and wide as the notice draws them."""

from collections.abc import Iterator
from itertools import groupby

from examday.documents import Column, Merged, WorkbookSpec, fill_workbook
from examday.filing.rules import FilledForm, FormCell

_RULED = frozenset({"label", "value"})
_SHEET_NAME = 31


def to_workbook(form: FilledForm) -> bytes:
    """Give the workbook; what stands in row r and column c there is `form.texts()[r][c]`."""
    first, last = form.head
    lines = list(_lines(form))
    spec = WorkbookSpec(
        sheet=form.name.rpartition("/")[2][:_SHEET_NAME],
        title=form.title,
        columns=_columns(form),
        header=[_merged(cells) for row, cells in lines if 0 < row < first],
        rows=[[cell.value for cell in cells] for row, cells in lines if _is_body(cells)],
        footer=[_merged(cells) for row, cells in lines if row > last and not _is_body(cells)],
        landscape=form.print.landscape,
    )
    return fill_workbook(spec)


def _lines(form: FilledForm) -> Iterator[tuple[int, list[FormCell]]]:
    for row, cells in groupby(
        sorted(form.cells, key=lambda cell: (cell.row, cell.column)), key=lambda cell: cell.row
    ):
        yield row, list(cells)


def _is_body(cells: list[FormCell]) -> bool:
    return cells[0].part in {"body", "total"}


def _columns(form: FilledForm) -> list[Column]:
    heads = [cell for cell in form.cells if cell.part == "head"]
    body = {cell.column: cell.align for cell in form.cells if cell.part == "body"}
    depth = form.head[1] - form.head[0] + 1
    columns = []
    for place, width in enumerate(form.widths):
        above = [c for c in heads if c.column <= place < c.column + c.columns]
        low = next(c for c in above if c.row + c.rows - 1 == form.head[1])
        group = next((c.value for c in above if c.row + c.rows - 1 < form.head[1]), "")
        columns.append(
            Column(
                title=str(low.value),
                width=width,
                group=str(group) if depth > 1 else "",
                align=body.get(place, "center"),
            )
        )
    return columns


def _merged(cells: list[FormCell]) -> list[Merged]:
    return [
        Merged(
            cell.value,
            span=cell.columns,
            align=cell.align,
            border=cell.part in _RULED,
            height=cell.height,
        )
        for cell in cells
    ]
