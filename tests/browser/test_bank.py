"""The bank in a real Chromium: from a bank file with errors to a room whose papers balance."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from examday import clock as examday_clock
from examday.db import unit_of_work
from examday.papers import service as papers
from examday.papers.adapters.bank_file import MemoryStore
from examday.papers.service import banks
from examday.planning import service as planning
from examday.staff import service as staff
from examday.staff.service import Role
from examday.trace import service as trace
from question_bank import import_files, write_sample
from tests.browser.clerk import Clerk
from tests.browser.test_pages import RULES, TOO_SMALL
from tests.factories.papers import PASSPHRASE, make_custodians
from tests.factories.planning import make_batch
from tests.factories.staff import PASSWORD, make_account

pytestmark = pytest.mark.browser

PLANTED_IN_THE_WORKBOOK = 4
TICKETS = ("2102600010012", "2102600010024")


def fill_up(files: list[Path]) -> None:
    """Bring in what else the sample bank holds, without the pages: the test has seen one file."""
    with unit_of_work() as work, MemoryStore() as store:
        import_files(store, files)
        banks.keep_store(work, 1, store, expected=banks.row_of(1).sha256)


def clean(page: Page, what: str) -> None:
    """Nothing inaccessible, too small or cut off, on a desk and on a phone."""
    report = Axe().run(page, options={"runOnly": RULES})
    found = [
        (one["id"], node["html"][:120])
        for one in report.response["violations"]
        for node in one["nodes"]
    ]
    assert found == [], what
    assert page.evaluate(TOO_SMALL) == [], what
    for width in (390, 1024):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, what


def test_from_a_bank_file_to_a_room_that_balances(
    app: Flask, clock, open_page: Callable[..., Page], tmp_path
) -> None:
    sample = write_sample(tmp_path / "bank", seed=7)
    batch = make_batch(candidates=6)
    sitting = next(s for s in planning.list_sittings(batch.id) if s.subject.value == "theory")
    custodians, second = make_custodians(), make_account("office")
    office = Clerk(open_page("office"), "office", PASSWORD)

    # Import with errors: seen first, then let in.
    office.go("/papers/banks/")
    office.send("新建", bank_code="DG-4", bank_title="电工四级")
    office.send("查看文件", bank_file=sample.workbook, review_state="live")
    accept = office.page.get_by_role("button", name="合格试题入库")
    expect(accept).to_be_visible(timeout=60_000)
    assert office.page.locator("tr.row-warn").count() == PLANTED_IN_THE_WORKBOOK
    clean(office.page, "import")
    accept.click()
    expect(office.page.get_by_role("button", name="查看文件")).to_be_visible(timeout=60_000)
    fill_up([*sample.texts, sample.workbook])
    office.send("核对并保存", blueprint=sample.blueprint, assembly_model=sample.model)
    clean(office.page, "bank")
    office.page.get_by_role("link", name="细目表覆盖").click()
    clean(office.page, "coverage")

    # Commit, draw, seal; every step waits for its work on the page.
    office.go("/papers/banks/1/draws")
    office.send("冻结题库并承诺", batch=batch.id, papers=2, entropy_source="督导员掷骰")
    office.send("抽题组卷", entropy="3 5 1 6 2 4")
    expect(office.page.get_by_role("button", name="封卷并入库")).to_be_visible(timeout=60_000)
    clean(office.page, "drawn")
    opens = examday_clock.local(examday_clock.now() - timedelta(minutes=1))
    office.send("封卷并入库", not_before=f"{opens:%Y-%m-%dT%H:%M}", second=second.id)
    expect(office.page.get_by_role("link", name="试卷A")).to_be_visible(timeout=60_000)
    clean(office.page, "sealed")

    # Opened by two, printed for a printer with an agreement.
    send_printer(office)
    paper = papers.list_papers(batch.id)[0]
    for custodian in custodians[:2]:
        person = Clerk(open_page(custodian), custodian.login, PASSWORD)
        person.go(f"/papers/{paper.id}")
        person.send("批准启封", passphrase=PASSPHRASE)
    office.go(f"/papers/{paper.id}")
    assert office.print_form("印制", copies=6, spares=2).startswith(b"%PDF-")
    balance_room(office, open_page, sitting.id, paper.id)

    assert papers.balance(sitting.id, "R1").is_settled
    acts = [one.action for one in trace.list_entries(limit=60).entries]
    assert {"papers:draw:committed", "papers:draw:sealed", "papers:balance:recorded"} <= set(acts)


def send_printer(office: Clerk) -> None:
    """Register a printer whose agreement covers the day."""
    office.go("/papers/printers")
    given = {"valid_from": "2026-01-01", "valid_to": "2026-12-31"}
    office.send("登记", name="示范印务", qualification="乙级", agreement_no="BM-1", **given)


def balance_room(office: Clerk, open_page: Callable[..., Page], sitting: int, paper: int) -> None:
    """Pack, draw, unseal before two witnesses, count back."""
    first, second = staff.list_accounts(Role.PROCTOR)[:2]
    people = {"first": first.id, "second": second.id}
    bag = {"room": "R1", "paper": paper, "copies": 8, "seal_no": "F-1"}
    for step in ("packed", "drawn"):
        office.go(f"/papers/sittings/{sitting}")
        office.send("登记", **bag, **people, step=step)
    proctor = Clerk(open_page(first), first.login, PASSWORD)
    proctor.go(f"/papers/sittings/{sitting}/R1")
    seen = {"witness_1": TICKETS[0], "witness_2": TICKETS[1]}
    proctor.send("登记启封", seal_no="F-1", copies=8, **people, **seen)
    counted = {"used": 6, "absent": 0, "spare": 2, "void": 0, "new_seal": "F-2"}
    proctor.send("登记清点", **counted, counter_1=first.id, counter_2=second.id)
    expect(proctor.page.get_by_text("已平衡")).to_be_visible()
