"""A sealed paper: kept by two, opened by k in time, printed by whoever may, never on disk."""

import subprocess
from datetime import date, timedelta

import pytest

from examday.errors import Tampered
from examday.papers import service as papers
from examday.papers.rules.refusals import (
    AlreadyInCustody,
    BadCount,
    BadSeal,
    FormTaken,
    KeyTooEarly,
    NotACustodian,
    PrinterNotValid,
    ShortHanded,
    TooEarly,
    TwoPeopleNeeded,
    WrongKey,
)
from examday.planning import service as planning
from examday.trace import service as trace
from tests.factories.papers import (
    CANARY,
    OFFICE,
    PASSPHRASE,
    make_custodians,
    make_printer,
    make_safe,
    seal_paper,
)
from tests.factories.planning import make_batch


@pytest.fixture
def batch(app):
    return make_batch(candidates=6)


@pytest.fixture
def safe(batch):
    return make_safe(batch.id)


def last_refusal() -> dict:
    return trace.list_entries(action="papers:opening:refused").entries[0].facts


def refusals() -> int:
    return len(trace.list_entries(action="papers:opening:refused").entries)


def test_two_of_three_custodians_open_a_paper(safe):
    first = safe.approve(0)
    assert (first.is_open, first.still_needed) == (False, 1)

    second = safe.approve(2)

    assert second.is_open
    newest = trace.list_entries(limit=1).entries[0]
    assert newest.action == "papers:paper:unsealed"
    assert newest.actor == safe.custodians[2].actor


def test_approving_twice_counts_once(safe):
    safe.approve(0)

    assert not safe.approve(0).is_open


def test_an_early_opening_is_refused_and_traced(batch, clock):
    safe = make_safe(batch.id, opens_in=timedelta(hours=1))

    with pytest.raises(TooEarly):
        safe.approve(0)

    assert last_refusal()["code"] == "opening_too_early"
    assert papers.find_paper(safe.paper.id).approvals == ()
    clock.advance(hours=1)
    safe.approve(0)
    assert safe.approve(1).is_open


def test_a_short_handed_opening_is_refused_and_traced(safe):
    printer = make_printer()
    safe.approve(0)

    with pytest.raises(ShortHanded):
        papers.print_paper(safe.paper.id, 10, 2, printer.id, by=OFFICE)
    with pytest.raises(ShortHanded):
        papers.print_answer_key(safe.paper.id, by=OFFICE)

    assert refusals() == 2
    assert last_refusal() == {
        "paper": safe.paper.id,
        "form": "A",
        "code": "opening_short_handed",
        "approvals": 1,
        "threshold": 2,
    }


def test_an_outsider_and_a_wrong_passphrase_are_refused_and_traced(safe):
    with pytest.raises(NotACustodian):
        papers.approve_opening(safe.paper.id, safe.outsider.id, PASSPHRASE)
    with pytest.raises(WrongKey):
        papers.approve_opening(safe.paper.id, safe.custodians[0].id, "not the passphrase")

    assert refusals() == 2
    assert papers.find_paper(safe.paper.id).approvals == ()


def test_a_changed_file_stays_shut_and_is_traced(safe, settings):
    (path,) = (settings.home / "papers").rglob("*.sealed")
    path.chmod(0o640)
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)

    with pytest.raises(Tampered):
        safe.approve(0)

    assert last_refusal()["code"] == "tampered"


def test_custody_takes_two_people_and_an_intact_seal(batch, app, clock):
    custodians = make_custodians()
    sealed = seal_paper(custodians, clock.now())
    ids = (custodians[0].id, custodians[1].id)
    place = {"batch_id": batch.id, "subject": "theory"}

    with pytest.raises(TwoPeopleNeeded):
        papers.take_custody(sealed, **place, form_code="A", by=(ids[0], ids[0]))
    with pytest.raises(BadSeal):
        papers.take_custody(sealed[:-40], **place, form_code="A", by=ids)
    with pytest.raises(BadSeal):
        papers.take_custody(b"%PDF-1.7", **place, form_code="A", by=ids)
    papers.take_custody(sealed, **place, form_code="A", by=ids)
    with pytest.raises(AlreadyInCustody):
        papers.take_custody(sealed, **place, form_code="B", by=ids)
    with pytest.raises(FormTaken):
        papers.take_custody(seal_paper(custodians, clock.now()), **place, form_code="A", by=ids)


def test_printing_takes_a_printer_with_a_valid_agreement(safe, clock):
    safe.approve(0)
    safe.approve(1)
    lapsed = make_printer(valid_to=date(2026, 10, 19))
    last_day = make_printer(valid_to=date(2026, 10, 20))

    with pytest.raises(PrinterNotValid):
        papers.print_paper(safe.paper.id, 10, 2, lapsed.id, by=OFFICE)
    with pytest.raises(BadCount):
        papers.print_paper(safe.paper.id, 0, 2, last_day.id, by=OFFICE)
    assert papers.print_paper(safe.paper.id, 10, 2, last_day.id, by=OFFICE).startswith(b"%PDF-")

    (order,) = papers.list_print_orders(safe.paper.id)
    assert (order.copies, order.spares) == (10, 2)
    assert trace.list_entries(limit=1).entries[0].facts["agreement"] == "BM-2026-01"


def test_the_printed_paper_holds_the_questions_and_not_the_key(safe, tmp_path):
    safe.approve(0)
    safe.approve(1)

    pdf = papers.print_paper(safe.paper.id, 1, 0, make_printer().id, by=OFFICE)

    path = tmp_path / "paper.pdf"
    path.write_bytes(pdf)
    shown = subprocess.run(
        ["pdftotext", path, "-"], capture_output=True, text=True, check=True
    ).stdout.replace("\n", "")
    assert "转差率" in shown
    assert "密" in shown
    assert "满分6分" in shown.replace(" ", "")
    assert "标准答案" not in shown


def test_the_answer_key_comes_only_after_the_sitting(safe, clock, batch):
    safe.approve(0)
    safe.approve(1)
    ends = max(s.ends_at for s in planning.list_sittings(batch.id) if s.subject.value == "theory")

    with pytest.raises(KeyTooEarly):
        papers.print_answer_key(safe.paper.id, by=OFFICE)
    assert last_refusal()["code"] == "key_too_early"

    clock.move_to(ends)
    assert papers.print_answer_key(safe.paper.id, by=OFFICE).startswith(b"%PDF-")


def test_no_word_of_a_paper_is_on_disk(safe, settings, tmp_path, monkeypatch):
    """Neither before the opening, nor after it: printing leaves nothing either."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))

    assert canaries(settings.home, temporary) == []
    safe.approve(0)
    safe.approve(1)
    papers.print_paper(safe.paper.id, 1, 0, make_printer().id, by=OFFICE)
    assert canaries(settings.home, temporary) == []


def test_the_search_for_the_canary_can_find_it(tmp_path):
    (tmp_path / "x").write_text(f"…{CANARY}…", "utf-8")

    assert canaries(tmp_path) == [tmp_path / "x"]


def canaries(*folders):
    """Give the files that hold a part of the canary, as UTF-8 or as JSON escapes."""
    word = CANARY[:6]
    signs = (word.encode(), word.encode("unicode_escape"), word.encode("utf-16-le"))
    return [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and any(sign in path.read_bytes() for sign in signs)
    ]
