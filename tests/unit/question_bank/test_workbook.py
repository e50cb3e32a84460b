"""The workbook template both ways, and workbooks that mean harm."""

import io
import resource
import time
import zipfile

import openpyxl
import pytest

from question_bank import BadInput, Kind, Source, Status, import_files, open_store, write_workbook
from question_bank.errors import HostileFile
from question_bank.files.workbooks import read_first_sheet
from question_bank.items import Item
from question_bank.sources.workbook import read_workbook

ITEMS = [
    Item(
        id="M1",
        kind=Kind.MULTIPLE,
        point="A-B-002",
        difficulty=4,
        source=Source.INDUSTRY,
        stem="属于导体的有（　）。",
        options=("铜", "铝", "=1+1", "木"),
        answer="ABC",
        explanation="金属导电。",
        author="王建国",
        reviewer="赵明",
        status=Status.REVIEWED,
        enemies=("E1", "E2"),
    ),
    Item(id="J1", kind=Kind.JUDGE, stem="0012", answer="×", source=Source.NATIONAL),
]


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def archive(**parts):
    """A zip with a worksheet of the given XML, packed hard."""
    sheets = workbook([["题干", "答案"], ["甲", "对"]])
    source = zipfile.ZipFile(io.BytesIO(sheets))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, content in parts.items():
            target.writestr(name, content)
    return buffer.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
OPEN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CLOSE = b"</sheetData></worksheet>"


def test_what_is_written_reads_back_the_same(tmp_path):
    path = tmp_path / "bank.xlsx"
    path.write_bytes(write_workbook(ITEMS))

    with open_store(tmp_path / "bank.db") as store:
        report = import_files(store, [path])

    assert report.listed == ()
    assert list(report.accepted) == ITEMS


def test_a_row_under_a_known_id_is_an_edit(tmp_path):
    path = tmp_path / "bank.xlsx"
    with open_store(tmp_path / "bank.db") as store:
        store.put(ITEMS)
        edited = Item.from_wire(ITEMS[1].to_wire() | {"answer": "√"})
        path.write_bytes(write_workbook([edited]))
        (stored,) = import_files(store, [path]).accepted

    assert (stored.version, stored.answer) == (2, "√")


def test_formula_cells_and_unknown_words_are_listed(tmp_path):
    path = tmp_path / "bank.xlsx"
    path.write_bytes(
        workbook(
            [
                ["答案", "题干", "题型", "难度", "编号"],
                ["对", "铜能导电。", "判断题", 1, "J1"],
                ["对", "=A2", "判断题", 1, "J2"],
                ["对", "铝能导电。", "连线题", 1, "J3"],
                ["对", "铁能导电。", "判断题", 7, "J4"],
                [None, None, None, None, None],
                ["对", "银能导电。", "判断题", 2.0, "J1"],
                ["对", "金能导电。", "判断题", 2.0, "a b"],
            ]
        )
    )
    with open_store(tmp_path / "bank.db") as store:
        report = import_files(store, [path])

    assert [item.id for item in report.accepted] == ["J1"]
    assert [(one.line, one.reasons[0]) for one in report.listed] == [
        (3, "a cell holds a formula"),
        (4, "a cell holds a word that is not in the template"),
        (5, "the difficulty is not a number from 1 to 5"),
        (7, "the same id stands earlier in this import"),
        (8, "the id is longer than 64 characters or holds other than letters, digits, - and _"),
    ]


def _bomb():
    return archive(**{SHEET: OPEN + b"<row><c><v>1</v></c></row>" * 9_000_000 + CLOSE})


def _columns():
    cells = b"".join(b"<c><v>1</v></c>" for _number in range(1_000_000))
    return archive(**{SHEET: OPEN + b"<row>" + cells + b"</row>" + CLOSE})


def _far_cell():
    return archive(**{SHEET: OPEN + b'<row r="1048576"><c r="XFD1048576"/></row>' + CLOSE})


def _entity():
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return archive(**{SHEET: head + OPEN + CLOSE})


def _macro():
    return archive(**{"xl/vbaProject.bin": b"x"})


def _many_parts():
    return archive(**{f"xl/junk{number}.xml": b"" for number in range(1200)})


HOSTILE = {
    "bomb": _bomb,
    "columns": _columns,
    "far cell": _far_cell,
    "entity": _entity,
    "macro": _macro,
    "many parts": _many_parts,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_soon_and_small(name):
    content = HOSTILE[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()

    with pytest.raises(HostileFile):
        read_first_sheet(content, file="bank.xlsx")

    assert time.process_time() - start < 4
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 256 * 1024


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 no archive",
        write_workbook(ITEMS)[:-300],
        archive(**{SHEET: b"<worksheet><sheetData><row>"}),
        archive(**{"xl/workbook.xml": b"<nothing/>"}),
    ],
    ids=["empty", "head only", "cut", "torn sheet", "torn book"],
)
def test_a_torn_workbook_is_unreadable(content):
    with pytest.raises(BadInput):
        list(read_workbook(content, file="bank.xlsx"))


def test_a_zip_whose_header_lies_about_sizes_is_refused():
    content = bytearray(archive(**{SHEET: OPEN + b"<row><c><v>1</v></c></row>" * 1000 + CLOSE}))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as packed:
        real = packed.getinfo(SHEET).file_size
    for place in range(len(content) - 4):
        if content[place : place + 4] == real.to_bytes(4, "little"):
            content[place : place + 4] = (real // 2).to_bytes(4, "little")

    with pytest.raises(BadInput):
        read_first_sheet(bytes(content), file="bank.xlsx")


def test_a_workbook_without_the_template_is_unreadable():
    with pytest.raises(BadInput, match="heading"):
        list(read_workbook(workbook([["a", "b"], ["1", "2"]]), file="bank.xlsx"))
