"""Draft, reviewed, live, retired: in this order, by two people, and every step is kept."""

import pytest

from question_bank import BadInput, Item, Kind, Refusal, Status, import_files, open_store, workflow
from question_bank.items.likeness import bands_of, is_near, likeness, pairs_of
from question_bank.sources.vocabulary import vocabulary

AT = "2026-10-01T09:00:00+08:00"


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "bank.db") as opened:
        yield opened


def item(name="S1", **changes):
    values = {
        "id": name,
        "kind": Kind.SINGLE,
        "stem": f"第{name}种导体是( )。",
        "options": ("铜", "木", "瓷"),
        "answer": "A",
        "point": "A-A-001",
        "difficulty": 1,
    }
    return Item(**values | changes)


def test_an_item_goes_its_way_in_four_steps_and_each_is_kept(store):
    workflow.submit(store, item(), by="wang", at=AT)
    workflow.review(store, "S1", by="zhao", at=AT)
    live = workflow.release(store, "S1", by="zhao", at=AT)
    retired = workflow.retire(store, "S1", by="zhao", at=AT, note="标准更新")

    assert (live.author, live.reviewer, live.may_be_drawn) == ("wang", "zhao", True)
    assert (retired.status, retired.version) == (Status.RETIRED, 4)
    assert store.find("S1", 3) == live
    assert [(one.version, one.act, one.by) for one in workflow.history(store, "S1")] == [
        (1, "write", "wang"),
        (2, "review", "zhao"),
        (3, "release", "zhao"),
        (4, "retire", "zhao"),
    ]


def test_nobody_reviews_what_they_wrote_or_edited(store):
    workflow.submit(store, item(), by="wang", at=AT)
    workflow.submit(store, item(stem="改过的题干是( )。"), by="li", at=AT)

    for author in ("wang", "li", ""):
        with pytest.raises(workflow.OwnItem):
            workflow.review(store, "S1", by=author, at=AT)
    assert workflow.review(store, "S1", by="zhao", at=AT).status is Status.REVIEWED


def test_an_edit_of_a_live_item_must_be_reviewed_again(store):
    store.put([item(status=Status.LIVE, author="wang", reviewer="zhao")])

    edited = workflow.submit(store, item(stem="改过的题干是( )。"), by="wang", at=AT)

    assert (edited.status, edited.reviewer, edited.version) == (Status.DRAFT, "", 2)
    assert not edited.may_be_drawn
    assert store.find("S1", 1).may_be_drawn


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (Status.DRAFT, lambda s: workflow.release(s, "S1", by="zhao", at=AT)),
        (Status.REVIEWED, lambda s: workflow.retire(s, "S1", by="zhao", at=AT, note="x")),
        (Status.LIVE, lambda s: workflow.review(s, "S1", by="zhao", at=AT)),
        (Status.LIVE, lambda s: workflow.retire(s, "S1", by="zhao", at=AT, note=" ")),
        (Status.LIVE, lambda s: workflow.send_back(s, "S1", by="zhao", at=AT, note="x")),
        (Status.RETIRED, lambda s: workflow.release(s, "S1", by="zhao", at=AT)),
        (Status.DRAFT, lambda s: workflow.send_back(s, "S1", by="zhao", at=AT, note="")),
    ],
)
def test_a_step_out_of_order_or_without_a_reason_is_refused_and_changes_nothing(
    store, status, step
):
    store.put([item(status=status, author="wang")])

    with pytest.raises(Refusal):
        step(store)

    assert (store.find("S1").version, workflow.history(store, "S1")) == (1, [])


def test_a_faulty_or_unknown_item_is_unusable(store):
    with pytest.raises(BadInput):
        workflow.submit(store, item(answer="D"), by="wang", at=AT)
    with pytest.raises(BadInput):
        workflow.review(store, "absent", by="zhao", at=AT)


def test_enemies_are_declared_for_two_or_more(store):
    store.put([item("S1"), item("S2"), item("S3", enemies=("old",))])

    workflow.declare_enemies(store, ["S1", "S3"], "G1", by="wang", at=AT)

    assert [store.find(name).enemies for name in ("S1", "S2", "S3")] == [("G1",), (), ("G1", "old")]
    with pytest.raises(BadInput):
        workflow.declare_enemies(store, ["S1", "S1"], "G1", by="wang", at=AT)
    with pytest.raises(BadInput):
        workflow.declare_enemies(store, ["S1", "S2"], "a b", by="wang", at=AT)


