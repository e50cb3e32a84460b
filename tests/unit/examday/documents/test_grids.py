"""A form's workbook: rows as high as their longest cell, since no office program fits merged ones."""

import io

import openpyxl
import pytest

from examday.documents import GridCell, GridSpec, fill_grids


def heights(*cells: GridCell, widths=(10, 10, 20)) -> list[float]:
    content = fill_grids("表", GridSpec("one", widths, cells, repeat=(0, 0)))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [sheet.row_dimensions[row].height for row in range(1, sheet.max_row + 1)]


def test_a_text_that_breaks_makes_its_row_higher_merged_or_not():
    long = "评价机构意见" * 5  # 30 characters of two columns each

    narrow, merged, short = heights(
        GridCell(0, 0, long, "ruled"),
        GridCell(1, 0, long, "ruled", columns=3),
        GridCell(2, 2, "合格", "ruled"),
    )

    assert narrow > 7 * 15 > merged > 15 * 2
    assert short == pytest.approx(20, abs=1.5)


def test_lines_of_a_text_count_and_a_cell_reaching_down_asks_for_one():
    lines, down = heights(
        GridCell(0, 0, "一\n二\n三", "ruled"), GridCell(1, 0, "照片" * 20, "ruled", rows=4)
    )[:2]

    assert lines == pytest.approx(3 * 15 + 6, abs=1.5)
    assert down == pytest.approx(20, abs=1.5)
