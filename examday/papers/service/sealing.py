"""
From a draw to sealed papers: looked through, swapped by hand where need be, sealed, in custody.

Drawn papers exist in memory only, drawn again from the certificate each time. With the seal the
certificate, the secret of the commitment and the record of the swaps go into the sealed payload,
and the copies of the server are wiped: from then on k custodians are needed for any of it (HE-07).
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from examday import clock, long_work, settings
from examday.db import unit_of_work
from examday.documents import typeset
from examday.i18n import N_
from examday.long_work import Job
from examday.papers.adapters import bank_file
from examday.papers.adapters.bank_file import MemoryStore
from examday.papers.models import DrawRow
from examday.papers.rules.bank import DrawState
from examday.papers.rules.bank_refusals import NoSuchItem, WrongTurn
from examday.papers.service import banks, custody, draws
from examday.papers.service.forms import forms_of
from examday.planning import service as planning
from examday.staff import service as staff
from examday.staff.service import Account
from examday.trace import service as trace
from examday.trace.service import Action
from question_bank import (
    AssemblyRun,
    Item,
    Paper,
    Status,
    Swap,
    Swapped,
    payload,
    recompute,
    seal,
    swap,
)

_PRINTS = Path(__file__).parents[1] / "prints"
_THEORY = "theory"
_MOST_OFFERED = 12
_STAGES = (N_("drawing the papers again"), N_("sealing"), N_("taking into custody"))


@dataclass(frozen=True, slots=True)
class Sealing:
    """For whom papers are sealed, how many of them must come, and not before when."""

    custodians: tuple[int, ...]
    threshold: int
    not_before: datetime


def look_through(draw_id: int, *, by: str) -> tuple[Paper, ...]:
    """Show the drawn papers before they are sealed; each look is traced. Raises WrongTurn."""
    papers = _standing(_drawn_row(draw_id)).papers
    with unit_of_work():
        draw = draws.find_draw(draw_id)
        subject = draws.subject_of(draw)
        trace.append(Action.DRAW_LOOKED_AT, subject=subject, by=by, facts={"draw": draw.number})
    return papers


def list_substitutes(draw_id: int, form: str, item_id: str) -> tuple[Item, tuple[Item, ...]]:
    """Give an item of a drawn paper, and items that may stand in for it, the likest first."""
    row = _drawn_row(draw_id)
    papers = _standing(row).papers
    out = next((i for p in papers if p.form == form for i in p.items if i.id == item_id), None)
    if out is None:
        raise NoSuchItem(item=item_id)
    taken = {item.id for paper in papers for item in paper.items}
    points = {item.point for paper in papers if paper.form == form for item in paper.items}
    with banks.reading(row.bank_id) as store:
        fit = [
            item
            for item in store.current()
            if item.status is Status.LIVE
            and item.id not in taken
            and (item.kind, item.point[:2]) == (out.kind, out.point[:2])
            and (item.point == out.point or item.point not in points)
        ]
    fit.sort(key=lambda item: (_distance(item, out), item.id))
    return out, tuple(fit[:_MOST_OFFERED])


def swap_item(
    draw_id: int, *, form: str, out: str, into: str, reason: str, account: Account
) -> None:
    """Replace a drawn item by hand; every paper is checked again. Raises BankRefusal."""
    row = _drawn_row(draw_id)
    expected = banks.row_of(row.bank_id).sha256
    with bank_file.speaking(), banks.reading(row.bank_id) as store:
        run = _run(store, row)
        before = _swapped(store, row, run)
        old = _named(before.papers, form, out)
        new = store.find(into)
        if new is None:
            raise NoSuchItem(item=into)
        one = Swap(
            form=form,
            out=old.id,
            out_version=old.version,
            into=new.id,
            into_version=new.version,
            reason=reason,
            by=account.actor,
        )
        all_swaps = [*_swaps(row), one]
        batch = planning.find_batch(row.batch_id)
        after = swap(store, run, all_swaps, batch=batch.code)
        with unit_of_work() as session:
            row = _drawn_row(draw_id)
            row.swaps = json.dumps([asdict(one) for one in all_swaps])
            banks.keep_store(session, row.bank_id, store, expected=expected)
            trace.append(
                Action.ITEM_SWAPPED,
                subject=f"{batch.code}/{row.number}",
                by=account.actor,
                facts={
                    "draw": row.number,
                    "form": form,
                    "reason": reason,
                    "swaps": len(all_swaps),
                    "record_sha256": sha256(after.record).hexdigest(),
                },
            )


def commitment_file(draw_id: int) -> bytes:
    """Give the public part of a commitment; what it commits to cannot be told from it."""
    return draws.row_of(draw_id).commitment_public


def print_draw_sheet(draw_id: int) -> bytes:
    """Give 组卷单 and 达成表 as PDF; they name digests and shares, never an item."""
    draw = draws.find_draw(draw_id)
    if not draw.public:
        raise WrongTurn
    batch, bank = planning.find_batch(draw.batch_id), banks.find_bank(draw.bank_id)
    names = {account.actor: account.name for account in staff.list_accounts()}
    data = {
        "site": settings.current().site_name,
        "batch": f"{batch.code} {batch.title}",
        "bank": f"{bank.code} {bank.title}",
        "number": draw.number,
        "reason": draw.reason,
        "source": draw.source,
        "entropy": draw.entropy,
        "commitment": draw.commitment,
        "swaps": draw.swaps,
        "shuffled": draw.shuffled,
        "begun_at": f"{clock.local(draw.begun_at):%Y-%m-%d %H:%M}",
        "begun_by": names.get(draw.begun_by, draw.begun_by),
        "run": draw.public,
    }
    return typeset(_PRINTS / "draw_sheet.typ", data, timestamp=draw.begun_at)


def start_sealing(draw_id: int, sealing: Sealing, *, by: tuple[int, int]) -> Job:
    """
    Begin to seal the papers of a draw and take them into custody; the job leads to the draw.

    `by` are the accounts of the two people present. Raises WrongTurn, TwoPeopleNeeded,
    TooFewCustodians.
    """
    row = _drawn_row(draw_id)
    custody.two_people(by)
    custody.check_enough(sealing.threshold, len(sealing.custodians))

    def seal_papers(job: Job) -> tuple[str, int]:
        row = _drawn_row(draw_id)
        contents = _contents(row)
        job.enter(1, total=len(contents))
        sealed = {}
        for form, content in contents.items():
            head = {"form": form, "batch": planning.find_batch(row.batch_id).code}
            sealed[form] = seal_for(content, sealing, header=head)
            job.step()
        job.enter(2)
        _take(draw_id, sealed, by=by)
        return "draw", draw_id

    return long_work.start(str(row.number), _STAGES, seal_papers, back=("draw", draw_id))


def seal_for(content: bytes, sealing: Sealing, *, header: dict[str, str]) -> bytes:
    """Seal a payload for the custodians named (for this room's drawers)."""
    people = [staff.find_account(number) for number in sealing.custodians]
    with bank_file.speaking():
        return seal.seal(
            content,
            header=header,
            custodians={one.login: staff.custodian_public_key(one.id) for one in people},
            threshold=sealing.threshold,
            not_before=sealing.not_before,
        )


def _contents(row: DrawRow) -> dict[str, bytes]:
    """Give what is sealed, by form: paper, key, pictures, and all that proves the draw."""
    with bank_file.speaking(), banks.reading(row.bank_id) as store:
        run = _run(store, row)
        swapped = _swapped(store, row, run)
        return {
            paper.form: _content(store, paper, row, swapped.record, record)
            for paper, record in forms_of(
                swapped.papers, certificate=run.certificate, shuffles=row.shuffled
            )
        }


def _content(store: MemoryStore, paper: Paper, row: DrawRow, record: bytes, form: bytes) -> bytes:
    wire = json.loads(payload(paper, store.pictures_of(paper.items)))
    wire["proof"] = {
        "certificate": row.certificate,
        "commitment": row.commitment_public.decode(),
        "secret": row.commitment_secret,
        "swaps": record.decode() if row.swaps else "",
        "form": form.decode(),
    }
    return json.dumps(wire, ensure_ascii=False, sort_keys=True).encode()


def _take(draw_id: int, sealed: dict[str, bytes], *, by: tuple[int, int]) -> None:
    keepers = custody.two_people(by)
    batch = planning.find_batch(_drawn_row(draw_id).batch_id)
    paths = {form: custody.keep_sealed(content, batch.code) for form, content in sealed.items()}
    with unit_of_work() as session:
        row = _drawn_row(draw_id)
        kept = [
            custody.enter(
                session,
                content,
                path=paths[form],
                batch_id=row.batch_id,
                subject=_THEORY,
                form_code=form,
                keepers=keepers,
            )
            for form, content in sealed.items()
        ]
        row.state = DrawState.SEALED.value
        row.certificate = row.commitment_secret = ""
        trace.append(
            Action.PAPERS_SEALED,
            subject=f"{batch.code}/{row.number}",
            by=keepers[0].actor,
            facts={
                "draw": row.number,
                "people": [one.actor for one in keepers],
                "threshold": kept[0].threshold,
                "custodians": kept[0].custodians,
                "not_before": clock.rfc3339(kept[0].not_before),
                "swaps": len(_swaps(row)),
                "papers": {
                    one.form_code: {
                        "paper": one.id,
                        "paper_digest": one.paper_digest,
                        "sealed_sha256": one.sealed_sha256,
                    }
                    for one in kept
                },
            },
        )


def _standing(row: DrawRow) -> Swapped:
    with bank_file.speaking(), banks.reading(row.bank_id) as store:
        return _swapped(store, row, _run(store, row))


def _run(store: MemoryStore, row: DrawRow) -> AssemblyRun:
    return recompute(store, row.certificate.encode()).run


def _swapped(store: MemoryStore, row: DrawRow, run: AssemblyRun) -> Swapped:
    return swap(store, run, _swaps(row)) if row.swaps else Swapped(run.papers, b"")


def _swaps(row: DrawRow) -> list[Swap]:
    return [Swap(**one) for one in json.loads(row.swaps or "[]")]


def _named(papers: tuple[Paper, ...], form: str, item_id: str) -> Item:
    for paper in papers:
        for item in paper.items:
            if (paper.form, item.id) == (form, item_id):
                return item
    raise NoSuchItem(item=item_id)


def _distance(item: Item, out: Item) -> tuple[Any, ...]:
    return (
        item.point != out.point,
        item.point.rpartition("-")[0] != out.point.rpartition("-")[0],
        abs(item.difficulty - out.difficulty),
        item.source != out.source,
    )


def _drawn_row(draw_id: int) -> DrawRow:
    row = draws.row_of(draw_id)
    if row.state != DrawState.DRAWN:
        raise WrongTurn
    return row
