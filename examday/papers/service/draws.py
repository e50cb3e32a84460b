"""
组卷: a draw is committed to, then drawn when the public source has spoken, then sealed.

The bank is frozen with the commitment. Until the papers are sealed, what yields them (secret and
certificate) is encrypted at rest; the papers themselves are never kept, only drawn again (HE-07).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select

from examday import clock, long_work
from examday.db import db, unit_of_work
from examday.i18n import N_
from examday.long_work import Job
from examday.papers.adapters import bank_file
from examday.papers.models import DrawRow
from examday.papers.rules.bank import Draw, DrawState
from examday.papers.rules.bank_refusals import NoSuchDraw, ReasonForRedraw, WrongTurn
from examday.papers.service import banks
from examday.planning import service as planning
from examday.trace import service as trace
from examday.trace.service import Action
from question_bank import (
    AssemblyRun,
    Commitment,
    Infeasible,
    Relaxation,
    ask,
    commit,
    draw_committed,
)

_STAGES = (N_("freezing the bank"), N_("drawing and proving the papers"), N_("keeping the result"))


def commit_draw(
    bank_id: int,
    batch_id: int,
    *,
    papers: int,
    shuffled: int,
    source: str,
    reason: str,
    by: str,
    relaxations: Sequence[dict[str, Any]] = (),
) -> Draw:
    """
    Freeze the bank and commit to a draw; `source` names the public entropy still to come.

    Each paper gets so many forms `shuffled` from it. A batch drawn for before needs a reason.
    Raises NoDemands, ReasonForRedraw, UnusableForBank.
    """
    demands, batch = banks.find_demands(bank_id), planning.find_batch(batch_id)
    with unit_of_work() as session:
        query = select(func.max(DrawRow.number)).where(DrawRow.batch_id == batch_id)
        number = (session.scalar(query) or 0) + 1
        if number > 1 and not reason.strip():
            raise ReasonForRedraw
        row = DrawRow(bank_id=bank_id, batch_id=batch_id, number=number, reason=reason.strip())
        row.papers, row.shuffled, row.source, row.entropy = papers, shuffled, source.strip(), ""
        row.relaxations, row.state = list(relaxations), DrawState.COMMITTED.value
        row.certificate = row.swaps = ""
        row.public, row.shortage = {}, {}
        row.begun_at, row.begun_by = clock.now(), by
        with banks.changing(session, bank_id) as store:
            asked = ask(demands.blueprint, demands.model, **_asked(row, batch.code))
            made = commit(store, asked, source=row.source)
        row.commitment = made.digest
        row.commitment_public, row.commitment_secret = made.public, made.secret.decode()
        session.add(row)
        session.flush()
        trace.append(
            Action.DRAW_COMMITTED,
            subject=f"{batch.code}/{number}",
            by=by,
            facts={
                "bank": banks.find_bank(bank_id).code,
                "draw": number,
                "reason": row.reason,
                "papers": papers,
                "source": row.source,
                "commitment": made.digest,
                "relaxations": [one["constraint"] for one in relaxations],
            },
        )
        return _draw(row)


def start_drawing(draw_id: int, *, entropy: str, by: str) -> Job:
    """Begin to draw what was committed to; the job leads to the draw. Raises WrongTurn."""
    draw = find_draw(draw_id)
    if draw.state is not DrawState.COMMITTED:
        raise WrongTurn

    def draw_papers(job: Job) -> tuple[str, int]:
        job.enter(1)
        row = row_of(draw_id)
        demands, batch = banks.find_demands(row.bank_id), planning.find_batch(row.batch_id)
        kept = Commitment(row.commitment_public, row.commitment_secret.encode())
        try:
            with bank_file.speaking(), banks.reading(row.bank_id) as store:
                asked = ask(demands.blueprint, demands.model, **_asked(row, batch.code))
                run = draw_committed(store, kept, asked, entropy=entropy)
        except Infeasible as why:
            _fail(draw_id, why, entropy=entropy, by=by)
        else:
            job.enter(2)
            _keep(draw_id, run, entropy=entropy, by=by)
        return "draw", draw_id

    return long_work.start(str(draw.number), _STAGES, draw_papers, back=("draw", draw_id))


def find_draw(draw_id: int) -> Draw:
    """Find a draw; raises NoSuchDraw."""
    return _draw(row_of(draw_id))


def list_draws(bank_id: int) -> list[Draw]:
    """List the draws of a bank, the newest first."""
    query = select(DrawRow).where(DrawRow.bank_id == bank_id).order_by(DrawRow.id.desc())
    return [_draw(row) for row in db.session.scalars(query)]


def row_of(draw_id: int) -> DrawRow:
    """Give the row of a draw (for this room's drawers); raises NoSuchDraw."""
    row = db.session.get(DrawRow, draw_id)
    if row is None:
        raise NoSuchDraw(draw=draw_id)
    return row


def subject_of(draw: Draw) -> str:
    """Give what the trace calls a draw."""
    return f"{planning.find_batch(draw.batch_id).code}/{draw.number}"


def _keep(draw_id: int, run: AssemblyRun, *, entropy: str, by: str) -> None:
    with unit_of_work() as session:
        row = row_of(draw_id)
        if row.state != DrawState.COMMITTED:
            raise WrongTurn
        row.state, row.entropy = DrawState.DRAWN.value, entropy
        row.certificate, row.public = run.certificate.decode(), json.loads(run.public)
        batch = planning.find_batch(row.batch_id)
        with banks.changing(session, row.bank_id) as store:
            used = {one.form: [(i.id, i.version) for i in one.items] for one in run.papers}
            store.record_use(batch.code, used)
        trace.append(
            Action.PAPERS_DRAWN,
            subject=f"{batch.code}/{row.number}",
            by=by,
            facts={
                "draw": row.number,
                "entropy": entropy,
                "commitment": row.commitment,
                "papers": {one.form: one.digest for one in run.papers},
            },
        )


def _fail(draw_id: int, why: Infeasible, *, entropy: str, by: str) -> None:
    with unit_of_work():
        row = row_of(draw_id)
        row.state, row.entropy = DrawState.FAILED.value, entropy
        row.shortage = {
            "form": str(why.params["form"]),
            "shortages": [asdict(one) for one in why.shortages],
            "commission": [asdict(one) for one in why.commission],
            "relaxations": [
                one.to_wire() | {"least": str(one.least), "most": str(one.most)}
                for one in why.relaxations
            ],
        }
        trace.append(
            Action.DRAW_FAILED,
            subject=f"{planning.find_batch(row.batch_id).code}/{row.number}",
            by=by,
            facts={
                "draw": row.number,
                "entropy": entropy,
                "short": [one.constraint for one in why.shortages],
            },
        )


def _asked(row: DrawRow, batch: str) -> dict[str, Any]:
    return {
        "papers": row.papers,
        "run": row.number,
        "reason": row.reason,
        "batch": batch,
        "relaxations": tuple(map(Relaxation.from_wire, row.relaxations)),
    }


def _draw(row: DrawRow) -> Draw:
    return Draw(
        id=row.id,
        bank_id=row.bank_id,
        batch_id=row.batch_id,
        number=row.number,
        reason=row.reason,
        state=DrawState(row.state),
        papers=row.papers,
        shuffled=row.shuffled,
        source=row.source,
        entropy=row.entropy,
        commitment=row.commitment,
        swaps=len(json.loads(row.swaps or "[]")),
        begun_at=row.begun_at,
        begun_by=row.begun_by,
        public=row.public,
        shortage=row.shortage,
    )
