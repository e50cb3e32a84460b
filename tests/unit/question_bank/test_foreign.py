"""Workbooks of others: headings mapped by words, by the office, options in one cell."""

import io

import openpyxl
import pytest

from question_bank import BadInput, Kind, import_files, open_store, propose_mapping


@pytest.fixture
def imported(tmp_path):
    def call(rows, **mapping):
        path = tmp_path / "foreign.xlsx"
        path.write_bytes(workbook(rows))
        with open_store(tmp_path / "bank.db") as store:
            return import_files(store, [path], mapping=mapping)

    return call


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_title_above_the_heading_and_usual_words_need_no_mapping(imported):
    report = imported(
        [
            ["某公司题库", None, None, None, None, None],
            ["题目类型", "题目内容", "答案选项A", "答案选项B", "答案选项C", "参考答案"],
            ["单选题", "导体是( )。", "铜", "木", "瓷", "A"],
        ]
    )

    (item,) = report.accepted
    assert (item.stem, item.options, item.answer) == ("导体是( )。", ("铜", "木", "瓷"), "A")


def test_the_office_says_what_strange_columns_hold(imported):
    report = imported(
        [
            ["Frage", "a1", "a2", "a3", "Loesung", "答案"],
            ["导体是( )。", "铜", "木", "瓷", "A", "无关"],
        ],
        Frage="stem",
        a1="option_A",
        a2="option_B",
        a3="option_C",
        Loesung="answer",
        答案="",
    )

    (item,) = report.accepted
    assert (item.stem, item.options, item.answer) == ("导体是( )。", ("铜", "木", "瓷"), "A")


@pytest.mark.parametrize(
    "cell", ["A.铜 B.木 C.瓷", "A、铜\nB、木\nC、瓷", "铜\n木\n瓷", "铜|木｜瓷", "(A)铜(B)木(C)瓷"]
)
def test_options_of_one_cell_are_split(imported, cell):
    report = imported([["题干", "选项", "答案"], ["导体是( )。", cell, "A"]])

    assert report.accepted[0].options == ("铜", "木", "瓷")
    assert report.accepted[0].kind is Kind.SINGLE


def test_a_mapping_is_proposed_with_samples():
    content = workbook([["题库"], ["题目", "备注", "答案"], ["甲", "x", "对"], ["乙", "y", "错"]])

    assert propose_mapping(content, file="f.xlsx") == [
        ("题目", "stem", ("甲", "乙")),
        ("备注", "", ("x", "y")),
        ("答案", "answer", ("对", "错")),
    ]


def test_a_row_of_answers_is_not_taken_for_the_heading():
    content = workbook([["", "", ""], ["Frage", "Wahl", "Loesung"], ["x", "A.1 B.2 C.3", "B"]])

    assert [heading for heading, *_rest in propose_mapping(content, file="f.xlsx")] == [
        "Frage",
        "Wahl",
        "Loesung",
    ]


def test_two_columns_of_one_meaning_are_no_heading(imported):
    with pytest.raises(BadInput, match="heading"):
        imported([["题干", "题目", "答案"], ["甲", "乙", "对"]])
