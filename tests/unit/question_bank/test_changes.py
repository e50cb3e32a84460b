"""After the draw: swaps by hand, other forms; before it: commitment, then outside entropy."""

import hashlib
import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import (
    BadInput,
    Commitment,
    Kind,
    Swap,
    SwapRefused,
    ask,
    assemble,
    check_papers,
    check_reveal,
    commit,
    draw_committed,
    form_record,
    open_store,
    prove_item,
    recompute,
    shuffled,
    swap,
)
from question_bank.assembly.merkle import Inclusion, path_of, root_of, salted_leaf
from question_bank.items import LETTERS, Item
from question_bank.papers.forms import may_shuffle
from question_bank.papers.swaps import swaps_in

SEED = b"drawn in public!"


@pytest.fixture(scope="module")
def path(sample_store_path, tmp_path_factory):
    path = tmp_path_factory.mktemp("changes") / "bank.db"
    path.write_bytes(sample_store_path.read_bytes())
    return path


@pytest.fixture(scope="module")
def store(path):
    with open_store(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def run(store, blueprint, model):
    return assemble(store, blueprint, model, papers=2, seed=SEED)


# -- swaps -------------------------------------------------------------------------------------


def twin_of(store, run, item):
    """An item like this one that is on no paper."""
    used = {one.id for paper in run.papers for one in paper.items}
    return next(
        one
        for one in store.current()
        if one.id not in used
        and (one.kind, one.point, one.difficulty, one.source)
        == (item.kind, item.point, item.difficulty, item.source)
    )


def swappable(store, run):
    for item in run.papers[0].items:
        try:
            return item, twin_of(store, run, item)
        except StopIteration:
            continue
    raise AssertionError


def make_swap(old, new, **changes):
    values = {
        "form": "A",
        "out": old.id,
        "out_version": old.version,
        "into": new.id,
        "into_version": new.version,
        "reason": "题干有歧义",
        "by": "wang",
    }
    return Swap(**values | changes)


def test_a_swap_is_counted_recorded_and_checked_again(store, run, blueprint, model):
    old, new = swappable(store, run)

    swapped = swap(store, run, [make_swap(old, new)])

    first, second = swapped.papers
    assert json.loads(first.content)["swaps"] == 1
    assert second.content == run.papers[1].content
    assert new in first.items
    assert old not in first.items
    assert check_papers(swapped.papers, blueprint, model) == []
    record = json.loads(swapped.record)
    assert record["papers"][0]["drawn_sha256"] == run.papers[0].digest
    assert record["papers"][0]["paper_sha256"] == first.digest
    assert record["swaps"][0] | {"by": "wang", "reason": "题干有歧义"} == record["swaps"][0]


def test_the_record_yields_the_same_papers_again(store, run):
    old, new = swappable(store, run)
    swapped = swap(store, run, [make_swap(old, new)])

    again = recompute(store, run.certificate).run
    redone = swap(store, again, swaps_in(swapped.record, certificate=run.certificate))

    assert redone.record == swapped.record
    assert [one.content for one in redone.papers] == [one.content for one in swapped.papers]
    with pytest.raises(BadInput, match="another"):
        swaps_in(swapped.record, certificate=b"{}")
    with pytest.raises(BadInput):
        swaps_in(run.certificate, certificate=run.certificate)


def test_a_swap_that_breaks_a_demand_is_refused_with_the_demand(store, run):
    old = run.papers[0].items[0]
    judge = next(one for one in store.current() if one.kind is Kind.JUDGE)
    on_b = run.papers[1].items[0]

    with pytest.raises(SwapRefused) as broken:
        swap(store, run, [make_swap(old, judge)])
    assert "kind:single" in {one.constraint for one in broken.value.violations}
    with pytest.raises(SwapRefused) as broken:
        swap(store, run, [make_swap(old, on_b)])
    assert "overlap" in {one.constraint for one in broken.value.violations}


@pytest.mark.parametrize(
    "change", [{"reason": " "}, {"by": ""}, {"form": "Q"}, {"out": "none"}, {"into": "none"}]
)
def test_a_swap_that_cannot_be_is_unusable(store, run, change):
    old, new = swappable(store, run)

    with pytest.raises(BadInput):
        swap(store, run, [make_swap(old, new, **change)])


# -- forms -------------------------------------------------------------------------------------


def test_a_form_holds_the_same_questions_and_answers_in_another_order(run):
    paper = run.papers[0]
    form = shuffled(paper, seed=SEED, form="B")
    texts = {item.id: item for item in paper.items}

    assert {item.id for item in form.items} == set(texts)
    assert [item.id for item in form.items] != [item.id for item in paper.items]
    for item in form.items:
        before = texts[item.id]
        assert sorted(item.options) == sorted(before.options)
        if item.kind.has_options:
            right = {item.options[LETTERS.index(letter)] for letter in item.answer}
            assert right == {before.options[LETTERS.index(letter)] for letter in before.answer}
            assert list(item.answer) == sorted(item.answer)
    wire = json.loads(form.content)
    orders = [one["order"] for part in wire["sections"] for one in part["items"] if "order" in one]
    assert Counter(map(len, orders))[4] >= 60
    assert len(set(orders)) > 15
    assert (wire["shuffled_from"], wire["form"], wire["code"][-2:]) == ("A", "B", "-B")
    assert [s["kind"] for s in wire["sections"]] == ["single", "judge", "multiple"]


def test_a_form_is_made_again_from_its_record(run):
    paper = run.papers[0]
    record = json.loads(form_record(paper, shuffled(paper, seed=SEED, form="B"), seed=SEED))

    again = shuffled(paper, seed=bytes.fromhex(record["seed"]), form=record["form"])

    assert (again.digest, again.key.digest) == (record["paper_sha256"], record["key_sha256"])
    assert shuffled(paper, seed=SEED[::-1], form="B").digest != again.digest
    assert shuffled(paper, seed=SEED, form="D").digest != again.digest
    for bad in ("A", "C"):
        with pytest.raises(BadInput):
            shuffled(paper if bad == "A" else again, seed=SEED, form=bad)


def test_letters_come_to_every_place_alike(run):
    places = Counter()
    for number in range(40):
        form = shuffled(run.papers[0], seed=bytes([number]) * 8, form="B")
        places.update(order[0] for order in form.orders.values() if len(order) == 4)

    assert set(places) == set("ABCD")
    assert min(places.values()) > 0.85 * max(places.values())


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"fixed_order": True}, False),
        ({"options": ("甲", "乙", "A和B")}, False),
        ({"options": ("甲", "乙", "以上都对")}, False),
        ({"options": ("甲", "\ufffc", "丙"), "pictures": ("aa",)}, False),
        ({"kind": Kind.JUDGE, "options": (), "answer": "√"}, False),
    ],
)
def test_options_that_speak_of_the_others_stay(changes, may):
    base = Item(id="S", kind=Kind.SINGLE, stem="题", options=("甲", "乙", "丙"), answer="A")

    assert may_shuffle(replace(base, **changes)) is may


