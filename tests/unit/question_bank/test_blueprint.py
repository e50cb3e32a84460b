"""The published fragment holds; a changed weight or count fails and names the node."""

import io

import openpyxl
import pytest

from question_bank import BadInput, check, load_blueprint
from question_bank.sample.files import blueprint_toml

FRAGMENT = """
title = "机动车鉴定评估师 三级（片段）"
partial = true

[[ranges]]
code = "A-A"
name = "职业道德"
importance = "(11:02:00)"
weight = "5"

[[ranges]]
code = "AAA"
name = "职业道德基本知识"
importance = "05:02:00"
weight = "3"

[[ranges]]
code = "A-A-B"
name = "职业守则"
importance = "06:00:00"
weight = "2"
""" + "".join(
    f'\n[[points]]\ncode = "A-A-{leaf}-{number:03d}"\nname = "点{leaf}{number}"\nimportance = "{letter}"\n'
    for leaf, letters in (("A", "YXYXXXX"), ("B", "XXXXXX"))
    for number, letter in enumerate(letters, start=1)
)


def load(tmp_path, text, name="table.toml"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return load_blueprint(path)


def test_the_published_fragment_holds(tmp_path):
    assert check(load(tmp_path, FRAGMENT)) == []


@pytest.mark.parametrize(
    ("old", "new", "node", "reason"),
    [
        ('weight = "3"', 'weight = "4"', "A-A", "add up to 6, not 5"),
        ("05:02:00", "06:01:00", "A-A-A", "count 05:02:00, not 06:01:00"),
        ('"A-A-B-006"', '"A-A-B-005"', "A-A-B-005", "stands twice"),
        ('"A-A-B-006"', '"A-A-C-006"', "A-A-C-006", "no range A-A-C"),
        ('"A-A-B-006"', '"A-A-006"', "A-A-006", "points stand beside ranges"),
        ('weight = "2"', 'weight = "0"', "A-A-B", "more than zero"),
    ],
)
def test_a_contradiction_is_found_and_named(tmp_path, old, new, node, reason):
    findings = check(load(tmp_path, FRAGMENT.replace(old, new, 1)))

    assert any(one.node == node and reason in one.reason for one in findings), findings


def test_a_whole_table_must_weigh_one_hundred(tmp_path):
    findings = check(load(tmp_path, FRAGMENT.replace("partial = true", "")))

    assert any("add up to 5, not 100" in one.reason for one in findings)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('weight = "3"', "", "range A-A-A has no weight"),
        ('importance = "Y"', 'importance = "W"', "point A-A-A-001: importance"),
        ('"A-A-A-001"', '"A-A-A-1"', "point code"),
        ('code = "AAA"', 'code = "aa1"', "range code"),
        ("05:02:00", "5/2", "range A-A-A: X:Y:Z"),
        ("[[points]]", "[[point]]", "points"),
        ("title =", "title", "Expected"),
    ],
)
def test_a_table_that_cannot_be_read_is_unusable(tmp_path, old, new, why):
    with pytest.raises(BadInput, match=why):
        load(
            tmp_path,
            FRAGMENT.replace(old, new, 1) if old != "[[points]]" else FRAGMENT.replace(old, new),
        )


def test_the_flat_table_reads_like_the_toml_file(tmp_path, blueprint):
    rows = [["代码", "名称", "重要程度", "鉴定比重"]]
    rows += [
        [one.code, one.name, ":".join(f"{n:02d}" for n in one.triple), str(one.weight)]
        for one in blueprint.ranges
    ]
    rows += [[one.code.replace("-", ""), one.name, one.importance, ""] for one in blueprint.points]
    csv = load(tmp_path, "\n".join(",".join(row) for row in rows), "table.csv")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "table.xlsx")
    sheet = load_blueprint(tmp_path / "table.xlsx")

    assert csv.ranges == sheet.ranges == blueprint.ranges
    assert csv.points == sheet.points == blueprint.points
    assert check(csv) == check(sheet) == []


def test_the_sample_blueprint_survives_its_file(tmp_path, blueprint):
    again = load(tmp_path, blueprint_toml(blueprint))

    assert again.digest == blueprint.digest


def test_a_formula_in_the_table_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["代码", "名称", "重要程度", "鉴定比重"])
    book.active.append(["A", "甲", "1:0:0", "=100"])
    buffer = io.BytesIO()
    book.save(buffer)
    (tmp_path / "table.xlsx").write_bytes(buffer.getvalue())

    with pytest.raises(BadInput, match="formula"):
        load_blueprint(tmp_path / "table.xlsx")
