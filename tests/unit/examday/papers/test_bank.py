"""The bank on the server: imported, reviewed, drawn from, sealed; and never on disk in the clear."""

import io
import json
import re
import time
import zipfile
from datetime import timedelta

import pytest
import xlsxwriter

from examday import clock as examday_clock
from examday.db import unit_of_work
from examday.errors import NotFound
from examday.papers import service as papers
from examday.papers.adapters.bank_file import MemoryStore
from examday.papers.models import DrawRow
from examday.papers.rules.bank_refusals import (
    BankRefusal,
    NoDemands,
    OwnWork,
    ReasonForRedraw,
    UnusableForBank,
    WrongTurn,
)
from examday.papers.rules.refusals import FormTaken, NoProof, RevealTooEarly, ShortHanded
from examday.papers.service import DrawState, Sealing, banks, custody
from examday.trace import service as trace
from examday.wire.canonical import canonical
from question_bank import Commitment, Status, import_files, write_sample
from question_bank.assembly.commitment import seed_of
from tests.factories.papers import OFFICE, finished, make_custodians, make_printer
from tests.factories.planning import make_batch
from tests.factories.staff import make_account, sign_in_as

CANARY = "金丝雀回路的整定电流"
SETTER = "staff:setter"
DRAFTS = f"""一、单项选择题
1.[A-A-001]{CANARY}是（ ）。
A.1A B.2A C.3A D.4A
答案：B
2.{CANARY}最大是（ ）。
A.5A B.6A
答案：C
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return write_sample(tmp_path_factory.mktemp("sample"), seed=7)


def look_through(bank_id, name, content, *, is_reviewed=False, by=SETTER):
    job = papers.start_import(
        bank_id, name=name, content=content, source="authored", is_reviewed=is_reviewed, by=by
    )
    return papers.find_import(finished(job))


def take_in(bank_id, name, content, **how):
    found = look_through(bank_id, name, content, **how)
    finished(papers.start_accepting(found.id, hold_similar=False, by=how.get("by", SETTER)))


@pytest.fixture
def bank(app):
    return papers.open_bank("DG-4", "电工四级", by=OFFICE)


@pytest.fixture(scope="module")
def sample_content(sample):
    """The bytes of the sample bank, read once for all tests."""
    with MemoryStore() as store:
        import_files(store, [*sample.texts, sample.workbook])
        return store.content()


@pytest.fixture
def full(bank, sample, sample_content):
    """The sample bank, reviewed elsewhere, with blueprint and model."""
    with unit_of_work() as work, MemoryStore(sample_content) as store:
        banks.keep_store(work, bank.id, store, expected=banks.row_of(bank.id).sha256)
    demands = [(path.name, path.read_bytes()) for path in (sample.blueprint, sample.model)]
    assert papers.set_demands(bank.id, blueprint=demands[0], model=demands[1], by=OFFICE) == []
    return papers.find_bank(bank.id)


@pytest.fixture
def draft(bank):
    take_in(bank.id, "drafts.txt", DRAFTS.encode())
    shelf = papers.list_items(bank.id, status=Status.DRAFT, words="", page=1)
    return shelf.items[0]


def drawn(bank, batch, *, papers_=2, shuffled=0, reason=""):
    draw = papers.commit_draw(
        bank.id,
        batch.id,
        papers=papers_,
        shuffled=shuffled,
        source="督导员掷骰",
        reason=reason,
        by=OFFICE,
    )
    finished(papers.start_drawing(draw.id, entropy="3 5 1 6 2 4", by=OFFICE))
    return papers.find_draw(draw.id)


def test_nothing_enters_before_somebody_decided_and_found_is_good_plus_listed(bank):
    found = look_through(bank.id, "drafts.txt", DRAFTS.encode())

    assert (found.found, found.good, len(found.quarrels)) == (2, 1, 1)
    assert found.quarrels[0].line == 5
    assert CANARY in found.quarrels[0].text
    assert papers.find_bank(bank.id).items == 0
    finished(papers.start_accepting(found.id, hold_similar=True, by=SETTER))
    assert papers.find_bank(bank.id).items == 1
    facts = trace.list_entries(action="papers:items:imported").entries[0].facts
    assert (facts["found"], facts["accepted"], facts["listed"]) == (2, 1, 1)


def test_what_is_much_alike_is_shown_before_it_enters(bank, draft):
    again = DRAFTS.replace("整定电流是", "整定的电流是").split("2.")[0]

    found = look_through(bank.id, "again.txt", again.encode())

    assert [one.other for one in found.similar] == [draft.id]
    finished(papers.start_accepting(found.id, hold_similar=True, by=SETTER))
    assert papers.find_bank(bank.id).items == 1


def test_an_import_can_be_dropped(bank, settings):
    found = look_through(bank.id, "drafts.txt", DRAFTS.encode())

    papers.drop_import(found.id)

    assert papers.find_bank(bank.id).items == 0
    assert list((settings.home / "banks" / "imports").iterdir()) == []


def test_a_file_that_cannot_be_read_says_so_and_changes_nothing(bank):
    job = papers.start_import(
        bank.id,
        name="x.xlsx",
        content=b"PK\x03\x04 no",
        source="authored",
        is_reviewed=False,
        by=SETTER,
    )
    while not job.is_done:
        time.sleep(0.02)

    assert "x.xlsx" in job.failure
    assert papers.find_bank(bank.id).items == 0


def foreign_workbook():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        rows = [["Frage", "Wahl", "Loesung"], [f"{CANARY}是( )。", "A.1A B.2A C.3A", "B"]]
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def test_foreign_columns_are_named_on_a_page_before_anything_enters(client, bank):
    sign_in_as(client, make_account("setter"))
    given = {"item_source": "authored", "review_state": "draft"}
    file = {"bank_file": (io.BytesIO(foreign_workbook()), "fremd.xlsx")}
    started = client.post(f"/papers/banks/{bank.id}/import", data=given | file)
    finished(papers.find_job(started.headers["Location"].rpartition("/")[2]))

    asked = client.get(started.headers["Location"], follow_redirects=True)
    url = asked.request.path
    headings = {"heading_0": "Frage", "heading_1": "Wahl", "heading_2": "Loesung"}
    twice = client.post(url, data=headings | {f"column_{n}": "stem" for n in range(3)})
    named = headings | {"column_0": "stem", "column_1": "options", "column_2": "answer"}
    job = client.post(url, data=named).headers["Location"].rpartition("/")[2]

    assert url.endswith("/columns")
    assert "Loesung" in asked.text
    assert twice.status_code == 422
    found = papers.find_import(finished(papers.find_job(job)))
    assert (found.found, found.good, papers.find_bank(bank.id).items) == (1, 1, 0)
    finished(papers.start_accepting(found.id, hold_similar=True, by=SETTER))
    (item,) = papers.list_items(bank.id, status=None, words="", page=1).items
    assert (item.options, item.answer) == (("1A", "2A", "3A"), "B")


def test_a_bank_leaves_by_its_page_and_comes_back_the_same(client, bank, draft):
    sign_in_as(client, make_account("setter"))

    for format_ in ("xlsx", "moodle", "qti", "text"):
        taken = client.post(f"/papers/banks/{bank.id}/export", data={"format": format_})
        name = taken.headers["Content-Disposition"].rpartition("=")[2]
        found = look_through(papers.open_bank(format_, "电工", by=OFFICE).id, name, taken.data)
        assert (found.found, found.good, found.similar) == (1, 1, ()), format_
        facts = trace.list_entries(action="papers:bank:exported").entries[0].facts
        assert facts["format"] == format_
    sign_in_as(client, make_account("office"))
    assert client.post(f"/papers/banks/{bank.id}/export").status_code == 403


def test_enemies_are_declared_in_bulk_on_the_shelf(client, bank):
    two = DRAFTS.replace("A.5A B.6A\n", "A.5A B.6A C.7A\n")
    take_in(bank.id, "drafts.txt", two.encode())
    names = [i.id for i in papers.list_items(bank.id, status=None, words="", page=1).items]
    sign_in_as(client, make_account("setter"))
    url = f"/papers/banks/{bank.id}/enemies"

    alone = client.post(url, data={"items": names[:1], "group": "整定"})
    both = client.post(url, data={"items": names, "group": "整定"})

    assert (alone.status_code, both.status_code) == (422, 302)
    kept = papers.list_items(bank.id, status=None, words="", page=1).items
    assert [item.enemies for item in kept] == [("整定",), ("整定",)]
    assert len(trace.list_entries(action="papers:items:enemies_declared").entries) == 1


def test_an_item_is_reviewed_by_another_than_brought_it_and_then_released(bank, draft):
    setter = make_account("setter", "reviewer", login="setter")
    reviewer = make_account("reviewer")

    with pytest.raises(OwnWork):
        papers.review_item(bank.id, draft.id, account=setter)
    assert papers.next_to_review(bank.id, after="", account=setter) == ""
    assert papers.next_to_review(bank.id, after="", account=reviewer) == draft.id
    assert papers.review_item(bank.id, draft.id, account=reviewer).status is Status.REVIEWED
    with pytest.raises(BankRefusal):
        papers.review_item(bank.id, draft.id, account=reviewer)
    assert papers.release_reviewed(bank.id, by=OFFICE) == 1
    dossier = papers.find_item(bank.id, draft.id, account=reviewer)
    assert dossier.item.status is Status.LIVE
    assert [act.act for act in dossier.history] == ["write", "review", "release"]


def test_a_draw_needs_demands_and_a_second_one_a_reason(bank, full):
    batch = make_batch(candidates=6)
    other = papers.open_bank("QG-4", "钳工四级", by=OFFICE)
    given = {"papers": 1, "shuffled": 0, "source": "dice", "by": OFFICE}

    with pytest.raises(NoDemands):
        papers.commit_draw(other.id, batch.id, reason="", **given)
    papers.commit_draw(full.id, batch.id, reason="", **given)
    with pytest.raises(ReasonForRedraw):
        papers.commit_draw(full.id, batch.id, reason=" ", **given)
    assert papers.commit_draw(full.id, batch.id, reason="卷一泄露", **given).number == 2
    assert papers.coverage(full.id).points
    assert papers.capacity(full.id).at_most >= 1


def test_papers_go_from_the_draw_to_the_safe_and_open_with_their_proof(full, clock, settings):
    batch = make_batch(candidates=6)
    draw = drawn(full, batch, shuffled=1)
    assert draw.state is DrawState.DRAWN
    custodians = make_custodians()
    office, second = make_account("office"), make_account("office")
    sealing = Sealing(tuple(c.id for c in custodians), 2, examday_clock.now())

    finished(papers.start_sealing(draw.id, sealing, by=(office.id, second.id)))

    kept = papers.list_papers(batch.id)
    assert [one.form_code for one in kept] == ["A", "A2", "B", "B2"]
    assert papers.print_draw_sheet(draw.id).startswith(b"%PDF-")
    with pytest.raises(WrongTurn):
        papers.look_through(draw.id, by=SETTER)
    for custodian in custodians[:2]:
        papers.approve_opening(kept[1].id, custodian.id, "Custodian-9-of-the-safe")
    assert len(papers.paper_items(kept[1].id)) == 90
    pdf = papers.print_paper(kept[1].id, 1, 0, make_printer().id, by=OFFICE)
    assert pdf.startswith(b"%PDF-")
    # A second draw for the batch cannot take the place of papers in custody.
    again = drawn(full, batch, papers_=1, reason="again")
    job = papers.start_sealing(again.id, sealing, by=(office.id, second.id))
    while not job.is_done:
        time.sleep(0.02)
    assert job.failure == FormTaken(form="A").text()


def sealed(draw):
    """The papers of a draw in custody, and the custodians."""
    custodians = make_custodians()
    sealing = Sealing(tuple(c.id for c in custodians), 2, examday_clock.now())
    people = (make_account("office").id, make_account("office").id)
    finished(papers.start_sealing(draw.id, sealing, by=people))
    return papers.list_papers(draw.batch_id), custodians


def test_after_the_exam_the_proof_is_revealed_checked_and_taken_away(full, clock, client):
    draw = drawn(full, make_batch(candidates=6), papers_=1, shuffled=1)
    setter = make_account("setter")
    (paper,) = papers.look_through(draw.id, by=setter.actor)
    out, offered = papers.list_substitutes(draw.id, "A", paper.items[0].id)
    into = next(one for one in offered if one.difficulty == out.difficulty)
    papers.swap_item(draw.id, form="A", out=out.id, into=into.id, reason="设备", account=setter)
    kept, custodians = sealed(draw)
    for custodian in custodians[:2]:
        papers.approve_opening(kept[1].id, custodian.id, "Custodian-9-of-the-safe")

    with pytest.raises(RevealTooEarly):
        papers.start_reveal(draw.id, by=OFFICE)
    clock.move_to(papers.end_of_exam(draw.batch_id))
    sign_in_as(client, make_account("supervisor"))
    work = client.post(f"/papers/draws/{draw.id}/reveal").headers["Location"].rpartition("/")[2]
    finished(papers.find_job(work))
    shown = client.get(f"/papers/work/{work}", follow_redirects=True)
    taken = client.post(f"/papers/draws/{draw.id}/reveal.zip", data={"work": work})

    assert shown.status_code == 200
    assert "全部核对通过" in shown.text
    with pytest.raises(NotFound):
        papers.find_reveal(draw.id + 1, work)  # another draw's proof is not shown by guessing
    found = papers.find_reveal(draw.id, work)
    assert [(one.point.value, one.form) for one in found.checked] == [
        ("commitment", ""),
        ("seed", ""),
        ("redrawn", ""),
        ("paper", "A2"),
    ]
    assert (found.holds, found.shut) == (True, ("A",))
    with zipfile.ZipFile(io.BytesIO(taken.data)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    assert set(files) == {
        "certificate.json",
        "commitment.json",
        "secret.json",
        "swaps.json",
        "form-A2.json",
    }
    # What was taken away yields the seed without the server.
    commitment = Commitment(files["commitment.json"], files["secret.json"])
    assert commitment.digest == draw.commitment
    assert seed_of(commitment, entropy=draw.entropy).hex() == found.seed
    facts = [one.facts for one in trace.list_entries(action="papers:draw:revealed").entries]
    assert [(one["taken"], one["holds"]) for one in facts] == [
        (True, True),
        (False, True),
    ]
    refused = trace.list_entries(action="papers:opening:refused").entries
    assert [one.facts["code"] for one in refused] == ["reveal_too_early"]


def test_no_proof_comes_out_without_custodians_and_a_changed_one_is_named(full, clock, monkeypatch):
    draw = drawn(full, make_batch(candidates=6), papers_=1)
    kept, custodians = sealed(draw)
    clock.move_to(papers.end_of_exam(draw.batch_id))
    with pytest.raises(ShortHanded):
        papers.start_reveal(draw.id, by=OFFICE)
    for custodian in custodians[1:]:
        papers.approve_opening(kept[0].id, custodian.id, "Custodian-9-of-the-safe")
    payload = custody.open_payload(papers.find_paper(kept[0].id))
    secret = json.loads(payload["proof"]["secret"])
    payload["proof"]["secret"] = canonical(secret | {"secret": "00" * 32}).decode()
    payload["paper"]["title"] += "!"
    monkeypatch.setattr(custody, "open_payload", lambda _paper: payload)

    job = papers.start_reveal(draw.id, by=OFFICE)
    finished(job)
    found = papers.find_reveal(draw.id, job.id)

    assert [bool(one.failures) for one in found.checked] == [False, True, False, True]
    assert not found.holds
    with unit_of_work() as work:
        work.get_one(DrawRow, draw.id).commitment = "0" * 64
    with pytest.raises(NoProof):
        papers.start_reveal(draw.id, by=OFFICE)


def test_a_swap_is_recorded_and_checked(full):
    draw = drawn(full, make_batch(candidates=6), papers_=1)
    setter = make_account("setter")
    (paper,) = papers.look_through(draw.id, by=setter.actor)
    out, offered = papers.list_substitutes(draw.id, "A", paper.items[0].id)
    same = next(one for one in offered if one.difficulty == out.difficulty)
    other = next(i for i in paper.items if i.kind is not out.kind)

    with pytest.raises(BankRefusal):
        papers.swap_item(draw.id, form="A", out=other.id, into=same.id, reason="x", account=setter)
    with pytest.raises(UnusableForBank):
        papers.swap_item(draw.id, form="A", out=out.id, into=same.id, reason=" ", account=setter)
    assert papers.find_draw(draw.id).swaps == 0
    papers.swap_item(
        draw.id, form="A", out=out.id, into=same.id, reason="本单位无此设备", account=setter
    )

    (after,) = papers.look_through(draw.id, by=setter.actor)
    assert same.id in {item.id for item in after.items}
    assert papers.find_draw(draw.id).swaps == after.swaps == 1
    assert trace.list_entries(action="papers:item:swapped").entries[0].facts["swaps"] == 1
    assert len(trace.list_entries(action="papers:draw:looked_at").entries) == 2


def test_a_short_bank_says_what_to_write(bank, sample):
    take_in(bank.id, sample.workbook.name, sample.workbook.read_bytes(), is_reviewed=True)
    demands = [(path.name, path.read_bytes()) for path in (sample.blueprint, sample.model)]
    papers.set_demands(bank.id, blueprint=demands[0], model=demands[1], by=OFFICE)

    draw = drawn(papers.find_bank(bank.id), make_batch(candidates=6))

    assert draw.state is DrawState.FAILED
    assert draw.shortage["shortages"]
    assert all(one["count"] > 0 for one in draw.shortage["commission"])


def test_a_blueprint_that_does_not_add_up_is_not_kept(bank, sample):
    table = sample.blueprint.read_text("utf-8")
    broken = re.sub(r'weight = "?(\d+)"?', 'weight = "1"', table, count=1)

    findings = papers.set_demands(
        bank.id,
        blueprint=("b.toml", broken.encode()),
        model=("m.toml", sample.model.read_bytes()),
        by=OFFICE,
    )

    assert findings
    assert not papers.find_bank(bank.id).has_demands


def test_no_word_of_the_bank_or_of_a_drawn_paper_is_on_disk(full, settings, tmp_path, monkeypatch):
    """Uploads, bank, database pages, draw and sealed papers: everything below home, and tmp."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    take_in(full.id, "canary.txt", DRAFTS.encode())
    draw = drawn(full, make_batch(candidates=6))
    (paper, *_) = papers.look_through(draw.id, by=SETTER)
    words = [CANARY, *(item.stem[:12] for item in paper.items[:20])]
    custodians = make_custodians()
    people = (make_account("office").id, make_account("office").id)
    sealing = Sealing(tuple(c.id for c in custodians), 2, examday_clock.now() + timedelta(hours=1))
    finished(papers.start_sealing(draw.id, sealing, by=people))

    assert holders(words, settings.home, temporary) == []
    (tmp_path / "seen").write_text(words[0], "utf-8")
    assert holders(words, tmp_path) == [tmp_path / "seen"]


