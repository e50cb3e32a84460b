"""F13: practical items with preparation, tools and marking table, from text and from Word."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from question_bank import (
    BadInput,
    Status,
    draw_tasks,
    drawn_by,
    import_files,
    open_store,
    preparation_notice,
    record_table,
    slots_in,
)
from question_bank.items.practicals import Fault, faults
from question_bank.sources.draft import Defaults
from question_bank.sources.practicals.reading import read_practicals, settle_practical
from question_bank.sources.practicals.writing import write_practicals
from tests.factories.bank_files import docx

HEAD = """职业技能鉴定操作技能试题
一、AA001 用万用表测直流电压
1.考试要求
(1)着装规范。
(2)操作正确。
2.准备要求
(1)场地准备：工位照明良好。
(2)人员准备：每工位一人。
名称\t规格\t单位\t数量\t备注
万用表\tMF47\t块\t1\t
直流电源\t0～30V\t台\t1\t可调
3.操作程序说明
(1)检查仪表。
(2)选择量程。
4.考试规定说明
(1)违章操作停止考试。
5.考试时限
(1)准备时间:2 min (不计入考试时间)。
(2)正式操作:20 min。
6.评分记录表
"""
TABLE = """序号\t考核内容\t评分要素\t配分\t评分标准\t检测结果\t扣分\t得分
1\t准备\t检查表笔\t20\t未检查扣20分\t\t\t
2\t测量\t选择量程\t50\t量程选错扣50分\t\t\t
\t\t读数\t30\t读数错误扣30分\t\t\t
3\t安全\t否定项：带电换挡\t\t出现即为不合格\t\t\t
合计\t\t\t100\t\t\t\t
"""


def settled(text):
    return [settle_practical(draft, Defaults()) for draft in read_practicals(text)]


def test_a_task_is_read_whole():
    (task,) = settled(HEAD + TABLE)

    assert (task.point, task.title) == ("A-A-001", "用万用表测直流电压")
    assert task.requirements == ("着装规范。", "操作正确。")
    assert task.preparation == ("场地准备：工位照明良好。", "人员准备：每工位一人。")
    assert [(one.name, one.count, one.note) for one in task.tools] == [
        ("万用表", "1", ""),
        ("直流电源", "1", "可调"),
    ]
    assert (task.minutes_to_prepare, task.minutes) == (2, 20)
    assert [(row.content, row.mark, row.is_veto) for row in task.rubric] == [
        ("准备", "20", False),
        ("测量", "50", False),
        ("测量", "30", False),
        ("安全", "", True),
    ]
    assert faults(task) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda text: text.replace("\t30\t", "\t35\t"), Fault.MARKS_DIFFER),
        (lambda text: text.replace("\t30\t", "\t三十\t"), Fault.MARK_UNCLEAR),
        (lambda text: text.replace("正式操作:20 min", "正式操作另行通知"), Fault.TIME_MISSING),
        (lambda text: text[: text.index("6.评分")], Fault.RUBRIC_MISSING),
        (
            lambda text: text.replace("(1)着装规范。\n(2)操作正确。\n", ""),
            Fault.REQUIREMENTS_MISSING,
        ),
        (lambda text: text.replace("合计\t\t\t100", "合计\t\t\t90"), Fault.MARKS_DIFFER),
    ],
)
def test_a_task_with_a_defect_is_listed_with_its_line(tmp_path, change, fault):
    path = tmp_path / "tasks.txt"
    path.write_text(change(HEAD + TABLE), "utf-8")
    with open_store(tmp_path / "bank.db") as store:
        report = import_files(store, [path])

    assert (report.found, report.practicals) == (1, ())
    assert report.listed[0].line == 2
    assert fault in report.listed[0].reasons


def test_word_tables_become_tools_and_rubric(tmp_path):
    def build(document):
        for line in HEAD.split("\n"):
            if "\t" not in line:
                document.add_paragraph(line)
            elif line.startswith("名称"):
                table = document.add_table(0, 5)
                for row in [row for row in HEAD.split("\n") if "\t" in row]:
                    for cell, text in zip(table.add_row().cells, row.split("\t"), strict=True):
                        cell.text = text
        table = document.add_table(0, 8)
        for row in TABLE.rstrip("\n").split("\n"):
            for cell, text in zip(table.add_row().cells, row.split("\t"), strict=True):
                cell.text = text
        table.cell(2, 1).merge(table.cell(3, 1))

    path = tmp_path / "tasks.docx"
    path.write_bytes(docx(build))
    with open_store(tmp_path / "bank.db") as store:
        report = import_files(store, [path])
        again = import_files(store, [path])
        kept = store.practicals()

    (expected,) = settled(HEAD + TABLE)
    (task,) = report.practicals
    assert replace(task, id="", preparation=()) == replace(expected, id="", preparation=())
    assert kept == list(report.practicals) == list(again.practicals)


def test_tasks_come_back_from_their_export():
    (task,) = settled(HEAD + TABLE)
    other = replace(task, title="用钳形表测电流", point="A-A-002").named("")

    assert settled(write_practicals([task, other])) == [task, other]


def test_an_edited_task_is_a_new_version(tmp_path):
    (task,) = settled(HEAD + TABLE)
    with open_store(tmp_path / "bank.db") as store:
        store.put_practicals([task])
        store.put_practicals([task])
        (changed,) = store.put_practicals([replace(task, minutes=25)])

        assert (changed.version, store.practicals()) == (2, [changed])


def test_notice_and_record_table_hold_what_the_site_and_the_examiner_need():
    (task,) = settled(HEAD + TABLE)

    notice, table = preparation_notice(task), record_table(task, weight=Decimal(40))

    assert notice["tools"][0] == {
        "name": "万用表",
        "model": "MF47",
        "unit": "块",
        "count": "1",
        "note": "",
    }
    assert (notice["minutes_to_prepare"], table["weight"]) == (2, "40")
    assert sum(Decimal(row["mark"]) for row in table["rows"] if not row["veto"]) == 100
    assert "standard" not in str(notice)


def test_a_merged_mark_holds_for_the_rows_below_it():
    merged = TABLE.replace("\t\t读数\t30\t读数错误扣30分", "\t\t读数\t\t读数错误").replace(
        "\t50\t", "\t80\t"
    )

    (task,) = settled(HEAD + merged)

    assert task.rubric[1].element == "选择量程\n读数"
    assert task.rubric[1].mark == "80"


def drawn(tasks, **changed):
    given = {"form": "P1", "source": "dice", "entropy": "3 5 1 6 2 4", "title": "t"} | changed
    weights = given.pop("weights", {"A-A-001": Decimal(70), "A-A-002": Decimal(30)})
    return draw_tasks(slots_in(tasks), weights, occupation="", level=4, **given)


@pytest.fixture
def tasks():
    (task,) = settled(HEAD + TABLE)
    return [
        *(replace(task, title=f"task {number}").named("") for number in range(4)),
        replace(task, point="A-A-002", title="other").named(""),
    ]


def test_lots_draw_one_task_of_each_point_and_anybody_draws_them_again(tasks):
    papers = [drawn(tasks, entropy=f"the dice say {number}") for number in range(40)]

    ids = [[task.id for task, _weight in paper.tasks] for paper in papers]
    assert {one[0] for one in ids} == {task.id for task in tasks[:4]}  # chance leaves nobody out
    assert {one[1] for one in ids} == {tasks[4].id}
    for paper, names in zip(papers, ids, strict=True):
        assert drawn_by(json.loads(json.dumps(paper.payload()["lots"]))) == names
        assert [str(weight) for _task, weight in paper.tasks] == ["70", "30"]
    assert drawn(tasks[::-1]).lots == drawn(tasks).lots  # the order of the bank is no matter
    assert drawn(tasks, form="P2").lots != drawn(tasks).lots


def test_the_notice_and_the_rubric_of_a_practical_paper(tasks):
    paper = drawn(tasks)

    assert "task" not in json.dumps(paper.notice)
    assert "A-A-00" not in json.dumps(paper.notice)
    assert [one["tools"][0]["name"] for one in paper.notice] == ["万用表", "万用表"]
    rubric = paper.wire["rubric"]["tasks"][0]
    assert [item["most"] for item in rubric["items"]] == ["20", "50", "30"]
    assert len(rubric["vetoes"]) == 1


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"weights": {"A-A-001": Decimal(70)}}, "70"),
        ({"weights": {"A-A-001": Decimal(100), "A-A-009": Decimal(0)}}, "A-A-009"),
        ({"weights": {"A-A-001": Decimal(130), "A-A-002": Decimal(-30)}}, "100"),
        ({"entropy": "3"}, "6"),
    ],
)
def test_a_practical_paper_that_nobody_could_defend_is_refused(tasks, changed, why):
    with pytest.raises(BadInput, match=why):
        drawn(tasks, **changed)


def test_only_live_tasks_are_drawn(tasks):
    drafts = [replace(task, status=Status.DRAFT) for task in tasks]
    assert slots_in(drafts) == []
