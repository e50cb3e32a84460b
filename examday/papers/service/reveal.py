"""
公开: after the exam, the proof of a draw comes out of its papers, is checked, and taken away.

Bank and seed together are the papers: nothing comes out before the last sitting has ended, nor
without the k custodians of a paper. Whatever was shown or refused is traced (HE-07).
"""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from examday import clock, long_work
from examday.db import unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.long_work import Job
from examday.papers.adapters import bank_file
from examday.papers.models import DrawRow
from examday.papers.rules.bank import DrawState
from examday.papers.rules.bank_refusals import WrongTurn
from examday.papers.rules.custody import Paper
from examday.papers.rules.refusals import NoProof, OpeningRefused, RevealTooEarly, ShortHanded
from examday.papers.rules.reveal import Checked, Point, Proof, Reveal, files_of, proof_in
from examday.papers.service import banks, custody, draws
from examday.papers.service.forms import forms_of
from examday.planning import service as planning
from examday.trace import service as trace
from examday.trace.service import Action
from examday.wire.canonical import canonical
from question_bank import Commitment, check_reveal, recompute, swap, swaps_in

_THEORY = "theory"
_STAGES = (
    N_("opening the papers"),
    N_("drawing the papers again and comparing"),
    N_("recording the reveal"),
)


@dataclass(frozen=True, slots=True)
class Revealed:
    """What a reveal found, and the files that prove it; held in memory only."""

    found: Reveal
    files: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class _Opened:
    paper: Paper
    payload: dict[str, Any]


def start_reveal(draw_id: int, *, by: str) -> Job:
    """
    Begin to take the proof of a sealed draw out of its opened papers and to check all of it.

    The job leads to the draw's reveal. Raises WrongTurn before the seal, RevealTooEarly and
    ShortHanded (both traced), NoProof.
    """
    row = _sealed_row(draw_id)
    opened, shut = _open(row, by=by)

    def reveal(job: Job) -> tuple[str, int]:
        row = _sealed_row(draw_id)
        job.enter(1)
        found, files = _checked(row, opened, shut, job)
        job.enter(2)
        _trace(draw_id, found, by=by, is_taken=False)
        job.carried = Revealed(found, files)
        return "reveal", draw_id

    return long_work.start(str(row.number), _STAGES, reveal, back=("reveal", draw_id))


def find_reveal(draw_id: int, job_id: str) -> Reveal:
    """Give what a finished reveal found; raises NotFound once the server has forgotten it."""
    return _carried(draw_id, job_id).found


def take_reveal(draw_id: int, job_id: str, *, by: str) -> bytes:
    """Give certificate, commitment, secret and records of a finished reveal as a ZIP; traced."""
    revealed = _carried(draw_id, job_id)
    _trace(draw_id, revealed.found, by=by, is_taken=True)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in revealed.files.items():
            packed.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def end_of_exam(batch_id: int) -> datetime | None:
    """Give the end of the last sitting that these papers are written in; None without any."""
    sittings = planning.list_sittings(batch_id)
    return max((one.ends_at for one in sittings if one.subject.value == _THEORY), default=None)


def _sealed_row(draw_id: int) -> DrawRow:
    row = draws.row_of(draw_id)
    if row.state != DrawState.SEALED:
        raise WrongTurn
    return row


def _carried(draw_id: int, job_id: str) -> Revealed:
    job = long_work.find_job(job_id)
    if job.result != ("reveal", draw_id) or not isinstance(job.carried, Revealed):
        raise NotFound(N_("job"), job_id)
    return job.carried


def _checked(
    row: DrawRow, opened: list[_Opened], shut: list[Paper], job: Job
) -> tuple[Reveal, dict[str, bytes]]:
    proof = proof_in(opened[0].payload)
    if proof is None:
        raise NoProof
    checked = []
    for one in _checks(row, proof, opened):
        checked.append(one)
        job.step()
    found = Reveal(
        seed=str(json.loads(proof.certificate)["seed"]),
        proof=proof,
        checked=tuple(checked),
        shut=tuple(one.form_code for one in shut),
    )
    records = [(one.paper.form_code, str(one.payload["proof"]["form"])) for one in opened]
    return found, files_of(proof, records)


def _trace(draw_id: int, found: Reveal, *, by: str, is_taken: bool) -> None:
    draw = draws.find_draw(draw_id)
    with unit_of_work():
        trace.append(
            Action.DRAW_REVEALED,
            subject=draws.subject_of(draw),
            by=by,
            facts={
                "draw": draw.number,
                "seed": found.seed,
                "commitment": draw.commitment,
                "certificate_sha256": sha256(found.proof.certificate).hexdigest(),
                "holds": found.holds,
                "taken": is_taken,
            },
        )


def _open(row: DrawRow, *, by: str) -> tuple[list[_Opened], list[Paper]]:
    """Give the opened papers of a draw and those still shut; a refusal is traced."""
    papers = [one for one in custody.list_papers(row.batch_id) if one.subject == _THEORY]
    try:
        end = end_of_exam(row.batch_id)
        if end and clock.now() < end:
            raise RevealTooEarly(ends_at=f"{clock.local(end):%Y-%m-%d %H:%M}")
        if not any(one.is_open for one in papers):
            given = max((len(one.approvals) for one in papers), default=0)
            raise ShortHanded(needed=papers[0].threshold, given=given)
    except OpeningRefused as refusal:
        custody.trace_refusal(papers[0], refusal, by=by)
        raise
    opened = [_Opened(one, custody.open_payload(one)) for one in papers if one.is_open]
    own = [one for one in opened if _is_of(row, one.payload)]
    if not own:
        raise NoProof
    return own, [one for one in papers if not one.is_open]


def _is_of(row: DrawRow, payload: dict[str, Any]) -> bool:
    proof = proof_in(payload)
    return proof is not None and sha256(proof.commitment).hexdigest() == row.commitment


def _committed_to(row: DrawRow) -> set[str]:
    """Give the commitments the trace holds of this draw: the table could have been changed."""
    subject = draws.subject_of(draws.find_draw(row.id))
    found = trace.list_entries(subject=subject, action=Action.DRAW_COMMITTED.value).entries
    return {str(entry.facts["commitment"]) for entry in found}


def _checks(row: DrawRow, proof: Proof, opened: list[_Opened]) -> Iterator[Checked]:
    digest = sha256(proof.commitment).hexdigest()
    is_kept = digest in _committed_to(row)
    yield Checked(Point.COMMITMENT, failures=() if is_kept else (digest[:16],))
    with bank_file.speaking(), banks.reading(row.bank_id) as store:
        again = recompute(store, proof.certificate)
        frozen = store.find_snapshot(again.snapshot)
        kept = Commitment(proof.commitment, proof.secret)
        yield Checked(Point.SEED, failures=tuple(check_reveal(kept, proof.certificate, frozen)))
        yield Checked(Point.REDRAWN, failures=() if again.same else (again.solver,))
        papers = again.run.papers
        if proof.swaps:
            swaps = swaps_in(proof.swaps, certificate=proof.certificate)
            papers = swap(store, again.run, swaps).papers
        forms = forms_of(papers, certificate=proof.certificate, shuffles=row.shuffled)
        digests = {paper.form: paper.digest for paper, _record in forms}
    for one in opened:
        digest = sha256(canonical(one.payload["paper"])).hexdigest()
        is_same = digests.get(one.paper.form_code) == digest
        yield Checked(Point.PAPER, one.paper.form_code, () if is_same else (digest[:16],))
