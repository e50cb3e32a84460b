"""Word files: order, counting, raised digits, pictures; what is lost is never lost in silence."""

import io

import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from question_bank import import_files, open_store
from question_bank.errors import BadInput
from question_bank.items.pictures import PLACE, Picture
from question_bank.sources.docx import read_docx
from question_bank.sources.draft import Defaults, settle
from tests.factories.bank_files import docx, png, repacked


def settled(build):
    drafts = list(read_docx(docx(build), file="bank.docx"))
    return [settle(draft, Defaults()) for draft in drafts]


def lines(document, text):
    for line in text.split("\n"):
        document.add_paragraph(line)


def test_a_text_layout_in_word_is_read_as_in_text():
    def build(document):
        document.add_heading("一、单项选择题", 1)
        lines(document, "1.水的沸点是( )。\n(A)80℃(B)90℃\n(C)100℃(D)110℃\n[答案] C")
        document.add_heading("二、判断题", 1)
        lines(document, "1.铜能导电。\n答案:(√)")

    first, second = settled(build)

    assert (first.stem, first.options, first.answer) == (
        "水的沸点是( )。",
        ("80℃", "90℃", "100℃", "110℃"),
        "C",
    )
    assert (second.stem, second.answer) == ("铜能导电。", "√")


def test_options_in_a_table_stand_where_the_table_stands():
    def build(document):
        document.add_paragraph("1.导体是( )。")
        table = document.add_table(2, 2)
        for cell, text in zip(
            [cell for row in table.rows for cell in row.cells],
            ["A.铜", "B.木", "C.瓷", "D.云母"],
            strict=True,
        ):
            cell.text = text
        lines(document, "答案:A\n2.绝缘体是( )。\nA.铜 B.铁 C.瓷 D.银\n答案:C")

    first, second = settled(build)

    assert (first.options, first.answer) == (("铜", "木", "瓷", "云母"), "A")
    assert second.stem == "绝缘体是( )。"


