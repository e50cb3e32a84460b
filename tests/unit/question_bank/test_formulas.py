"""Formulas between dollar signs and tables between bars: read, refused, and carried by files."""

from dataclasses import replace

import pytest
from defusedxml.ElementTree import fromstring

from question_bank import Item, Kind, export_items, import_files, open_store
from question_bank.items import Defect, defects
from question_bank.items.formulas import BadFormula, read_formula, signs, split_formulas
from question_bank.items.mathml import latex_of, mathml
from question_bank.items.tables import Table, split_tables, with_tables
from question_bank.sources.docx import read_docx
from question_bank.sources.draft import Defaults, settle
from question_bank.sources.exchange.markup import html_text
from tests.factories.bank_files import docx

ITEM = Item(
    id="F1",
    kind=Kind.SINGLE,
    stem="由下表和 $I=\\frac{U}{R}$ 可知( )。\n| U/V | R/Ω |\n|---|---|\n| 220 | $\\sqrt{2}$ |\n其余不计。",
    options=("$\\frac{1}{2}$", "$x_1^2$", "3"),
    answer="A",
    explanation="$\\sum_{i=1}^{n} i$",
)


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{U}{R}",
        r"x_1^2+\sqrt[3]{a+b}\le 3.5",
        r"\sum_{i=1}^{n} a_i",
        r"\overline{AB}\perp\vec{F}",
        r"\left(\frac{1}{2}\right)^n",
        r"\lim_{x\to 0} \sin\alpha",
        r"10^{-3}\,\Omega\ 5\% \text{安 培}",
        r"\begin{matrix}1 & 2 \\ 3 & 4\end{matrix}",
    ],
)
def test_what_mathml_shows_is_read_back_as_the_same_formula(latex):
    shown = mathml(read_formula(latex))

    again = latex_of(fromstring(shown))

    twice = mathml(read_formula(again))
    assert "".join(fromstring(twice).itertext()) == "".join(fromstring(shown).itertext())
    assert mathml(read_formula(latex_of(fromstring(twice)))) == twice


@pytest.mark.parametrize(
    "latex", [r"\foo", "a_", "{a", r"\frac{1}", r"\left(a", "a}", "a^2^3", "{" * 60, r"\input{x}"]
)
def test_a_formula_that_cannot_be_read_is_a_defect_of_its_item(latex):
    with pytest.raises(BadFormula):
        read_formula(latex)
    item = replace(ITEM, explanation=f"见 ${latex}$ 。")
    assert defects(item) == [Defect.BAD_FORMULA]


def test_prices_are_no_formulas_and_every_sign_has_a_code():
    assert split_formulas("原价$5，现价$6") == ["原价$5，现价$6"]
    assert defects(ITEM) == []
    assert all(read_formula(name)["code"] == code for name, code in signs().items())
    assert "<script" not in mathml(read_formula(r"\text{<script>}"))


def test_lines_of_cells_are_a_table():
    text = "见表\n| 电压 | 电流 |\n|---|---|\n| 220 | a\\|b |\n求\n|x|+|y|"

    assert split_tables(text) == [
        "见表",
        Table((("电压", "电流"), ("220", "a|b")), has_head=True),
        "求\n|x|+|y|",
    ]
    assert with_tables("a\tb\nc\td\ne\tf\tg") == "| a | b |\n| c | d |\ne\tf\tg"


@pytest.mark.parametrize("suffix", [".xlsx", ".xml", ".zip", ".txt"])
def test_formulas_and_tables_come_back_from_every_export(tmp_path, suffix):
    path = tmp_path / f"bank{suffix}"
    with open_store(tmp_path / "a.db") as store:
        store.put([ITEM])
        path.write_bytes(export_items(store, suffix))
    with open_store(tmp_path / "b.db") as store:
        report = import_files(store, [path])

    (back,) = report.accepted
    assert (back.stem, back.options, back.explanation) == (
        ITEM.stem,
        ITEM.options,
        ITEM.explanation,
    )


def test_mathematics_and_tables_of_other_programs_are_read():
    html = (
        "<p>电阻 \\(\\frac{U}{I}\\) 与 <math><msup><mi>x</mi><mn>2</mn></msup></math></p>"
        "<table><tr><th>U</th><th>I</th></tr><tr><td>1<sup>2</sup></td><td>3</td></tr></table>"
        "<p><math><mfoo/></math></p>"
    )

    text = html_text(html, str)

    assert text.startswith("电阻 $\\frac{U}{I}$ 与 ${x}^{2}$\n| U | I |\n|---|---|\n| 1² | 3 |\n")
    assert text.endswith("\N{OBJECT REPLACEMENT CHARACTER}equation\N{OBJECT REPLACEMENT CHARACTER}")


def test_word_equations_without_a_line_and_tables_of_a_stem_are_kept():
    def build(document):
        document.add_paragraph("1.")._p.append(_word_sum())
        document.paragraphs[-1].add_run("的各项见下表，和是( )。")
        table = document.add_table(0, 2)
        for row in (("i", "1/i"), ("1", "1"), ("2", "0.5")):
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        document.add_paragraph("A.1.5 B.2 C.3")
        document.add_paragraph("答案:A")

    (item,) = [settle(one, Defaults()) for one in read_docx(docx(build), file="w.docx")]

    assert item.stem == (
        "$\\sum_{i=1}^{n} \\frac{1}{i}$的各项见下表，和是( )。\n| i | 1/i |\n| 1 | 1 |\n| 2 | 0.5 |"
    )
    assert item.options == ("1.5", "2", "3")


def _word_sum():
    from docx.oxml import parse_xml as word_xml

    return word_xml(
        '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
        '<m:nary><m:naryPr><m:chr m:val="\N{N-ARY SUMMATION}"/></m:naryPr>'
        "<m:sub><m:r><m:t>i=1</m:t></m:r></m:sub><m:sup><m:r><m:t>n</m:t></m:r></m:sup>"
        "<m:e><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>i</m:t></m:r></m:den>"
        "</m:f></m:e></m:nary></m:oMath>"
    )