# -- commit and reveal -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def committed(store, blueprint, model):
    asked = ask(blueprint, model, papers=2, batch="2026-09")
    made = commit(store, asked, source="福彩3D 2026-10-15 开奖号 + 督导员掷骰")
    return asked, made, draw_committed(store, made, asked, entropy="4 0 7 / 6 2 5 1")


def test_papers_follow_from_commitment_secret_and_entropy(store, committed):
    _asked, made, drawn = committed
    snapshot = store.find_snapshot(json.loads(drawn.certificate)["bank"]["digest"])

    assert check_reveal(made, drawn.certificate, snapshot) == []
    assert recompute(store, drawn.certificate).same


def test_another_throw_gives_another_paper_and_the_public_part_hides_the_rest(store, committed):
    asked, made, drawn = committed
    other = draw_committed(store, made, asked, entropy="4 0 7 / 6 2 5 2")
    secret = json.loads(made.secret)

    assert other.papers[0].digest != drawn.papers[0].digest
    for hidden in (secret["secret"], secret["salt"], secret["snapshot"]):
        assert hidden not in made.public.decode()
        assert hidden not in drawn.public.decode() or hidden == secret["snapshot"]
    assert hashlib.sha256(bytes.fromhex(secret["secret"])).hexdigest() in made.public.decode()