NUMBERING = """<w:numbering {ns}>
 <w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/>
  <w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2."/></w:lvl>
 </w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""


def test_numbers_and_letters_word_counts_by_itself_are_written_out():
    def counted(document, level, text):
        paragraph = document.add_paragraph(text)
        properties = paragraph._p.get_or_add_pPr()
        properties.append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr>'
            )
        )

    def build(document):
        part = document.part.numbering_part
        part._element = parse_xml(NUMBERING.format(ns=nsdecls("w")))
        for stem, options, answer in (
            ("电流的单位是( )。", "伏安欧瓦", "B"),
            ("电阻的单位是( )。", "伏安欧瓦", "C"),
        ):
            counted(document, 0, stem)
            for option in options:
                counted(document, 1, option)
            document.add_paragraph(f"答案:{answer}")

    first, second = settled(build)

    assert (first.stem, first.options, first.answer) == (
        "电流的单位是( )。",
        ("伏", "安", "欧", "瓦"),
        "B",
    )
    assert (second.stem, second.answer) == ("电阻的单位是( )。", "C")


def test_raised_and_lowered_digits_keep_their_place():
    def build(document):
        paragraph = document.add_paragraph("1.10")
        paragraph.add_run("2").font.superscript = True
        paragraph.add_run("个CO")
        paragraph.add_run("2").font.subscript = True
        paragraph.add_run("的x")
        paragraph.add_run("a+b").font.superscript = True
        paragraph.add_run("是( )。")
        lines(document, "A.甲 B.乙 C.丙\n答案:A")

    (item,) = settled(build)

    assert item.stem == "10²个CO₂的x^{a+b}是( )。"


def test_a_picture_is_kept_with_the_item_it_stands_in(tmp_path):
    first, second = png(1), png(2)

    def build(document):
        lines(document, "1.铜能导电。\n答案:√")
        document.add_paragraph("2.如图所示的符号表示( )。").add_run().add_picture(io.BytesIO(first))
        paragraph = document.add_paragraph("A.电阻 B.")
        paragraph.add_run().add_picture(io.BytesIO(second))
        lines(document, "C.电感\n答案:B")

    path = tmp_path / "bank.docx"
    path.write_bytes(docx(build))
    with open_store(tmp_path / "bank.db") as store:
        report = import_files(store, [path])
        kept = store.pictures_of(report.accepted)

    plain, item = report.accepted
    assert plain.pictures == ()
    assert item.stem == f"如图所示的符号表示( )。{PLACE}"
    assert item.options == ("电阻", PLACE, "电感")
    assert [kept[digest].content for digest in item.pictures] == [first, second]


def test_an_equation_a_symbol_and_a_metafile_are_listed():
    def equation(document):
        paragraph = document.add_paragraph("1.计算")
        paragraph._p.append(
            parse_xml(
                '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
                "<m:phant><m:e><m:r><m:t>x</m:t></m:r></m:e></m:phant></m:oMath>"
            )
        )
        lines(document, "的结果是( )。\nA.1 B.2 C.3\n答案:A")

    def symbol(document):
        run = document.add_paragraph("1.符号").add_run()
        run._r.append(OxmlElement("w:sym"))
        lines(document, "是( )。\nA.1 B.2 C.3\n答案:A")

    def metafile(document):
        document.add_paragraph("1.图是( )。").add_run().add_picture(io.BytesIO(png()))
        next(
            p for p in document.part.package.iter_parts() if "media" in p.partname
        )._blob = b"\xd7\xcd\xc6\x9a"
        lines(document, "A.1 B.2 C.3\n答案:A")

    assert settled(equation) == [["it holds an equation that could not be read"]]
    assert "picture that cannot be printed" in settled(symbol)[0][0]
    assert "picture that cannot be printed" in settled(metafile)[0][0]


E = "<m:e><m:r><m:t>{}</m:t></m:r></m:e>"
SUM = "<m:r><m:t>a+b</m:t></m:r>"


@pytest.mark.parametrize(
    ("inner", "line"),
    [
        (
            (
                "<m:r><m:rPr/><m:t>I=</m:t></m:r><m:f><m:fPr><m:ctrlPr/></m:fPr><m:num><m:r><m:t>U</m:t>"
                "</m:r></m:num><m:den><m:r><m:t>R</m:t></m:r></m:den></m:f>"
            ),
            "I=U/R",
        ),
        (f"<m:f><m:num>{SUM}</m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>", "(a+b)/2"),
        (f"<m:sSup>{E.format('x')}<m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>", "x²"),
        (f"<m:sSup>{E.format('a+b')}<m:sup><m:r><m:t>k</m:t></m:r></m:sup></m:sSup>", "(a+b)^{k}"),
        (f"<m:sSub>{E.format('U')}<m:sub><m:r><m:t>1</m:t></m:r></m:sub></m:sSub>", "U₁"),
        (f"<m:rad><m:deg/>{E.format('2gh')}</m:rad>", "√(2gh)"),
        (f"<m:rad><m:deg><m:r><m:t>3</m:t></m:r></m:deg>{E.format('a+b')}</m:rad>", "∛(a+b)"),
        (
            f"<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=']'/></m:dPr>{E.format('a')}</m:d>",
            "[a]",
        ),
        (f"<m:func><m:fName><m:r><m:t>cos</m:t></m:r></m:fName>{E.format('φ')}</m:func>", "cos φ"),
        # What no line shows is no line: sums, matrices, stacks, an empty part.
        (f"<m:nary>{E.format('x')}</m:nary>", ""),
        ("<m:m/>", ""),
        (f"<m:acc>{E.format('x')}</m:acc>", ""),
        (
            (
                f"<m:f><m:fPr><m:type m:val='noBar'/></m:fPr><m:num>{SUM}</m:num><m:den>{SUM}</m:den>"
                "</m:f>"
            ),
            "",
        ),
        (f"<m:f><m:num>{SUM}</m:num><m:den/></m:f>", ""),
        (f"<m:rad><m:deg><m:r><m:t>5</m:t></m:r></m:deg>{E.format('x')}</m:rad>", ""),
        (f"<m:d>{E.format('x')}{E.format('y')}</m:d>", ""),
    ],
)
def test_an_equation_becomes_a_line_or_nothing(inner, line):
    from question_bank.sources.equations import in_a_line

    equation = parse_xml(
        '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
        f"{inner}</m:oMath>"
    )

    assert in_a_line(equation) == line


def test_an_item_with_a_clear_equation_enters():
    def build(document):
        paragraph = document.add_paragraph("1.欧姆定律是")
        paragraph._p.append(
            parse_xml(
                '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
                "<m:r><m:t>I=</m:t></m:r><m:f><m:num><m:r><m:t>U</m:t></m:r></m:num><m:den><m:r>"
                "<m:t>R</m:t></m:r></m:den></m:f></m:oMath>"
            )
        )
        lines(document, "。\n答案:√")

    assert settled(build)[0].stem.startswith("欧姆定律是I=U/R")


def test_deleted_text_of_tracked_changes_stays_out():
    def build(document):
        paragraph = document.add_paragraph("1.铜能")
        paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:t>不能</w:t></w:r></w:del>"))
        paragraph._p.append(
            parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>导电。</w:t></w:r></w:ins>")
        )
        document.add_paragraph("答案:√")

    assert settled(build)[0].stem == "铜能导电。"


@pytest.mark.parametrize("part", [b"", b"<w:document", b"<a/>", b"\x00\xff"])
def test_a_torn_document_is_unreadable(part):
    content = repacked(docx(lambda _document: None), **{"word/document.xml": part})

    with pytest.raises(BadInput):
        list(read_docx(content, file="bank.docx"))


def test_a_picture_counts_in_the_fingerprint():
    from question_bank import Item, Kind

    one = Item(id="A", kind=Kind.JUDGE, stem="图中是电容。", answer="√", pictures=("aa",))
    other = Item(id="B", kind=Kind.JUDGE, stem="图中是电容。", answer="×", pictures=("bb",))

    assert one.fingerprint != other.fingerprint
    assert Picture(png()).media_type == "image/png"
    assert Picture(b"<svg/>").media_type == ""