# -- much the same -----------------------------------------------------------------------------

SAME = "触电者脱离电源后，应首先判断其有无意识和呼吸( )。"
NEAR = "触电者脱离电源后，应首先判断他有无意识和呼吸( )。"


def test_a_text_much_like_another_is_shown_before_it_enters(tmp_path):
    text = "".join(
        f"{number}.{stem}\nA.对的做法 B.错的做法 C.都可以做\n答案:A\n"
        for number, stem in enumerate([SAME, NEAR, "完全不同的一道题是( )。"], start=1)
    )
    path = tmp_path / "bank.txt"
    path.write_text(text, "utf-8")
    from question_bank import preview_files

    with open_store(tmp_path / "bank.db") as store:
        shown = preview_files(store, [path])
        empty = list(store.current())
        held = import_files(store, [path], hold_similar=True)
        entered = import_files(store, [path])
        pairs = workflow.near_duplicates(store)

    assert [(one.item.stem, one.other.stem) for one in shown.similar] == [(NEAR, SAME)]
    assert empty == []
    assert [one.line for one in held.listed] == [4]
    assert "much the same" in held.listed[0].reason
    assert [item.stem for item in entered.accepted] == [NEAR]
    assert [{one.stem, other.stem} for one, other in pairs] == [{SAME, NEAR}]


def test_an_older_store_learns_the_likeness_of_its_items_again(tmp_path):
    from question_bank.store import sqlite

    path = tmp_path / "bank.db"
    with open_store(path) as store:
        store.put([item("S1"), item("S2", stem=SAME)])
        expected = store.like(item("S3", stem=NEAR))
    raw = sqlite.connect(str(path), isolation_level=None)
    raw.execute("UPDATE likeness SET value = value + 1")
    for later in ("runs", "behaviour"):
        raw.execute(f"DROP TABLE {later}")
    raw.execute("PRAGMA user_version = 2")
    raw.close()

    with open_store(path) as store:
        assert [one.id for one in expected] == ["S2"]
        assert store.like(item("S3", stem=NEAR)) == expected


def test_other_numbers_make_another_question():
    one = item(stem="电压为220 V、电流为2 A的用电设备的功率是( )。")
    other = item("S2", stem="电压为380 V、电流为2 A的用电设备的功率是( )。")

    assert not is_near(one, other)
    assert is_near(one, item("S3", stem="电压为220 V，电流为2A的用电设备的功率是()"))


def test_bands_find_what_comparing_every_pair_finds(sample_store):
    from itertools import combinations
    from random import Random

    chance = Random(3)
    items = chance.sample(list(sample_store.current()), 120)
    edited = []
    for number, one in enumerate(items):
        stem = list(one.stem)
        del stem[chance.randrange(len(stem))]
        edited.append(item(f"E{number}", kind=one.kind, stem="".join(stem), options=one.options))
    texts = [pairs_of(one) for one in [*items, *edited]]
    bands = [set(bands_of(text)) for text in texts]
    near = [
        (a, b) for a, b in combinations(range(len(texts)), 2) if likeness(texts[a], texts[b]) >= 0.8
    ]
    found = [pair for pair in near if bands[pair[0]] & bands[pair[1]]]

    assert len(near) > 90
    assert len(found) >= 0.97 * len(near)


@pytest.mark.parametrize(
    ("option", "is_fixed"),
    [
        ("以上都对", True),
        ("A和B", True),
        ("Ａ与Ｃ", True),
        ("仅A正确", True),
        ("选项B", True),
        ("前三项均可", True),
        ("A、C都是", True),
        ("以上均不正确", True),
        ("电流与电压", False),
        ("10 A", False),
        ("A级绝缘", False),
        ("交流和直流", False),
        ("PLC和DCS", False),
    ],
)
def test_an_option_that_speaks_of_the_others_keeps_its_place(option, is_fixed):
    assert vocabulary().refers_to_options(["铜", option]) is is_fixed
