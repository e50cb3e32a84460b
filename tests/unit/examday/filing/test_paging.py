"""Long forms are broken into pages before they are typeset: never a line too few, nothing hidden."""

import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typst

from examday.demo import people
from examday.documents import count_pages
from examday.documents.fonts import load_fonts
from examday.filing import prints, rules
from examday.filing.prints import page as pages
from examday.filing.prints.paging import INSET, Row, pages_of, row_of

FOLDER = Path("config/forms")
FORM = rules.load_form(FOLDER / "hebei/result_filing_2.toml")
WORDS = rules.load_words(FOLDER)
AT = datetime(2026, 11, 3, tzinfo=UTC)
CONTEXT = rules.FormContext(
    body=rules.BodyLine("示范企业", "Y000021012001"),
    batch=rules.BatchLine("2026-01", "第一批"),
    site="示范考点",
    contact="李四",
    filled_by="李四",
    filled_on="2026-11-03",
    held_on="2026-10-20",
    month="2026-10",
)
ODD = [
    "阿卜杜热西提·买买提依明",
    "WWWWWWWW MMMMMMM",
    "ABB（中国）有限公司，沈阳分公司；第三车间。",
    "一、二、三、四、五、六、七、八、九、十",
    "取得五级/初级工职业资格证书后，累计从事本职业或相关职业工作满4年（含）以上",
    "1111111111 2222222222 3333333333",
    "“引号”与《书名号》（括号）……——",
]


def filled(count: int) -> rules.FilledForm:
    invented = people.invent(count)
    rows = [
        rules.CertifiedCandidate(
            serial=n,
            name=one["name"],
            sex="男",
            id_type="居民身份证",
            id_number=one["id_number"],
            employer=ODD[n % 50] if n % 50 < len(ODD) else one["employer"],
            occupation="电工",
            trade="--",
            level="四级/中级工",
            level_code=4,
            certificate_no=f"Y000021012001264{n:06d}",
            issued_on=AT.date(),
            assessment_body="示范重工集团有限公司",
            issuing_body="示范重工集团有限公司",
            education="高中",
            theory="80",
            practical="70",
            remark="",
        )
        for n, one in enumerate(invented, 1)
    ]
    return rules.fill(FORM, rows, CONTEXT, WORDS)


@pytest.mark.parametrize(("size", "width"), [(7.5, 36.0), (7.5, 82.0), (9.0, 60.0), (10.0, 95.0)])
def test_a_row_that_is_sure_is_never_lower_than_typst_makes_it(size, width):
    invented = people.invent(150)
    texts = [*ODD, *{one[key] for one in invented for key in ("name", "employer", "eligibility")}]
    source = (
        f'#set text(font: "Noto Serif SC", size: {size}pt, lang: "zh", region: "cn")\n'
        "#set par(justify: false, leading: 0.5em)\n"
        f"#let high(each) = measure(block(width: {width - 5}pt, each)).height.pt()\n"
        '#context { for each in json("data.json") [#metadata(high(each)) <height>] }\n'
    )
    files = {"main.typ": source.encode(), "data.json": json.dumps(texts).encode()}

    found = json.loads(
        typst.query(
            files, "<height>", field="value", font_paths=load_fonts(), ignore_system_fonts=True
        )
    )

    rows = [row_of([text], [width], size=size) for text in texts]
    sure = [
        (text, row, height)
        for text, row, height in zip(texts, rows, found, strict=True)
        if row.is_sure
    ]
    assert len(sure) > len(texts) / 2
    assert [each for each in sure if each[2] + 2 * INSET > each[1].height + 0.6] == []


def test_every_row_of_a_long_form_is_on_the_pages_that_were_reckoned(monkeypatch):
    form = filled(430)
    compiled = []
    typeset = pages.typeset
    monkeypatch.setattr(pages, "typeset", lambda *a, **k: compiled.append(a[1]) or typeset(*a, **k))

    pdf = prints.print_page((form,), at=AT)

    [data] = compiled  # a second run would say that the reckoning was wrong
    assert count_pages(pdf) == len(data["pages"]) > 20
    assert sum(data["pages"]) == 430
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    assert re.findall(r"Y000021012001264\d{6}", text) == [
        row[7] for row in form.texts() if row[7].startswith("Y0000")
    ]
    assert text.count("发证机构") == len(data["pages"])  # the head stands on each page
    last = len(data["pages"])
    assert re.search(rf"第\s*{last}\s*页\s+共\s*{last}\s*页", text)


def test_a_wrong_reckoning_costs_a_second_run_and_no_line(monkeypatch):
    form = filled(210)
    monkeypatch.setattr(pages, "pages_of", lambda rows, **_: [120, 90])

    pdf = prints.print_page((form,), at=AT)

    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    assert len(re.findall(rb"Y000021012001264\d{6}", text.stdout)) == 210
    assert not re.search(r"共\s*2\s*页", text.stdout.decode())


def test_rows_are_shared_out_by_what_a_page_holds():
    rows = [Row(10, is_sure=True)] * 7

    assert pages_of(rows, first=25, rest=30, tail=5) == [2, 3, 2]
    assert pages_of(rows[:5], first=25, rest=30, tail=1) == [2, 2, 1]
    assert pages_of(rows[:1], first=5, rest=30, tail=0) == [1]
