"""The certificate yields the same bytes again, on any later day, or says that it does not."""

import hashlib
import json
import sys

import pytest

from examday.wire.canonical import canonical, parse_canonical
from question_bank import (
    BadInput,
    RunTaken,
    assemble,
    open_store,
    recompute,
    shuffled,
    verify_papers,
)
from question_bank.items import Item

SEED = b"drawn in public!"


@pytest.fixture(scope="module")
def drawn(sample_store_path, blueprint, model, tmp_path_factory):
    """One run, and the file of the store as it was left by it."""
    path = tmp_path_factory.mktemp("drawn") / "bank.db"
    path.write_bytes(sample_store_path.read_bytes())
    with open_store(path) as store:
        run = assemble(store, blueprint, model, papers=2, seed=SEED, batch="2026-01")
    return run, path


@pytest.fixture
def run(drawn):
    return drawn[0]


@pytest.fixture
def sample_store(drawn, tmp_path):
    """An open copy of the store after the run."""
    path = tmp_path / "bank.db"
    path.write_bytes(drawn[1].read_bytes())
    with open_store(path) as store:
        yield store


def test_it_recomputes_after_the_bank_has_moved_on(sample_store, run):
    used = run.papers[0].items[0]
    sample_store.put([Item.from_wire(used.to_wire() | {"stem": "改过的题干。"})])
    sample_store.record_use("2026-02", {"A": [(used.id, used.version)]})

    again = recompute(sample_store, run.certificate)

    assert again.same
    assert [one.content for one in again.run.papers] == [one.content for one in run.papers]
    assert [one.content for one in again.run.keys] == [one.content for one in run.keys]


@pytest.mark.parametrize(
    "change",
    [
        lambda wire: wire.update(seed="00" * 16),
        lambda wire: wire["papers"][0].update(paper_sha256="00" * 32),
        lambda wire: wire["papers"][1].update(objective=1),
        lambda wire: wire["papers"][0]["table"][0].update(real="59"),
        lambda wire: wire.update(run=2),
    ],
)
def test_an_altered_certificate_does_not_come_out_the_same(sample_store, run, change):
    wire = json.loads(run.certificate)
    change(wire)

    assert not recompute(sample_store, canonical(wire)).same


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"type":"question_bank:assembly"}'])
def test_what_is_no_certificate_is_unusable(sample_store, content):
    with pytest.raises(BadInput):
        recompute(sample_store, content)


def test_another_bank_cannot_recompute_it(tmp_path, run):
    with open_store(tmp_path / "other.db") as other, pytest.raises(BadInput, match="snapshot"):
        recompute(other, run.certificate)


def test_the_certificate_holds_no_item_and_the_public_one_no_seed(run):
    stems = [item.stem for paper in run.papers for item in paper.items]

    text = run.certificate.decode()

    assert not any(stem in text for stem in stems)
    assert SEED.hex() in text
    assert SEED.hex() not in run.public.decode()


def test_the_table_says_what_was_wanted_and_what_came(run):
    first = json.loads(run.certificate)["papers"][0]
    table = {row["constraint"]: row for row in first["table"]}

    assert table["kind:single"] == {
        "constraint": "kind:single",
        "least": "60",
        "most": "60",
        "real": "60",
    }
    marks = [float(row["real"]) for name, row in table.items() if name.startswith("range:")]
    assert sum(marks) == 100
    assert first["only_optimum"] is True


def test_a_batch_is_remembered_and_the_next_draw_avoids_it(sample_store, blueprint, model, run):
    later = assemble(sample_store, blueprint, model, papers=2, seed=SEED, batch="2026-02")
    redrawn = assemble(
        sample_store, blueprint, model, papers=2, seed=SEED, batch="2026-02", run=2, reason="leak"
    )

    def names(outcome):
        return {item.id for paper in outcome.papers for item in paper.items}

    assert not names(run) & names(later)
    assert not names(run) & names(redrawn)
    assert names(redrawn) != names(later)


def test_a_batch_counts_its_runs_and_nobody_draws_until_a_paper_pleases(
    sample_store, blueprint, model
):
    def drawn(seed, **more):
        asked = {"papers": 1, "seed": seed, "batch": "2026-03"} | more
        return assemble(sample_store, blueprint, model, **asked).certificate

    first = drawn(SEED)

    assert drawn(SEED) == first
    with pytest.raises(RunTaken, match="run number 2"):
        drawn(SEED[::-1])
    with pytest.raises(RunTaken, match="run number 2"):
        drawn(SEED[::-1], run=3, reason="leak")
    second = drawn(SEED[::-1], run=2, reason="leak")
    assert [(number, reason) for number, reason, _digest in sample_store.runs("2026-03")] == [
        (1, ""),
        (2, "leak"),
    ]
    assert sample_store.runs("2026-03")[1][2] == hashlib.sha256(second).hexdigest()


def test_papers_are_verified_from_their_bytes_without_a_solver(sample_store, run, monkeypatch):
    monkeypatch.setitem(sys.modules, "highspy", None)
    papers = [paper.content for paper in run.papers]
    form = shuffled(run.papers[0], seed=SEED, form="A2").content
    other = canonical(parse_canonical(papers[0]) | {"title": "another"})
    words = papers[0].replace(run.papers[0].items[0].stem[:6].encode(), "改动".encode(), 1)

    assert verify_papers(sample_store, run.certificate, [*papers, form]) == []
    for content in (other, words):
        found = verify_papers(sample_store, run.certificate, [content, papers[1]])
        assert [(one.form, one.constraint) for one in found] == [("A", "text")]
    twice = verify_papers(sample_store, run.certificate, [papers[0], papers[0]])
    assert [one.constraint for one in twice] == ["overlap"]


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"sections":1}'])
def test_what_is_no_paper_is_unusable(sample_store, run, content):
    with pytest.raises(BadInput):
        verify_papers(sample_store, run.certificate, [content])


@pytest.mark.parametrize(
    "changes",
    [{"papers": 0}, {"papers": 27}, {"seed": b"short"}, {"run": 2}, {"run": 0}],
)
def test_a_draw_nobody_could_defend_is_refused(sample_store, blueprint, model, changes):
    with pytest.raises(BadInput):
        assemble(sample_store, blueprint, model, **{"papers": 1, "seed": SEED} | changes)


def test_no_answer_stands_in_a_paper_and_the_key_names_its_paper(run):
    paper, key = run.papers[0], run.keys[0]
    wire = json.loads(paper.content)

    assert "answer" not in paper.content.decode()
    assert key.wire["paper_sha256"] == paper.digest
    assert [one["no"] for section in wire["sections"] for one in section["items"]] == list(
        range(1, 91)
    )
    assert [section["mark_each"] for section in wire["sections"]] == ["1", "1", "2"]
    assert wire["total"] == "100"