def holders(words, *folders):
    signs = [
        sign
        for word in words
        for sign in (word.encode(), word.encode("unicode_escape"), word.encode("utf-16-le"))
    ]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(sign in path.read_bytes() for sign in signs)]


def test_every_page_of_the_bank_opens_for_those_whose_it_is(client, full):
    draw = drawn(full, make_batch(candidates=6), papers_=1)
    take_in(full.id, "drafts.txt", DRAFTS.encode())
    name = papers.list_items(full.id, status=Status.DRAFT, words="", page=1).items[0].id
    base = f"/papers/banks/{full.id}"
    pages = {
        "office": ["/papers/banks/", base, f"{base}/coverage", f"{base}/draws"],
        "setter": [
            f"{base}/task",
            f"{base}/practicals",
            f"{base}/items",
            f"{base}/items/{name}",
            f"{base}/write?item={name}",
        ],
        "reviewer": [f"{base}/items?status=draft&words={CANARY}", f"{base}/items/{name}"],
    }
    pages["office"] += [f"/papers/draws/{draw.id}", f"/papers/draws/{draw.id}/sheet.pdf"]
    pages["setter"] += [f"/papers/draws/{draw.id}/papers"]

    for role, urls in pages.items():
        sign_in_as(client, make_account(role))
        assert [(url, client.get(url).status_code) for url in urls] == [(url, 200) for url in urls]
    assert client.get(f"{base}/review").headers["Location"].endswith(f"/items/{name}")
    assert client.get(f"/papers/draws/{draw.id}/papers").status_code == 403
    sign_in_as(client, make_account("office"))
    assert client.get(f"{base}/items").status_code == 403


def test_an_item_is_written_on_its_page_and_its_wording_is_checked(client, bank):
    sign_in_as(client, make_account("setter"))
    form = {
        "kind": "single",
        "difficulty": 3,
        "item_source": "authored",
        "stem": "欧姆定律说明（ ）。",
        "options": "U=IR\nP=UI\nQ=CU",
        "answer": "A",
        "cognition": "apply",
        "order": "free",
    }
    url = f"/papers/banks/{bank.id}/write"

    refused = client.post(url, data=form | {"answer": "D"})
    unread = client.post(url, data=form | {"stem": "由 $\\frac{U}$ 得（ ）。"})
    stem = "由 $\\frac{U}{R}$ 和表\n| U | R |\n| 1 | 2 |\n得（ ）。"
    kept = client.post(url, data=form | {"stem": stem})

    assert (refused.status_code, unread.status_code) == (422, 422)
    assert "公式" in unread.text
    assert kept.status_code == 302
    assert papers.find_bank(bank.id).items == 1
    shown = client.get(kept.headers["Location"]).text
    assert "<mfrac><mi>U</mi><mi>R</mi></mfrac>" in shown
    assert "<td>2</td>" in shown
