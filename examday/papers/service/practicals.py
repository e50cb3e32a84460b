"""
操作技能试卷 on the server: tasks written, drawn by lot, sealed, and the site told what to prepare.

The lots, the paper and the marking table are sealed together; only the 准备通知单 stays apart,
encrypted under the site's field key, because a site must have its tools ready before (DOMAIN §2.5).
Serves 黄石 二(二): an own bank, and tools listed for each task (HS-06).
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from examday import clock, long_work
from examday.db import unit_of_work
from examday.i18n import N_
from examday.long_work import Job
from examday.papers.adapters import bank_file
from examday.papers.adapters.bank_file import MemoryStore
from examday.papers.models import NoticeRow, PaperRow
from examday.papers.rules.bank_refusals import NoSuchItem
from examday.papers.service import banks, custody
from examday.papers.service.sealing import Sealing, seal_for
from examday.planning import service as planning
from examday.staff.service import Account
from examday.trace import service as trace
from examday.trace.service import Action
from examday.wire.canonical import canonical
from question_bank import (
    Defaults,
    PracticalItem,
    PracticalPaper,
    Slot,
    draw_tasks,
    read_task,
    slots_in,
    workflow,
    write_practicals,
)

PRACTICAL = "practical"
_STAGES = (N_("drawing the tasks by lot"), N_("sealing"), N_("taking into custody"))


@dataclass(frozen=True, slots=True)
class Lottery:
    """What decides a practical paper: its form, weights by slot, and what the source said."""

    form: str
    weights: dict[str, Decimal]
    source: str
    entropy: str
    notice_from: datetime


def list_tasks(bank_id: int) -> tuple[PracticalItem, ...]:
    """List the practical items of a bank, by point and id."""
    with banks.reading(bank_id) as store:
        return tuple(sorted(store.practicals(), key=lambda task: (task.point, task.id)))


def list_slots(bank_id: int) -> list[Slot]:
    """List what a practical paper can be drawn from: live tasks by their point."""
    return slots_in(list_tasks(bank_id))


def task_text(bank_id: int, item_id: str) -> str:
    """Give a task as its author edits it, tables between bars; raises NoSuchItem."""
    with banks.reading(bank_id) as store:
        task = store.find_practical(item_id)
    if task is None:
        raise NoSuchItem(item=item_id)
    return write_practicals([task]).replace("\t", " | ")


def write_task(bank_id: int, item_id: str, text: str, *, account: Account) -> PracticalItem:
    """Enter a new task (no id) or an edit, as a draft of its author; raises UnusableForBank."""
    with unit_of_work() as session, banks.changing(session, bank_id) as store:
        known = store.find_practical(item_id) if item_id else None
        if item_id and known is None:
            raise NoSuchItem(item=item_id)
        with bank_file.speaking():
            read = read_task(text, Defaults(author=account.actor))
            kept = _submitted(store, read, known, by=account.actor)
        trace.append(
            Action.ITEM_WRITTEN,
            subject=f"{banks.find_bank(bank_id).code}/{kept.id}",
            by=account.actor,
            facts={"item": kept.id, "version": kept.version, "digest": kept.digest},
        )
        return kept


def start_sealing_practical(
    bank_id: int, batch_id: int, lottery: Lottery, sealing: Sealing, *, by: tuple[int, int]
) -> Job:
    """
    Begin to draw, seal and take a practical paper into custody; the job leads to the paper.

    `by` are the accounts of the two people present. Raises UnusableForBank for weights that do
    not add up, TwoPeopleNeeded, TooFewCustodians; the job fails with FormTaken.
    """
    keepers = custody.two_people(by)
    custody.check_enough(sealing.threshold, len(sealing.custodians))
    paper = _draw(bank_id, batch_id, lottery)

    def seal_paper(job: Job) -> tuple[str, int]:
        job.enter(1)
        content = canonical(paper.payload())
        batch = planning.find_batch(batch_id)
        head = {"form": paper.form, "batch": batch.code, "subject": PRACTICAL}
        sealed = seal_for(content, sealing, header=head)
        job.enter(2)
        path = custody.keep_sealed(sealed, batch.code)
        with unit_of_work() as session:
            row = custody.enter(
                session,
                sealed,
                path=path,
                batch_id=batch_id,
                subject=PRACTICAL,
                form_code=paper.form,
                keepers=keepers,
            )
            notice = json.dumps(paper.notice, ensure_ascii=False)
            session.add(
                NoticeRow(paper_id=row.id, content=notice, printable_from=lottery.notice_from)
            )
            _trace(row, paper, bank_id, lottery, keepers)
            return "paper", row.id

    return long_work.start(paper.form, _STAGES, seal_paper, back=("practicals", bank_id))


def _draw(bank_id: int, batch_id: int, lottery: Lottery) -> PracticalPaper:
    batch = planning.find_batch(batch_id)
    with bank_file.speaking():
        return draw_tasks(
            list_slots(bank_id),
            lottery.weights,
            form=lottery.form,
            source=lottery.source,
            entropy=lottery.entropy,
            title=batch.title,
            occupation=batch.occupation,
            level=int(batch.level),
        )


def _submitted(
    store: MemoryStore, read: PracticalItem, known: PracticalItem | None, *, by: str
) -> PracticalItem:
    if known is not None:
        read = replace(read, id=known.id, version=known.version, source=known.source)
    at = clock.rfc3339(clock.now())
    return workflow.submit_task(store, read, by=by, at=at)


def _trace(
    row: PaperRow,
    paper: PracticalPaper,
    bank_id: int,
    lottery: Lottery,
    keepers: tuple[Account, Account],
) -> None:
    trace.append(
        Action.PRACTICAL_SEALED,
        subject=f"paper/{row.id}/{row.form_code}",
        by=keepers[0].actor,
        facts={
            "paper": row.id,
            "bank": banks.find_bank(bank_id).code,
            "form": row.form_code,
            "source": lottery.source,
            "entropy": lottery.entropy,
            "lots_sha256": sha256(canonical(dict(paper.lots))).hexdigest(),
            "paper_digest": row.paper_digest,
            "sealed_sha256": row.sealed_sha256,
            "threshold": row.threshold,
            "custodians": row.custodians,
            "not_before": clock.rfc3339(row.not_before),
            "notice_from": clock.rfc3339(lottery.notice_from),
            "people": [one.actor for one in keepers],
        },
    )
