"""Files that mean harm: a clear refusal within two seconds and 256 MiB, each in its own process."""

import io
import random
import sys
from subprocess import PIPE, Popen

import openpyxl
import pytest

from question_bank import BadInput, import_files, open_store
from question_bank.errors import HostileFile
from question_bank.sources.confined import read_confined
from tests.factories.bank_files import docx, package, png, repacked

ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
BODY = (
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
)


def word(part):
    return repacked(docx(lambda _document: None), **{"word/document.xml": part})


def workbook(part):
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return repacked(buffer.getvalue(), **{"xl/worksheets/sheet1.xml": part})


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
FILES = {
    "xlsx bomb": (".xlsx", lambda: workbook(SHEET + b"<row><c><v>1</v></c></row>" * 9_000_000)),
    "xlsx 10^6 columns": (".xlsx", lambda: workbook(SHEET + b"<row>" + b"<c/>" * 1_000_000)),
    "xlsx far cell": (
        ".xlsx",
        lambda: workbook(
            SHEET + b'<row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>'
        ),
    ),
    "xlsx entity": (".xlsx", lambda: workbook(ENTITY + SHEET)),
    "docx bomb": (".docx", lambda: word(BODY + b" " * 95_000_000)),
    "docx entity": (".docx", lambda: word(ENTITY + BODY)),
    "docx utf-16 entity": (
        ".docx",
        lambda: word(ENTITY.replace(b"?>", b' encoding="utf-16"?>', 1).decode().encode("utf-16")),
    ),
    "docx deep": (".docx", lambda: word(BODY + b"<w:sdt>" * 50_000)),
    "docx macros": (".docx", lambda: repacked(word(BODY), **{"word/vbaProject.bin": b"x"})),
    "docx many parts": (
        ".docx",
        lambda: repacked(word(BODY), **{f"word/{number}.xml": b"" for number in range(21_000)}),
    ),
    "moodle entity": (".xml", lambda: ENTITY + b"<quiz>&a;</quiz>"),
    "moodle laughs": (".xml", lambda: LAUGHS + b"<quiz>&b;</quiz>"),
    "moodle deep": (".xml", lambda: b"<quiz>" + b"<question>" * 200_000),
    "moodle wide": (".xml", lambda: b"<quiz>" + b"<a/>" * 3_000_000 + b"</quiz>"),
    "moodle attributes": (
        ".xml",
        lambda: b"<quiz>" + b"".join(b"<q a%d='1'/>" % number for number in range(1_000_000)),
    ),
    "qti bomb": (".zip", lambda: package(**{"imsmanifest.xml": b"<a>" + b"b" * 95_000_000})),
    "qti entity": (".zip", lambda: package(**{"imsmanifest.xml": ENTITY + b"<a/>"})),
    "qti without manifest": (".zip", lambda: package(**{"a.xml": b"<a/>"})),
    "nested zip": (".zip", lambda: package(**{"imsmanifest.xml": package(a=b"0" * 9_000_000)})),
    "no zip": (".docx", lambda: b"PK\x03\x04" + bytes(1000)),
    "no xml": (".xml", lambda: b"\xff\xfe\x00" * 1000),
    "text of 60 MB": (".txt", lambda: b"1. x( ). A.a B.b C.c D.d\n" * 2_300_000),
    "text of blank lines": (".txt", lambda: b"\n" * 4_000_000),
    "text in one line": (".txt", lambda: b"1.A" * 1_300_000),
    "text of a million answers": (".txt", lambda: "答案\n".encode() + b"1.A " * 1_000_000),
    "gift of 60 MB": (".gift", lambda: b"q {=a ~b}\n\n" * 5_000_000),
    "gift in one line": (".gift", lambda: b"q {" + b"=a" * 2_000_000),
    "docx in one line": (
        ".docx",
        lambda: word(
            BODY + b"<w:p><w:r><w:t>" + b"1.A" * 300_000 + b"</w:t></w:r></w:p>"
            b"</w:body></w:document>"
        ),
    ),
    "gift of too many": (".gift", lambda: b"".join(b"q%d{T}\n\n" % n for n in range(99_000))),
}


MEASURED = """
import re, resource, sys
from question_bank.sources.child import main
main(sys.argv[1], "bank", sys.argv[2])
used = resource.getrusage(resource.RUSAGE_SELF)
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]  # of this image alone
print(used.ru_utime + used.ru_stime, peak, file=sys.stderr)
"""


def measured(content, suffix, request="{}"):
    """Let the child read; give its answer, its CPU seconds and the most memory it had (KiB)."""
    with Popen(
        [sys.executable, "-c", MEASURED, suffix, request], stdin=PIPE, stdout=PIPE, stderr=PIPE
    ) as child:
        answer, figures = child.communicate(content)
    return answer, *map(float, figures.split())


def essay(html):
    head = b'<quiz><question type="essay"><questiontext format="html"><text><![CDATA['
    return head + html + b"]]></text></questiontext></question></quiz>"