def altered(certificate, **changes):
    from examday.wire.canonical import canonical

    return canonical(json.loads(certificate) | changes)


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"entropy": "4 0 7 / 6 2 5 9"}, "seed"),
        ({"seed": "00" * 32}, "seed"),
        ({"commitment": "00" * 32}, "another commitment"),
        ({"run": 2}, "run"),
        ({"reason": "x"}, "run"),
        ({"bank": {"digest": "00" * 32}}, "bank"),
    ],
)
def test_what_departs_from_the_commitment_is_named(store, committed, changes, finding):
    _asked, made, drawn = committed
    snapshot = store.find_snapshot(json.loads(drawn.certificate)["bank"]["digest"])

    found = check_reveal(made, altered(drawn.certificate, **changes), snapshot)

    assert any(finding in one for one in found), found


def test_another_secret_or_a_changed_bank_does_not_pass(store, committed, path, tmp_path):
    asked, made, drawn = committed
    snapshot = store.find_snapshot(json.loads(drawn.certificate)["bank"]["digest"])
    other = Commitment(made.public, altered(made.secret, secret="11" * 32))
    salted = Commitment(made.public, altered(made.secret, salt="11" * 32))

    assert any("secret" in one for one in check_reveal(other, drawn.certificate, snapshot))
    assert any("bank" in one for one in check_reveal(salted, drawn.certificate, snapshot))
    with pytest.raises(BadInput, match="bank"):
        draw_committed(store, salted, asked, entropy="4 0 7 / 6 2 5 1")
    with pytest.raises(BadInput, match="differ"):
        draw_committed(store, made, replace(asked, run=2, reason="x"), entropy="4 0 7 / 6 2")
    with pytest.raises(BadInput, match="shorter"):
        draw_committed(store, made, asked, entropy="1")
    with pytest.raises(BadInput, match="source"):
        commit(store, asked, source=" ")


def test_the_bank_moving_on_after_the_commitment_changes_nothing(path, tmp_path, blueprint, model):
    copy = tmp_path / "bank.db"
    copy.write_bytes(path.read_bytes())
    asked = ask(blueprint, model, papers=1)
    with open_store(copy) as store:
        made = commit(store, asked, source="骰子")
        before = draw_committed(store, made, asked, entropy="123456")
        store.put([replace(item, stem=f"{item.stem}改") for item in before.papers[0].items])
        after = draw_committed(store, made, asked, entropy="123456")

    assert before.certificate == after.certificate


def test_an_item_is_shown_to_be_in_the_bank_without_showing_the_others(store, committed):
    _asked, made, drawn = committed
    root = bytes.fromhex(json.loads(made.public)["bank"]["root"])
    snapshot = store.find_snapshot(json.loads(made.secret)["snapshot"])
    item = drawn.papers[0].items[5]

    proof = prove_item(made, snapshot, item.id)

    assert proof.leads_to(root)
    assert json.loads(proof.line)[:3] == [item.id, item.version, item.digest]
    assert not replace(proof, line=proof.line.replace(b"live", b"dead")).leads_to(root)
    assert not replace(proof, place=proof.place + 1).leads_to(root)
    assert not replace(proof, salt=bytes(16)).leads_to(root)
    with pytest.raises(BadInput):
        prove_item(made, snapshot, "absent")


@given(size=st.integers(1, 40), place=st.integers(0, 39), other=st.integers(0, 39))
def test_every_leaf_of_every_tree_has_its_path_and_no_other(size, place, other):
    place, other = place % size, other % size
    lines = [str(number).encode() for number in range(size)]
    leaves = [salted_leaf(b"s" * 16, line) for line in lines]
    proof = Inclusion(place, size, lines[place], b"s" * 16, path_of(leaves, place))

    assert proof.leads_to(root_of(leaves))
    assert replace(proof, place=other).leads_to(root_of(leaves)) is (other == place)
    assert not replace(proof, path=(*proof.path, bytes(32))).leads_to(root_of(leaves))


def test_the_tree_is_that_of_rfc_6962():
    """Against another implementation."""
    import pymerkle

    tree = pymerkle.InmemoryTree(algorithm="sha256")
    leaves = []
    for number in range(13):
        tree.append_entry(b"s" * 16 + str(number).encode())
        leaves.append(salted_leaf(b"s" * 16, str(number).encode()))
        assert root_of(leaves) == tree.get_root()
