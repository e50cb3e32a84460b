"""A workbook is filled with values as they are, and read within a budget."""

import io
import subprocess
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examday import documents
from examday.documents import Budget, Column, Merged, WorkbookSpec

SPEC = WorkbookSpec(
    sheet="结果备案",
    title="结果备案表",
    annex="附件4",
    header=[[Merged("机构：示范企业", span=2), Merged("日期：2026-10-20", align="right")]],
    columns=[
        Column("序号", width=6),
        Column("姓名", group="考生"),
        Column("单位", group="考生", width=24, align="left"),
        Column("成绩"),
    ],
    rows=[[1, "张三", "=1+1", Decimal("59.9")], [2, "李四", "https://x", None]],
    footer=[[Merged("登分人：", span=2), Merged("核分人：")]],
)


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def test_the_same_specification_gives_the_same_bytes():
    assert documents.fill_workbook(SPEC) == documents.fill_workbook(SPEC)


def test_the_layout_is_title_header_two_heading_rows_body_footer():
    sheet = opened(documents.fill_workbook(SPEC))
    column_b = [row[1].value for row in sheet.iter_rows(max_row=8)]

    assert sheet["A1"].value == "附件4"
    assert sheet["A2"].value == "结果备案表"
    assert sheet["C3"].value == "日期：2026-10-20"
    assert column_b[3:7] == ["考生", "姓名", "张三", "李四"]
    assert sheet["A4"].value == "序号"
    assert {str(area) for area in sheet.merged_cells.ranges} >= {"A2:D2", "B4:C4", "A4:A5", "D4:D5"}
    assert sheet["C8"].value == "核分人："
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$4:$5"


def test_no_text_becomes_a_formula_or_a_link():
    sheet = opened(documents.fill_workbook(SPEC))

    assert sheet["C6"].data_type == "s"
    assert sheet["C6"].value == "=1+1"
    assert sheet["C7"].hyperlink is None
    assert sheet["D6"].value == 59.9


def test_an_id_number_stays_text():
    spec = WorkbookSpec(
        sheet="a", title="b", columns=[Column("c"), Column("d")],
        rows=[["110101199003079913", 110101199003079913]],
    )  # fmt: skip

    sheet = opened(documents.fill_workbook(spec))

    assert [cell.value for cell in sheet[3]] == ["110101199003079913"] * 2


def test_cells_merged_downwards_keep_the_first_value():
    spec = WorkbookSpec(
        sheet="a", title="b", columns=[Column("c"), Column("d")],
        rows=[["电工", "1"], ["电工", "2"]], row_merges=[(0, 0, 1, 0)],
    )  # fmt: skip

    sheet = opened(documents.fill_workbook(spec))

    assert sheet["A3"].value == "电工"
    assert sheet["A4"].value is None
    assert sheet["B4"].value == "2"


texts = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"),
    max_size=12,
).map(str.strip)
cells = texts | st.integers(-(10**12), 10**12) | st.decimals(0, 100, places=1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=6))
def test_what_is_filled_is_read_back(rows):
    spec = WorkbookSpec(sheet="s", title="t", columns=[Column("a"), Column("b")], rows=rows)

    read = documents.read_workbook(documents.fill_workbook(spec))

    padded = [row + [None] * (2 - len(row)) for row in read[2:]]
    padded += [[None, None]] * (len(rows) - len(padded))
    assert padded == [[None if cell == "" else cell for cell in row] for row in rows]


def by_openpyxl(fill):
    book = openpyxl.Workbook()
    fill(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_formula_is_flagged_where_it_stands():
    def fill(sheet):
        sheet["A1"], sheet["B2"], sheet["A3"] = "姓名", "=1+1", date(2026, 10, 20)

    rows = documents.read_workbook(by_openpyxl(fill))

    assert rows[0][0] == "姓名"
    assert isinstance(rows[1][1], documents.Formula)
    assert rows[2][0] == date(2026, 10, 20)


def test_a_sheet_is_found_by_name():
    book = openpyxl.Workbook()
    book.create_sheet("名册")["A1"] = "here"
    out = io.BytesIO()
    book.save(out)

    assert documents.read_workbook(out.getvalue(), sheet="名册") == [["here"]]
    with pytest.raises(documents.UnusableWorkbook):
        documents.read_workbook(out.getvalue(), sheet="none")


def repacked(content, change, *, compression=zipfile.ZIP_DEFLATED):
    """The same archive with some parts replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", compression) as new,
    ):
        for info in old.infolist():
            new.writestr(info.filename, change(info.filename, old.read(info)))
    return out.getvalue()


HONEST = documents.fill_workbook(SPEC)


def test_a_zip_bomb_is_refused_before_it_is_opened():
    def swell(name, part):
        return part + b" " * 60_000_000 if name.endswith("sharedStrings.xml") else part

    bomb = repacked(HONEST, swell)
    assert len(bomb) < 200_000

    with pytest.raises(documents.UnusableWorkbook, match="unfolds"):
        documents.read_workbook(bomb)


def test_a_bomb_that_lies_about_its_size_is_refused():
    def swell(name, part):
        return part + b" " * 30_000_000 if name.endswith("sharedStrings.xml") else part

    bomb = bytearray(repacked(HONEST, swell))
    with zipfile.ZipFile(io.BytesIO(bytes(bomb))) as archive:
        size = archive.getinfo("xl/sharedStrings.xml").file_size
    bomb = bytes(bomb).replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))

    with pytest.raises(documents.UnusableWorkbook, match="unfolds"):
        documents.read_workbook(bomb)


def test_two_cells_in_far_corners_are_refused():
    def scatter(name, part):
        far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        return part.replace(b"</sheetData>", far) if "sheet1" in name else part

    with pytest.raises(documents.UnusableWorkbook, match="too many cells"):
        documents.read_workbook(repacked(HONEST, scatter))


def test_a_declared_entity_is_refused():
    def declare(name, part):
        if not name.endswith("sheet1.xml"):
            return part
        head, rest = part.split(b"?>", 1)
        return head + b'?><!DOCTYPE w [<!ENTITY a "aaaa">]>' + rest

    with pytest.raises(documents.UnusableWorkbook, match="document type"):
        documents.read_workbook(repacked(HONEST, declare))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"name,sex\n", HONEST[:-40], HONEST[200:]])
def test_what_is_no_workbook_is_refused(content):
    with pytest.raises(documents.UnusableWorkbook):
        documents.read_workbook(content)


def test_a_file_above_the_budget_is_not_even_inflated(tmp_path):
    path = tmp_path / "roster.xlsx"
    path.write_bytes(HONEST)

    assert documents.read_workbook(path)
    with pytest.raises(documents.UnusableWorkbook, match="too large"):
        documents.read_workbook(path, budget=Budget(file_bytes=100))


def test_unzip_accepts_what_is_written(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(HONEST)

    subprocess.run(["python3", "-m", "zipfile", "-t", tmp_path / "a.xlsx"], check=True)