FORMULAS = {
    "tex never closed": essay(b"\\(" * 300_000),
    "dollars never closed": essay(b"$$a " * 200_000),
    "deep mathml": essay(b"<math>" + b"<mrow>" * 50_000),
    "tables in tables": essay(b"<table><tr><td>" * 30_000),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_formulas_and_tables_without_end_cost_little(name):
    answer, seconds, kibibytes = measured(FORMULAS[name], ".xml")

    assert answer.startswith((b'{"refused": ', b'{"drafts": '))
    assert seconds < 2
    assert kibibytes < 256 * 1024


def test_the_columns_of_a_hostile_workbook_are_not_looked_at_either():
    _suffix, build = FILES["xlsx 10^6 columns"]

    answer, seconds, kibibytes = measured(build(), ".xlsx", "columns")

    assert answer.startswith(b'{"refused": ')
    assert seconds < 2
    assert kibibytes < 256 * 1024


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_soon_and_small(name, tmp_path):
    """The child's own clock and memory, all of its start included."""
    suffix, build = FILES[name]

    answer, seconds, kibibytes = measured(build(), suffix)

    assert answer.startswith(b'{"refused": '), answer[:200]
    assert seconds < 2
    assert kibibytes < 256 * 1024


@pytest.mark.parametrize("name", ["xlsx 10^6 columns", "docx entity", "moodle laughs", "no zip"])
def test_the_refusal_of_the_child_is_the_refusal_of_the_import(name, tmp_path):
    suffix, build = FILES[name]
    path = tmp_path / f"bank{suffix}"
    path.write_bytes(build())

    with open_store(tmp_path / "bank.db") as store, pytest.raises(BadInput, match="bank"):
        import_files(store, [path])


def test_a_reader_that_never_ends_is_ended(monkeypatch):
    from question_bank.sources import confined

    monkeypatch.setattr(confined, "LONGEST_WAIT", 0.01)

    with pytest.raises(HostileFile, match="too much time"):
        read_confined(b"<quiz/>", file="bank.xml", suffix=".xml", mapping={})


def test_the_child_cannot_take_memory_or_write_files(tmp_path):
    script = (
        "from question_bank.sources.child import confine; import sys; confine()\n"
        "try:\n bytearray(2 << 30)\n"
        "except MemoryError:\n print('no memory')\n"
        f"try:\n open({str(tmp_path / 'x')!r}, 'w').write('x' * 99)\n"
        "except OSError:\n print('no file')\n"
    )
    with Popen([sys.executable, "-c", script], stdout=PIPE, stderr=PIPE) as child:
        out, _err = child.communicate()

    assert b"no memory" in out
    assert not (tmp_path / "x").exists() or (tmp_path / "x").stat().st_size == 0


def test_a_large_text_is_read_in_the_child_and_tells_how_far_it_is(tmp_path):
    path = tmp_path / "bank.txt"
    stem = (
        "{0}.AA001 第{0}种电路中电流与电压成( )关系。\n(A)正比 (B)反比 (C)平方 (D)无关\n[答案] A\n"
    )
    path.write_text("".join(map(stem.format, range(1, 3001))), "utf-8")
    heard = []

    with open_store(tmp_path / "bank.db") as store:
        report = import_files(store, [path], progress=lambda *figures: heard.append(figures))

    assert (report.found, len(report.accepted)) == (3000, 3000)
    assert heard[0] == (0, 3000)
    assert heard[-1] == (3000, 3000)
    assert len(heard) > 20


def test_a_long_gap_costs_little_and_loses_no_item(tmp_path):
    path = tmp_path / "bank.txt"
    path.write_text(f"1.水的沸点是{' ' * 200_000}( )。\nA.1 B.2 C.3\n答案:A\n", "utf-8")

    with open_store(tmp_path / "bank.db") as store:
        report = import_files(store, [path])

    assert len(report.accepted) == 1


def test_a_whole_bank_in_one_line_is_read(tmp_path):
    """Options of one item and the number of the next without a break, a thousand times over."""
    path = tmp_path / "bank.txt"
    one = "{0}、第{0}种灭火器的压力表指针应在( )区。A、红 B、黄 C、绿 D、黑 "
    answers = " ".join(f"{number}.C" for number in range(1, 1201))
    path.write_text("".join(map(one.format, range(1, 1201))) + f"\n答案\n{answers}\n", "utf-8")

    with open_store(tmp_path / "bank.db") as store:
        report = import_files(store, [path])

    assert (report.found, len(report.accepted)) == (1200, 1200)


def test_a_picture_that_is_none_and_a_huge_one_are_listed(tmp_path):
    def build(document):
        for number, content in enumerate(
            [png(), b"GIF89a" + random.Random(1).randbytes(9 << 20)], start=1
        ):
            paragraph = document.add_paragraph(f"{number}.第{number}题是( )。")
            paragraph.add_run().add_picture(io.BytesIO(png(number)))
            part = [p for p in document.part.package.iter_parts() if "media" in p.partname][-1]
            part._blob = content
            document.add_paragraph("A.甲 B.乙 C.丙")
            document.add_paragraph("答案:A")

    path = tmp_path / "bank.docx"
    path.write_bytes(docx(build))
    with open_store(tmp_path / "bank.db") as store:
        report = import_files(store, [path])

    assert (len(report.accepted), len(report.listed)) == (1, 1)
    assert "PNG" in report.listed[0].reason
