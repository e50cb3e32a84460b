"""操作技能试卷: written, reviewed, drawn by lot, sealed; three parts printed, the notice before."""

import io
import subprocess
from datetime import timedelta
from decimal import Decimal

import pytest

from examday import clock as examday_clock
from examday.papers import service as papers
from examday.papers.rules.bank_refusals import OwnWork, UnusableForBank
from examday.papers.rules.refusals import NoSuchPart, NoticeTooEarly, ShortHanded
from examday.papers.service import Lottery, Sealing, custody
from examday.trace import service as trace
from question_bank import Status, drawn_by
from tests.factories.papers import (
    OFFICE,
    PASSPHRASE,
    TASKS,
    finished,
    make_custodians,
    make_printer,
    make_safe,
)
from tests.factories.planning import make_batch
from tests.factories.staff import make_account, sign_in_as

TITLES = ("用万用表测直流电压", "用钳形表测交流电流", "接单相电度表")
TOOL = "直流稳压电源"


@pytest.fixture
def bank(app):
    return papers.open_bank("DG-4", "电工四级", by=OFFICE)


def take_in(bank, *, is_reviewed=True):
    job = papers.start_import(
        bank.id,
        name="tasks.txt",
        content=TASKS.encode(),
        source="authored",
        is_reviewed=is_reviewed,
        by="staff:setter",
    )
    found = papers.find_import(finished(job))
    assert (found.found, found.good) == (3, 3)
    finished(papers.start_accepting(found.id, hold_similar=False, by="staff:setter"))


def lottery(form="P1", *, hours=1, **weights):
    given = {"A-A-001": "60", "A-A-002": "40"} | weights
    return Lottery(
        form=form,
        weights={name: Decimal(weight) for name, weight in given.items()},
        source="督导员掷骰",
        entropy="3 5 1 6 2 4",
        notice_from=examday_clock.now() + timedelta(hours=hours),
    )


@pytest.fixture
def sealed(bank):
    """A practical paper in custody, its batch and its custodians; the notice comes in an hour."""
    take_in(bank)
    batch, custodians = make_batch(candidates=6), make_custodians()
    people = (make_account("office").id, make_account("office").id)
    sealing = Sealing(
        tuple(one.id for one in custodians), 2, examday_clock.now() + timedelta(hours=2)
    )
    job = papers.start_sealing_practical(bank.id, batch.id, lottery(), sealing, by=people)
    return papers.find_paper(finished(job)), batch, custodians


def text_of(pdf):
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def test_a_practical_item_goes_the_way_of_every_item(bank):
    take_in(bank, is_reviewed=False)
    setter, reviewer = make_account("setter", "reviewer", login="setter"), make_account("reviewer")
    task = papers.list_tasks(bank.id)[0]

    assert (task.status, papers.list_slots(bank.id)) == (Status.DRAFT, [])
    with pytest.raises(OwnWork):
        papers.review_item(bank.id, task.id, account=setter)
    assert papers.next_to_review(bank.id, after="", account=setter) == ""
    papers.review_item(bank.id, task.id, account=reviewer)
    assert papers.release_reviewed(bank.id, by=OFFICE) == 1
    assert [slot.name for slot in papers.list_slots(bank.id)] == [task.point]
    changed = papers.task_text(bank.id, task.id).replace("20 min", "25 min")
    edited = papers.write_task(bank.id, task.id, changed, account=setter)
    assert (edited.id, edited.minutes, edited.status) == (task.id, 25, Status.DRAFT)
    history = papers.find_item(bank.id, task.id, account=reviewer).history
    assert [act.act for act in history] == ["write", "review", "release", "edit"]
    with pytest.raises(UnusableForBank, match="满分"):
        papers.write_task(bank.id, task.id, changed.replace("100", "90"), account=setter)


