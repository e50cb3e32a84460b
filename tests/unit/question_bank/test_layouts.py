"""Every published layout is read; every defect banks really have is listed, not guessed at."""

import pytest

from question_bank.items import RIGHT, WRONG, Item, Kind
from question_bank.sources import Defaults, settle
from question_bank.sources.layouts.text import read_text

F1 = """第一章 直流电路
1.AA001 通过导体的电流与导体两端的电压成(    )关系。
(A)正比 (B)反比(C)平方(D)无关
2.AA002 电阻的国际单位是( )。
(A)安 (B)伏
(C)欧(D)瓦
6,AA002 电功率的国际单位是( )。
(A)安 (B)伏(C)欧(D)瓦
答案
1.A 2.C
6.D
"""
F2 = """1.标准大气压下冰的熔点是( )。
(A)0℃(B)10℃
(C)50℃(D)100℃
[答案] A
2.电容的单位是( )。
（A）安（B）伏（C）法（D）瓦
【答案】 C
【难度】 2
"""
F3 = """La5A1001 我国工频交流电的周期是（C）。
A、0.1 s
B、0.2 s
C、0.02 s
D、0.01 s
La5A2002 电压的单位是（B）。
A 、安
B.伏
Ｃ．欧
D、瓦
Jd4B3003 铜是导体。（√）
Lb5B1004 木材是导体。（×）
"""
F4 = """1. 电功率的表达式是()。
(A)P=UI; (B)P=U/I; (C)P=I/U; (D)P=U+I。
答案:A
2. 电流的单位是()。
(A)伏; (B)安; (C)欧; (D)瓦。
答案：Ｂ
"""
F5 = """一、单项选择题(第1题～第2题。选择一个正确的答案。每题1分，满分2分。)
1、百分表的分度值是（D）mm。
A、1
B、0.1
C、0.02
D、0.01
2.绝缘手套保护的是（B）。
A.头部
B.手部
C、脚部
D、眼睛
"""
F6 = """A 1. 绝缘鞋的作用是保护( )。
A、脚部
B、眼睛
C、手部
D、头部
C 2. 护目镜的作用是保护( )。
A、头部
B、手部
C、眼睛
D、脚部
"""
F7 = """1. 工作前应当检查工具。
答案:(√)
2. 带电部分可以用手触摸。
答案:(×)
"""
F8 = """所有金属的熔点都相同。()
此题为判断题(对,错)。
参考答案:×
解释:不同金属的熔点不同。
银能导电。()
此题为判断题(对,错)。
参考答案:√
"""
F9 = (
    "1、判断题离开岗位应当断开电源。答案:对2、单选安全色中表示禁止的是()。"
    "A、红B、黄C、绿D、蓝答案:A3、多选属于导体的有()。A、铜B、铝C、木D、铁答案:ABD"
)
F10 = """1. 电工的防护用品包括以下哪些?A. 安全帽B. 绝缘手套C. 绝缘鞋D. 手机答案:ABC
2. 属于电流单位的有哪些?
A. 安培B. 毫安C. 伏特D. 欧姆
正确答案:AB
分析:伏特是电压的单位。
"""
F11 = """1、下列单位中属于质量单位的是( )。A、米B、千克C、秒D、安正确答案:B
2、下列单位中属于时间单位的是( )。A、米B、千克C、秒D、安正确答案:C"""
F12 = """1、下列属于绝缘体的是?

A.铜

B.铝

C.铁

D.陶瓷

【答案】:D

解析:陶瓷不导电。

2、下列属于半导体的是?

A.硅

B.铝

C.铁

D.陶瓷

【答案】:A

解析:硅是半导体。
"""
LEADING = """一、判断题
( √ )1.铝能导电。
（×）2.塑料能导电。
3.铁能导电。( √ )
二、选择题
1.电流的单位是( )。
A.伏 B.安 C.欧 D.瓦 2.电压的单位是( )。
A.伏 B.安 C.欧 D.瓦
标准答案
二、选择题
1-2 BA
"""
EXPECTED = {
    "F1": (F1, "single", "ACD"),
    "F2": (F2, "single", "AC"),
    "F3": (F3, None, ["C", "B", RIGHT, WRONG]),
    "F4": (F4, "single", "AB"),
    "F5": (F5, "single", "DB"),
    "F6": (F6, "single", "AC"),
    "F7": (F7, "judge", [RIGHT, WRONG]),
    "F8": (F8, "judge", [WRONG, RIGHT]),
    "F9": (F9, None, [RIGHT, "A", "ABD"]),
    "F10": (F10, "multiple", ["ABC", "AB"]),
    "F11": (F11, "single", "BC"),
    "F12": (F12, "single", "DA"),
    "leading": (LEADING, None, [RIGHT, WRONG, RIGHT, "B", "A"]),
}


