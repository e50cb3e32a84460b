"""Found = accepted + listed, whatever the file; and what the store keeps."""

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank import BadInput, Defaults, Kind, Source, Status, import_files, open_store
from question_bank.items import Item

GOOD = "{number}.第{name}种材料的用途是( )。\n(A)导电{name} (B)绝缘{name}\n(C)导磁{name} (D)装饰{name}\n[答案] {answer}\n"


def bank(tmp_path, text, name="bank.txt"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


@given(st.lists(st.sampled_from(["A", "D", "E", "", "AB", "?"]), min_size=1, max_size=25))
@settings(deadline=None, max_examples=40)
def test_items_in_are_accepted_plus_listed(tmp_path_factory, answers):
    text = "一、单选题\n" + "".join(
        GOOD.format(number=number, name=number, answer=answer)
        for number, answer in enumerate(answers, start=1)
    )
    folder = tmp_path_factory.mktemp("bank")

    with open_store(folder / "bank.db") as store:
        report = import_files(store, [bank(folder, text)])
        kept = list(store.current())

    assert report.found == len(answers) == len(report.accepted) + len(report.listed)
    assert len(report.accepted) == sum(answer in {"A", "D"} for answer in answers)
    assert sorted(item.id for item in kept) == sorted(item.id for item in report.accepted)
    lines = text.split("\n")
    assert all(one.text.split("\n")[0] in lines[one.line - 1] for one in report.listed)


@given(
    st.text(
        alphabet=string.printable + "第题答案解析对错√×（）()【】、。．：一二ＡＢＣ１２",
        max_size=300,
    )
)
@settings(deadline=None, max_examples=150)
def test_no_text_whatever_breaks_the_reader(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("noise")

    with open_store(folder / "bank.db") as store:
        try:
            report = import_files(store, [bank(folder, text)])
        except BadInput:
            return

    assert report.found == len(report.accepted) + len(report.listed) > 0


def test_the_same_text_enters_once(tmp_path):
    one = "1.电流的单位是( )。\nA.伏 B.安 C.欧 D.瓦\n答案:B\n"
    same = "2.电流 的单位是（　）\nA.伏 B.安 C.欧 D.瓦\n答案:B\n"
    with open_store(tmp_path / "bank.db") as store:
        first = import_files(store, [bank(tmp_path, one + same)])
        again = import_files(store, [bank(tmp_path, one)])

    assert [entry.reason for entry in first.listed] == [
        "the same text stands earlier in this import"
    ]
    assert [entry.reason for entry in again.listed] == ["the same text is already in the bank"]


def test_ten_squared_is_not_one_hundred_and_two(tmp_path):
    text = "1.结果是( )。\nA.10² B.102 C.10 D.2\n答案:A\n"
    with open_store(tmp_path / "bank.db") as store:
        report = import_files(store, [bank(tmp_path, text)])

    assert len(report.accepted) == 1


def test_one_unreadable_file_keeps_the_others_out(tmp_path):
    good = bank(tmp_path, GOOD.format(number=1, name="甲", answer="A"))
    empty = bank(tmp_path, "没有题目\n", "empty.md")
    with open_store(tmp_path / "bank.db") as store:
        with pytest.raises(BadInput, match=r"no item|cannot be read"):
            import_files(store, [good, tmp_path / "missing.txt"])

        assert list(store.current()) == []
    assert empty.exists()


@pytest.mark.parametrize(
    "content", [b"\x00\x01binary", b"1.\xff\xfe\xfa", b"", b"\x89PNG\r\n\x1a\n\x00\x00"]
)
def test_a_file_that_is_no_text_is_refused(tmp_path, content):
    path = tmp_path / "bank.txt"
    path.write_bytes(content)

    with open_store(tmp_path / "bank.db") as store, pytest.raises(BadInput):
        import_files(store, [path])


def test_what_the_office_says_of_a_file_fills_what_items_leave_open(tmp_path):
    text = GOOD.format(number=1, name="甲", answer="A") + "[来源] 行业\n"
    defaults = Defaults(source=Source.NATIONAL, status=Status.DRAFT, point="A-A-001", difficulty=2)
    with open_store(tmp_path / "bank.db") as store:
        (item,) = import_files(store, [bank(tmp_path, text)], defaults=defaults).accepted

    assert (item.source, item.status) == (Source.INDUSTRY, Status.DRAFT)
    assert (item.point, item.difficulty, item.may_be_drawn) == ("A-A-001", 2, False)


def test_long_hostile_lines_cost_little(tmp_path):
    """Nothing in the grammar may take quadratic time over a hostile line."""
    noise = random.Random(5)
    parts = ["答案:", "A、", "(A)", "1.", " ", "【解析】", "x", "(", "√"]
    for part in parts:
        text = "1.题( )。\nA.甲 B.乙 C.丙\n答案:A\n2.题( )\n" + part * 40_000
        with open_store(tmp_path / f"{noise.random()}.db") as store:
            assert import_files(store, [bank(tmp_path, text)]).found >= 1


# -- the store ---------------------------------------------------------------------------------


def item(**changes):
    values = {
        "id": "S1",
        "kind": Kind.JUDGE,
        "stem": "铜能导电。",
        "answer": "√",
        "point": "A-A-001",
        "difficulty": 1,
    }
    return Item(**values | changes)


def test_an_edit_is_a_new_version_and_the_old_one_stays(tmp_path):
    with open_store(tmp_path / "bank.db") as store:
        store.put([item()])
        store.put([item()])
        store.put([item(stem="铜和铝都能导电。")])

    with open_store(tmp_path / "bank.db") as store:
        newest, first = store.find("S1"), store.find("S1", 1)
        versions = [one.version for one in store.current()]

    assert (newest.version, newest.stem) == (2, "铜和铝都能导电。")
    assert first.stem == "铜能导电。"
    assert versions == [2]


def test_a_snapshot_outlives_edits_and_remembers_usage(tmp_path):
    with open_store(tmp_path / "bank.db") as store:
        store.put([item(), item(id="S2", stem="铝能导电。")])
        store.record_use("2026-1", {"A": [("S1", 1)]})
        store.record_use("2026-2", {"A": [("S2", 1)]})
        frozen = store.snapshot()
        store.put([item(stem="改过的题。")])
        again = store.find_snapshot(frozen.digest)
        own = store.snapshot(batch="2026-2")

        assert again == frozen
        assert [(one.item.stem, one.uses, one.age) for one in frozen.entries] == [
            ("铜能导电。", 1, 2),
            ("铝能导电。", 1, 1),
        ]
        assert [(one.uses, one.age) for one in own.entries] == [(1, 1), (0, 0)]


def test_a_changed_byte_in_a_stored_item_is_noticed(tmp_path):
    from question_bank.store import sqlite

    with open_store(tmp_path / "bank.db") as store:
        store.put([item()])
        digest = store.snapshot().digest
    raw = sqlite.connect(str(tmp_path / "bank.db"))
    raw.execute("UPDATE items SET content = CAST(replace(content, '铜', '铁') AS BLOB)")
    raw.commit()
    raw.close()

    with open_store(tmp_path / "bank.db") as store, pytest.raises(BadInput, match="altered"):
        store.find_snapshot(digest)


def test_a_foreign_or_newer_file_is_no_store(tmp_path):
    from question_bank.store import sqlite

    (tmp_path / "text.db").write_text("not a database, but long enough to look at" * 9)
    other = sqlite.connect(str(tmp_path / "other.db"))
    other.execute("CREATE TABLE anything (x)")
    other.close()
    open_store(tmp_path / "newer.db").close()
    newer = sqlite.connect(str(tmp_path / "newer.db"))
    newer.execute("PRAGMA user_version = 99")
    newer.close()

    for name in ("text.db", "other.db", "newer.db"):
        with pytest.raises(BadInput):
            open_store(tmp_path / name)
    with pytest.raises(BadInput, match="no such file"):
        open_store(tmp_path / "absent.db", create=False)


@pytest.mark.parametrize("column", ["difficulty = 5", "point = 'A-A-002'", "status = 'draft'"])
def test_a_column_that_says_other_than_its_item_is_noticed(tmp_path, column):
    """Draws read columns; an audit holds them against what the items say themselves."""
    from question_bank.store import sqlite

    open_store(tmp_path / "bank.db").put([item()])
    raw = sqlite.connect(str(tmp_path / "bank.db"))
    raw.execute(f"UPDATE items SET {column}")
    raw.commit()
    raw.close()

    with open_store(tmp_path / "bank.db") as store:
        digest = store.snapshot().digest
        with pytest.raises(BadInput, match="altered"):
            store.find_snapshot(digest)


def test_a_store_of_the_first_version_is_carried_over(tmp_path):
    from question_bank.store import sqlite
    from question_bank.store.schema import APPLICATION_ID, MIGRATIONS

    with open_store(tmp_path / "new.db") as store:
        store.put([item(difficulty=3, enemies=("E1",))])
        expected = store.snapshot().digest
    raw = sqlite.connect(str(tmp_path / "new.db"))
    row = raw.execute(
        "SELECT id, version, is_current, kind, point, fingerprint, digest, content FROM items"
    ).fetchone()
    raw.close()
    old = sqlite.connect(str(tmp_path / "old.db"), isolation_level=None)
    old.executescript(MIGRATIONS[0])
    old.execute("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    old.execute("PRAGMA user_version = 1")
    old.close()

    with open_store(tmp_path / "old.db") as store:
        assert store.snapshot().digest == expected