def test_one_task_of_each_point_is_drawn_by_lot_and_all_three_parts_print(
    sealed, clock, settings, tmp_path
):
    paper, batch, custodians = sealed
    words = [title.encode() for title in TITLES] + [TOOL.encode()]

    held = [
        path
        for path in settings.home.rglob("*")
        if path.is_file() and any(word in path.read_bytes() for word in words)
    ]
    assert held == []
    with pytest.raises(NoticeTooEarly):
        papers.print_notice(paper.id, by=OFFICE)
    clock.move_to(examday_clock.now() + timedelta(hours=1))
    notice = text_of(papers.print_notice(paper.id, by=OFFICE))
    assert "操作技能考核准备通知单" in notice
    assert TOOL in notice
    assert not any(title in notice for title in TITLES)
    with pytest.raises(ShortHanded):
        papers.print_record_table(paper.id, by=OFFICE)
    clock.move_to(examday_clock.now() + timedelta(hours=1))
    for one in custodians[:2]:
        papers.approve_opening(paper.id, one.id, PASSPHRASE)
    payload = custody.open_payload(papers.find_paper(paper.id))
    tasks = payload["paper"]["tasks"]
    assert [task["point"] for task in tasks] == ["A-A-001", "A-A-002"]
    assert [task["item"] for task in tasks] == drawn_by(payload["lots"])
    printed = text_of(papers.print_paper(paper.id, 2, 1, make_printer().id, by=OFFICE))
    record = text_of(papers.print_record_table(paper.id, by=OFFICE))
    for task in tasks:
        assert printed.count(task["task"]) == 3  # two copies and a spare
        assert task["task"] in record
    assert "否定项" in record
    assert "未检查扣20分" in record
    assert "未检查扣20分" not in printed
    assert papers.sealed_rubric(batch.id)["tasks"][0]["weight"] == "60"
    clock.move_to(examday_clock.now() + timedelta(hours=4))
    with pytest.raises(NoSuchPart):
        papers.print_answer_key(paper.id, by=OFFICE)
    parts = [e.facts["part"] for e in trace.list_entries(action="papers:paper:printed").entries]
    assert sorted(parts) == ["notice", "paper", "record"]
    refused = trace.list_entries(action="papers:opening:refused").entries
    assert {e.facts["code"] for e in refused} == {"notice_too_early", "opening_short_handed"}


def test_a_theory_paper_has_no_notice(app):
    safe = make_safe(make_batch(candidates=6).id)
    with pytest.raises(NoSuchPart):
        papers.print_notice(safe.paper.id, by=OFFICE)


def test_a_practical_paper_is_drawn_on_its_page_and_weights_must_add_up(client, bank):
    take_in(bank)
    batch, custodians = make_batch(candidates=6), make_custodians()
    second = make_account("office")
    sign_in_as(client, make_account("office"))
    url = f"/papers/banks/{bank.id}/practicals"
    form = {
        "batch": batch.id,
        "form": "P1",
        "weight_0": "60",
        "weight_1": "50",
        "entropy_source": "骰子",
        "entropy": "3 5 1 6",
        "custodians": [one.id for one in custodians],
        "threshold": 2,
        "not_before": "2026-10-20T08:00",
        "notice_from": "2026-10-19T08:00",
        "second": second.id,
    }

    page = client.get(url)
    refused = client.post(url, data=form)
    job = client.post(url, data=form | {"weight_1": "40"}).headers["Location"].rpartition("/")[2]
    paper_id = finished(papers.find_job(job))

    assert page.status_code == 200
    assert not any(title in page.text for title in TITLES)  # the office draws unseen
    assert refused.status_code == 422
    assert "110" in refused.text
    shown = client.get(f"/papers/{paper_id}")
    assert "空白评分记录表" not in shown.text
    assert client.post(f"/papers/{paper_id}/notice").data.startswith(b"%PDF-")
    assert client.post(f"/papers/{paper_id}/record").status_code == 409


def test_a_task_is_written_on_its_page_as_text(client, bank):
    sign_in_as(client, make_account("setter"))
    url = f"/papers/banks/{bank.id}/task"
    one = TASKS[: TASKS.index("二、")].replace("\t", " | ")

    refused = client.post(url, data={"task_text": one.replace("| 30 |", "| 35 |")})
    kept = client.post(url, data={"task_text": one})

    assert refused.status_code == 422
    assert "合计" in refused.text or "总分" in refused.text or "配分" in refused.text
    assert kept.status_code == 302
    shown = client.get(kept.headers["Location"])
    assert TITLES[0] in shown.text
    assert "否定项" in shown.text
    again = client.get(f"{url}?item={papers.list_tasks(bank.id)[0].id}")
    assert "万用表 | MF47" in again.text
    sign_in_as(client, make_account("office"))
    assert client.get(kept.headers["Location"]).status_code == 403


def test_practical_items_leave_as_text_and_come_back(client, bank):
    take_in(bank)
    sign_in_as(client, make_account("setter"))

    taken = client.post(f"/papers/banks/{bank.id}/export", data={"format": "practical"})

    other = papers.open_bank("DG-3", "电工三级", by=OFFICE)
    job = papers.start_import(
        other.id,
        name="back.txt",
        content=io.BytesIO(taken.data).getvalue(),
        source="authored",
        is_reviewed=True,
        by="staff:setter",
    )
    finished(papers.start_accepting(finished(job), hold_similar=False, by="staff:setter"))
    assert papers.list_tasks(other.id) == papers.list_tasks(bank.id)