def settled(text, encoding="utf-8"):
    drafts = list(read_text(text.encode(encoding), file="bank.txt"))
    return [settle(draft, Defaults()) for draft in drafts]


def reasons(text):
    """The reasons of the only draft in a text."""
    (outcome,) = settled(text)
    assert isinstance(outcome, list), outcome
    return " / ".join(outcome)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("name", EXPECTED)
def test_a_published_layout_is_read(name, encoding):
    text, kind, answers = EXPECTED[name]

    items = settled(text, encoding)

    assert all(isinstance(item, Item) for item in items), items
    assert [item.answer for item in items] == list(answers)
    assert kind is None or {item.kind for item in items} == {Kind(kind)}
    assert all(len(item.options) == (4 if item.kind.has_options else 0) for item in items)


def test_windows_line_ends_change_nothing():
    assert settled(F12.replace("\n", "\r\n")) == settled(F12)


def test_code_number_and_answer_leave_the_stem():
    oil, power = settled(F1)[0], settled(F3)[0]

    assert oil.point == "A-A-001"
    assert oil.stem == "通过导体的电流与导体两端的电压成(    )关系。"
    assert oil.options == ("正比", "反比", "平方", "无关")
    assert power.stem == "我国工频交流电的周期是（ ）。"
    assert (power.difficulty, power.kind) == (1, Kind.SINGLE)


def test_an_option_over_two_lines_is_joined():
    (item,) = settled(
        "1.电流的方向规定为( )。\nA.正电荷定向\n移动的方向\nB.负电荷\nC.电子\nD.质子\n答案:A"
    )

    assert item.options[0] == "正电荷定向移动的方向"


def test_letters_in_the_stem_are_not_options():
    (item,) = settled(
        "1.测量A、B、C三相电压应选( )。\nA、电压表\nB、电流表\nC、功率表\nD、兆欧表\n答案:A"
    )

    assert item.stem == "测量A、B、C三相电压应选( )。"
    assert item.options == ("电压表", "电流表", "功率表", "兆欧表")


def test_a_missing_blank_and_a_spaced_one_are_fine():
    first, second = settled(
        "1.电流的单位是。\nA.伏 B.安 C.欧 D.瓦\n答案:B\n"
        "2.电压的单位是(     )。\nA.伏 B.安 C.欧 D.瓦\n答案:A"
    )

    assert (first.answer, second.answer) == ("B", "A")


def test_a_judge_item_may_offer_right_and_wrong_as_options():
    (item,) = settled("1.铜能导电。\nA、对 B、错\n答案:A")

    assert (item.kind, item.answer, item.options) == (Kind.JUDGE, RIGHT, ())


def test_all_of_the_above_keeps_its_place():
    (item,) = settled("1.导体有( )。\nA.铜 B.铝 C.铁 D.以上都对\n答案:D")

    assert item.fixed_order


def test_an_option_that_begins_like_the_next_number_stays_an_option():
    (item,) = settled("2.结果是( )。\n(A)1.5 V\n(B)2.5 V\n(C)3.2 V\n(D)4.1 V\n答案:C")

    assert item.options == ("1.5 V", "2.5 V", "3.2 V", "4.1 V")


def test_a_unit_in_brackets_in_the_last_option_is_no_mark():
    (item,) = settled(
        "2.说法正确的是( )。\n(A)电流的单位是伏(V)\n(B)无\n(C)无单位\n(D)电容的单位是法(F)\n答案:D"
    )

    assert item.options[3] == "电容的单位是法(F)"


