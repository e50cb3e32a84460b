"""A page looks the same everywhere, twice the same, and never prints a box for a character."""

import subprocess
from datetime import UTC, datetime

import pytest

from examday import documents

AT = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
TEMPLATE = """
#import "house.typ": *
#let it = json("data.json")
#show: sheet.with(title: it.title, code: "AB12")
#heading-block(it.title)
#it.name
#grid-table(columns: (2em, 1fr), header: ("序号", "姓名"), rows: it.rows)
#signature-row(("考评组长",))
"""
IT = {"title": "成绩登记表", "name": "阿卜杜拉·买买提", "rows": [["1", "张三㐂"]]}


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "page.typ"
    path.write_text(TEMPLATE, "utf-8")
    return path


def text_of(pdf):
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def test_the_page_says_what_the_data_say(template):
    text = text_of(documents.typeset(template, IT, timestamp=AT))

    assert "成绩登记表" in text
    assert "阿卜杜拉·买买提" in text
    assert "张三㐂" in text
    assert "第1页" in text.replace(" ", "")


def test_the_page_embeds_only_the_bundled_faces(template):
    pdf = documents.typeset(template, IT, timestamp=AT)

    listed = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True)
    lines = listed.stdout.decode().splitlines()[2:]

    assert lines
    assert all("NotoS" in line and "yes yes" in line for line in lines)


def test_the_same_input_gives_the_same_bytes(template):
    first = documents.typeset(template, IT, timestamp=AT)

    assert documents.typeset(template, IT, timestamp=AT) == first
    assert documents.typeset(template, {**IT, "name": "李四"}, timestamp=AT) != first


@pytest.mark.parametrize("character", ["𠮷", "\ue000", "🀄"])
@pytest.mark.parametrize("pdf_a", [True, False])
def test_a_character_without_a_glyph_is_named(template, character, pdf_a):
    with pytest.raises(documents.MissingGlyph) as refused:
        documents.typeset(template, {**IT, "name": f"李{character}"}, pdf_a=pdf_a, timestamp=AT)

    assert refused.value.params["character"] == character
    assert f"{ord(character):04X}" in str(refused.value)


def test_a_template_s_own_missing_character_is_named_too(template):
    template.write_text('#set text(font: "Noto Serif SC")\n你\ue001', "utf-8")

    with pytest.raises(documents.MissingGlyph) as refused:
        documents.typeset(template, {}, timestamp=AT)

    assert refused.value.params["character"] == "\ue001"


def test_every_character_of_gb2312_can_be_printed():
    characters = "".join(
        bytes([high, low]).decode("gb2312", "ignore")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
    )

    assert len(characters) == 6763
    assert documents.missing_glyphs(characters) == ""


def test_data_are_never_markup(template):
    name = '#read("data.json") $x$ *b*'

    assert name in text_of(documents.typeset(template, {**IT, "name": name}, timestamp=AT))


@pytest.mark.parametrize("path", ["/etc/passwd", "../setup.cfg", "setup.cfg"])
def test_a_template_reads_nothing_from_the_disk(template, path):
    template.write_text(f'#read("{path}")', "utf-8")

    with pytest.raises(documents.TypesettingFailed, match=r"page\.typ"):
        documents.typeset(template, {}, timestamp=AT)


def test_an_asset_is_found_by_its_name(template):
    template.write_text('#image("code.png", width: 3cm)', "utf-8")

    pdf = documents.typeset(
        template, {}, assets={"code.png": documents.qr_png("EX1-7")}, timestamp=AT
    )

    assert b"/Image" in pdf


def test_a_printed_code_is_read_back(tmp_path):
    import io

    import zxingcpp
    from PIL import Image

    picture = Image.open(io.BytesIO(documents.qr_png("26102000017.ABCDEF234567"))).convert("L")

    assert [code.text for code in zxingcpp.read_barcodes(picture)] == ["26102000017.ABCDEF234567"]
