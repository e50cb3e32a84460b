"""Forms are data: every definition loads, quotes its notice and prints the published headings."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from examday.filing import rules

FOLDER = Path("config/forms")
FORMS = rules.load_forms(FOLDER)
WORDS = rules.load_words(FOLDER)
CONTEXT = rules.FormContext(
    body=rules.BodyLine("示范企业", "Y000021012001"),
    batch=rules.BatchLine("2026-01", "第一批"),
    site="示范考点",
    contact="李四 024-12345678",
    filled_by="李四",
    filled_on="2026-11-03",
    held_on="2026-10-20",
    month="2026-10",
    candidate_kinds=frozenset({"staff"}),
    methods=frozenset({"exam"}),
)
# As the notices print them (冀职鉴字〔2021〕7号 附件3, 附件4; 辽人社〔2020〕22号 附件7).
PRINTED = {
    "hebei/arrangement": "认定日期 职业 工种 等级 人数 考点联系人和电话 理论考试 实操考试 考评员 督导员",
    "hebei/result_filing_1": "职业 工种 等级 准考人数 合格人数 证书号段",
    "hebei/result_filing_2": (
        "姓名 证件类型 证件号码 所在单位 职业名称 工种名称 职业技能等级 证书编号"
        " 发证日期 评价机构 发证机构"
    ),
    "hebei/application": "起止年月 在何单位从事何种职业（工种）或学习 证明人",
    "shandong/work_dispatch": (
        "序号 单位名称 准备备案企业数量 完成备案企业数量 已开展评价企业数量"
        " 本月取得职业技能等级证书人数 本年累计取得职业技能等级证书人数"
    ),
    "liaoning/result_summary": (
        "职业（工种）名称 初级工（五级） 中级工（四级） 高级工（三级） 技师（二级）"
        " 高级技师（一级） 小计"
    ),
}


class Blank:
    """A row that has every field, each empty."""

    def __getattr__(self, name: str) -> str:
        return ""


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_quotes_its_notice_and_fits_its_columns(form):
    filled = rules.fill(form, [], CONTEXT, WORDS, row=Blank() if form.each else None)
    width = len(filled.widths)

    assert "号" in form.source
    assert filled.texts()[0][0] == form.title.replace("{month}", CONTEXT.month)
    assert all(cell.column + cell.columns <= width for cell in filled.cells)


@pytest.mark.parametrize(("name", "headings"), PRINTED.items())
def test_headings_are_those_of_the_notice(name, headings):
    assert [column.heading for column in FORMS[name].columns] == headings.split()


def test_the_application_asks_for_everything_the_annex_names():
    filled = rules.fill(FORMS["hebei/application"], [], CONTEXT, WORDS, row=Blank())
    labels = {str(cell.value) for cell in filled.cells if cell.part in {"label", "side"}}

    assert labels == {
        "姓名",
        "性别",
        "联系电话",
        "一寸照片",
        "文化程度",
        "身份证号",
        "工作单位",
        "现从事岗位（年限）",
        "单位地址",
        "单位人资部门电话",
        "申报职业（工种）",
        "申报等级",
        "现有职业证书名称等级",
        "证书编号",
        "取证时间",
        "发证机构名称",
        "工作经历培训经历",
        "本人承诺",
        "工作单位意见",
        "评价机构考评结果",
    }


def test_the_application_speaks_the_annex_word_for_word():
    """冀职鉴字〔2021〕7号 附件1: the sentences that candidate, employer and body sign."""
    filled = rules.fill(FORMS["hebei/application"], [], CONTEXT, WORDS, row=Blank())
    text = "".join("".join(str(cell.value) for cell in filled.cells).split())

    for sentence in (
        "编号：",
        "本人自愿参加职业技能等级认定，承诺符合申报技能等级的条件，提供的信息资料真实有效。",
        "本人承诺签字：",
        (
            "该同志系我单位正式员工，在我单位部门（车间）从事岗位年（大写），经核实，"
            "符合《国家职业技能标准》规定的条件，考评合格后，我单位认可评价结果，并兑现相关工资待遇。"
        ),
        "备注：1、申报者必须如实填写，工作单位严格把关，加盖单位公章或人力资源部门印章，并负相关责任；",
        "2、按规定提供学历证书、职业等级或职称证书复印件和社保证明。",
        "3、本表一式两份，一份可纳入本人档案，另一份评价机构存档。",
    ):
        assert sentence in text, sentence


def test_a_label_beside_the_table_is_as_high_as_its_heading_and_lines():
    filled = rules.fill(FORMS["hebei/application"], [], CONTEXT, WORDS, row=Blank())

    [side] = [cell for cell in filled.cells if cell.part == "side"]
    first_line = next(cell for cell in filled.cells if cell.part == "body")

    assert (side.column, side.rows) == (0, 1 + FORMS["hebei/application"].blank)
    assert (first_line.column, first_line.row) == (1, side.row + 1)


@pytest.mark.parametrize(("years", "words"), [(0, "零"), (8, "捌"), (10, "壹拾"), (37, "叁拾柒")])
def test_years_are_written_in_capital_numerals(years, words):
    assert WORDS.capital(years) == words


def test_a_form_of_each_row_is_filled_once_for_every_row(tmp_path):
    rows = [Blank(), Blank(), Blank()]

    filled = rules.fill_each(FORMS["hebei/application"], rows, CONTEXT, WORDS)

    assert len(filled) == len(rows)


def test_two_row_heads_cover_their_columns():
    filled = rules.fill(FORMS["hebei/arrangement"], [], CONTEXT, WORDS)
    head = {cell.value: cell for cell in filled.cells if cell.part == "head"}

    assert (head["理论考试"].columns, head["理论考试"].rows) == (3, 1)
    assert (head["认定日期"].columns, head["认定日期"].rows) == (1, 2)
    assert filled.head == (2, 3)


def test_tick_boxes_show_the_choice_and_unknown_codes_as_others():
    form = FORMS["hebei/result_filing_1"]
    context = rules.FormContext(
        **{
            **{name: getattr(CONTEXT, name) for name in CONTEXT.__slots__},
            "candidate_kinds": frozenset({"staff", "retired"}),
        }
    )

    texts = rules.fill(form, [], context, WORDS).texts()

    assert texts[3][1] == "■本企业员工 □免费培训人员 □委托企业员工 □技工院校学生 ■其他"
    assert texts[4][1].startswith("■考核鉴定 □考评结合")


def test_the_last_row_sums_its_columns():
    rows = [
        rules.OccupationTotals("电工", intermediate=3),
        rules.OccupationTotals("焊工", senior=2),
    ]

    texts = rules.fill(FORMS["liaoning/result_summary"], rows, CONTEXT, WORDS).texts()

    assert texts[-1] == ["合　计", "0", "3", "2", "0", "0", "5"]


def test_a_new_form_is_one_file_and_no_python(tmp_path):
    folder = tmp_path / "forms"
    shutil.copytree(FOLDER, folder)
    (folder / "gansu" / "objection_report.toml").write_text(
        'title = "公示异议情况表"\nsource = "甘人社通〔2021〕138号 五(五)"\nstage = "publicised"\n'
        'rows = "objections"\ncolumns = [{heading = "编号", field = "number"},'
        ' {heading = "处理决定", field = "finding"}, {heading = "日期", field = "decided_on"}]\n',
        "utf-8",
    )
    row = rules.ObjectionRow("YY-1", date(2026, 10, 21), "张某", "成立", "更正", date(2026, 10, 26))

    forms = rules.load_forms(folder)
    texts = rules.fill(forms["gansu/objection_report"], [row], CONTEXT, WORDS).texts()

    assert texts == [
        ["公示异议情况表", "", ""],
        ["编号", "处理决定", "日期"],
        ["YY-1", "更正", "2026-10-26"],
    ]
    gansu = rules.forms_of("gansu", forms, rules.borrowed_forms(folder))
    assert "gansu/objection_report" in {form.name for form in gansu}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (('field = "subtotal"', 'field = "grand"'), "unknown column: grand"),
        (('rows    = "totals_by_occupation"', 'rows = "totals"'), "unknown row source: totals"),
        (('"body.name"', '"body.nickname"'), "unknown field: body.nickname"),
        (("landscape", "portrait"), "unknown key: portrait"),
        (("span = [1, 4]", "span = [1, 9]"), "7 columns"),
        (('stage   = "approved"', 'stage = "someday"'), "unknown stage: someday"),
        (("paper = ", "paper : "), "Expected"),
    ],
)
def test_an_unknown_name_fails_with_file_and_line(tmp_path, change, reason):
    text = (FOLDER / "liaoning/result_summary.toml").read_text("utf-8").replace(*change)
    line = next(n for n, each in enumerate(text.splitlines(), 1) if change[1] in each)
    path = tmp_path / "liaoning" / "result_summary.toml"
    path.parent.mkdir()
    path.write_text(text, "utf-8")

    with pytest.raises(rules.BadForm) as refused:
        rules.load_form(path)

    assert "result_summary.toml" in str(refused.value.params["file"])
    assert int(str(refused.value.params["line"])) == line
    assert reason in str(refused.value.params["reason"])


def test_a_province_keeps_its_own_form_and_borrows_the_rest():
    borrowed = rules.borrowed_forms(FOLDER)

    own = {form.name for form in rules.forms_of("liaoning", FORMS, borrowed)}

    assert own == {
        "liaoning/result_summary",
        "hebei/application",
        "hebei/proctor_sign_in",
        "hebei/examiner_sign_in",
        "hebei/unsealing",
        "hebei/candidate_sign_in",
        "hebei/room_record",
        "hubei/supervision_record",
        "gansu/publicity_report",
        "gansu/employer_summary",
        "hebei/roster_filing",
        "hebei/arrangement",
        "hebei/result_filing_1",
        "hebei/result_filing_2",
    }


def test_levels_without_a_column_are_in_the_sum_alone():
    """学徒工, 特级技师 and 首席技师 have no column in the foot of 考务安排表 (DOMAIN C6)."""
    totals = rules.LevelTotals(junior=2, others=3)

    assert totals.all == 5