def test_open_questions_take_their_answers_from_the_list():
    items = settled(
        "一、简答题\n1.什么是电流?\n2.什么是电压?\n答案\n一、简答题\n1.电荷的定向移动。\n2.电位之差。\n"
    )

    assert [(item.kind, item.answer) for item in items] == [
        (Kind.SHORT, "电荷的定向移动。"),
        (Kind.SHORT, "电位之差。"),
    ]


STEM = "1.电流的单位是( )。\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (STEM + "A.伏 B.安 C.伏 D.瓦\n答案:B", "two options have the same text"),
        (STEM + "A.伏 B.安 C.Ｖ D.V\n答案:B", "two options have the same text"),
        (STEM + "A.伏 B.安 C.欧 D.瓦\n答案:E", "does not exist"),
        ("一、单选题\n" + STEM + "A.伏 B.安 C.欧 D.瓦\n答案:ABCD", "more than one answer"),
        ("一、多选题\n" + STEM + "A.伏 B.安 C.欧 D.瓦\n答案:B", "at least two answers"),
        ("一、单选题\n" + STEM + "A.伏 B.安 C.欧 D.瓦", "no answer"),
        (STEM + "(A)伏 (B)安 G欧 (D)瓦\n答案:B", "do not follow each other"),
        (STEM + "A.伏\nB.安\nB.欧\nD.瓦\n答案:B", "do not follow each other"),
        (STEM + "A.伏 B.安\n答案:B", "at least three options"),
        (STEM + "A.伏 B. C.欧 D.瓦\n答案:A", "an option has no text"),
        (STEM + "A.伏 B.安 C.欧 D.瓦\n答案:甲", "kind of the item is unclear"),
        ("一、单选题\n1.电流的单位是(A)。\nA.安 B.伏 C.欧 D.瓦\n答案:B", "two different answers"),
        ("B 1. 电流的单位是( )。\nA.安 B.伏 C.欧 D.瓦\n答案:A", "two different answers"),
        ("1.如图所示电路的电流为( )。\nA.1 B.2 C.3 D.4\n答案:A", "speaks of a picture"),
        ("1.\ufffd流的单位是( )。\nA.伏 B.安 C.欧 D.瓦\n答案:B", "damaged or control character"),
        ("1.( )。\nA.伏 B.安 C.欧 D.瓦\n答案:B", "stem is missing"),
        ("1.什么是电流?\n答案:电荷的定向移动", "kind of the item is unclear"),
        (STEM + "A.伏 B.安 C.欧 D.瓦\n答案:B\n[难度] 9", "difficulty"),
        (STEM + "A.伏 B.安 C.欧 D.瓦\n答案:B\n[鉴定点] A1", "code of the point"),
        ("一、判断题\n1.铜能导电。\n答案:也许", "cannot be understood"),
        ("1." + "长" * 5000 + "( )。\nA.伏 B.安 C.欧 D.瓦\n答案:B", "longer than 4000"),
    ],
)
def test_an_unclear_item_is_listed_with_its_reason(text, reason):
    assert reason in reasons(text)


def test_a_unit_in_brackets_is_no_answer():
    (item,) = settled("1.电流的单位是安培(A)的量，单位符号为( )。\nA.安 B.伏 C.欧 D.瓦\n答案:A")

    assert item.stem == "电流的单位是安培(A)的量，单位符号为( )。"


def test_two_letters_in_stem_brackets_are_unclear():
    text = "一、单选题\n1.先(A)后(B)。\nA.安 B.伏 C.欧 D.瓦"

    assert "cannot be understood" in reasons(text)


def test_a_heading_between_items_never_joins_an_option():
    first, second = settled(
        "1.电流的单位是( )。\nA.伏\nB.安\nC.欧\nD.瓦\n答案:B\n第二章 电压\n"
        "1.电压的单位是( )。\nA.伏\nB.安\nC.欧\nD.瓦\n答案:A"
    )

    assert first.options[3] == second.options[3] == "瓦"
    assert first.explanation == ""


def test_a_listed_answer_that_could_mean_two_items_answers_neither():
    one = "1.{}的单位是( )。\nA.伏 B.安 C.欧 D.瓦\n"
    outcomes = settled("一、单选题\n" + one.format("电压") + one.format("电流") + "答案\n1.A\n")

    assert outcomes == [["there is no answer"]] * 2
