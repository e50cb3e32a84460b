"""Custody and opening: sealed bytes in, shares of k custodians, and nothing before its time."""

from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.errors import ExamdayError
from examday.papers import rules
from examday.papers.adapters import vault
from examday.papers.models import ApprovalRow, PaperRow
from examday.papers.rules.custody import Approval, Paper
from examday.papers.rules.refusals import (
    AlreadyInCustody,
    FormTaken,
    NoSuchPaper,
    TooFewCustodians,
    TwoPeopleNeeded,
    WrongKey,
)
from examday.planning import service as planning
from examday.staff import service as staff
from examday.staff.service import Account
from examday.trace import service as trace
from examday.trace.service import Action


def take_custody(
    sealed: bytes, *, batch_id: int, subject: str, form_code: str, by: tuple[int, int]
) -> Paper:
    """
    Take a sealed paper into custody; `by` are the accounts of the two people present.

    Raises BadSeal, TooFewCustodians, TwoPeopleNeeded, AlreadyInCustody, FormTaken.
    """
    head = vault.read_head(sealed)
    check_enough(head.threshold, len(head.custodians))
    first, second = two_people(by)
    batch = planning.find_batch(batch_id)
    path = keep_sealed(sealed, batch.code)
    with unit_of_work() as work:
        row = enter(
            work,
            sealed,
            path=path,
            batch_id=batch_id,
            subject=subject,
            form_code=form_code,
            keepers=(first, second),
        )
        trace.append(
            Action.CUSTODY_TAKEN,
            subject=_subject(row),
            by=first.actor,
            facts={
                "paper": row.id,
                "batch": batch.code,
                "subject": subject,
                "form": form_code,
                "paper_digest": head.paper_digest,
                "sealed_sha256": row.sealed_sha256,
                "threshold": head.threshold,
                "custodians": list(head.custodians),
                "not_before": clock.rfc3339(head.not_before),
                "people": [first.actor, second.actor],
            },
        )
        return _paper(row)


def keep_sealed(sealed: bytes, batch_code: str) -> str:
    """Write sealed bytes for a batch; gives their path under home (for this room's drawers)."""
    path = f"papers/{batch_code}/{sha256(sealed).hexdigest()[:16]}.sealed"
    vault.keep(sealed, settings.current().home / path)
    return path


def enter(
    work: Session,
    sealed: bytes,
    *,
    path: str,
    batch_id: int,
    subject: str,
    form_code: str,
    keepers: tuple[Account, Account],
) -> PaperRow:
    """Enter a kept paper inside a verb; raises AlreadyInCustody, FormTaken."""
    head, digest = vault.read_head(sealed), sha256(sealed).hexdigest()
    _check_is_new(batch_id, subject, form_code, digest)
    row = PaperRow(batch_id=batch_id, subject=subject, form_code=form_code, path=path)
    row.paper_digest, row.sealed_sha256 = head.paper_digest, digest
    row.threshold, row.custodians = head.threshold, list(head.custodians)
    row.not_before, row.received_at = head.not_before, clock.now()
    row.first_keeper, row.second_keeper = keepers[0].actor, keepers[1].actor
    work.add(row)
    work.flush()
    return row


def check_enough(threshold: int, custodians: int) -> None:
    """Raise TooFewCustodians where one person alone could open a paper."""
    if min(threshold, custodians) < rules.FEWEST_CUSTODIANS:
        raise TooFewCustodians


def approve_opening(paper_id: int, account_id: int, passphrase: str) -> Paper:
    """
    Approve the opening as one custodian, with the passphrase of the own key.

    The k-th approval opens the paper. Too early, not a custodian, or a key that does not fit
    is refused and traced: raises TooEarly, NotACustodian, WrongKey, Tampered. Approving twice
    changes nothing.
    """
    paper, account = find_paper(paper_id), staff.find_account(account_id)
    if any(approval.login == account.login for approval in paper.approvals):
        return paper
    try:
        share = _open_share(paper, account, passphrase)
    except ExamdayError as refusal:
        trace_refusal(paper, refusal, by=account.actor)
        raise
    with unit_of_work() as work:
        row = _row(paper_id)
        work.add(ApprovalRow(paper_id=row.id, login=account.login, share=share, at=clock.now()))
        work.flush()
        after = _paper(row)
        if after.is_open:
            # The seal is proved now, not at the printer's: wrong shares undo this approval.
            vault.unseal(_sealed(row), _shares(row.id), needed=row.threshold)
        trace.append(
            Action.PAPER_UNSEALED if after.is_open else Action.OPENING_APPROVED,
            subject=_subject(row),
            by=account.actor,
            facts={
                "paper": row.id,
                "form": row.form_code,
                "paper_digest": row.paper_digest,
                "approvals": len(after.approvals),
                "threshold": row.threshold,
            },
        )
        return after


def find_paper(paper_id: int) -> Paper:
    """Find a paper in custody; raises NoSuchPaper."""
    return _paper(_row(paper_id))


def list_papers(batch_id: int | None = None) -> list[Paper]:
    """List the papers in custody, of one batch or all."""
    query = select(PaperRow).order_by(PaperRow.batch_id, PaperRow.subject, PaperRow.form_code)
    if batch_id is not None:
        query = query.where(PaperRow.batch_id == batch_id)
    return [_paper(row) for row in db.session.scalars(query)]


def open_payload(paper: Paper) -> dict[str, Any]:
    """Unseal an opened paper in memory (for this room's drawers); raises ShortHanded."""
    row = _row(paper.id)
    return vault.unseal(_sealed(row), _shares(paper.id), needed=paper.threshold)


def trace_refusal(paper: Paper, refusal: ExamdayError, *, by: str) -> None:
    """Put a refused opening into the trace, in a transaction of its own."""
    with unit_of_work():
        trace.append(
            Action.OPENING_REFUSED,
            subject=_subject(_row(paper.id)),
            by=by,
            facts={
                "paper": paper.id,
                "form": paper.form_code,
                "code": refusal.code,
                "approvals": len(paper.approvals),
                "threshold": paper.threshold,
            },
        )


def two_people(account_ids: tuple[int, int]) -> tuple[Account, Account]:
    """Give the two accounts; raises TwoPeopleNeeded when they are one."""
    first, second = (staff.find_account(account_id) for account_id in account_ids)
    if first.id == second.id:
        raise TwoPeopleNeeded
    return first, second


def _open_share(paper: Paper, account: Account, passphrase: str) -> str:
    rules.check_may_approve(
        paper,
        login=account.login,
        name=account.name,
        now=clock.now(),
        shown=f"{clock.local(paper.not_before):%Y-%m-%d %H:%M}",
    )
    sealed = _sealed(_row(paper.id))
    try:
        key = staff.unlock_custodian_key(account.id, passphrase)
    except ExamdayError as error:
        raise WrongKey(name=account.name, reason=error) from error
    return vault.open_share(
        sealed, login=account.login, name=account.name, private=key.private_bytes
    )


def _check_is_new(batch_id: int, subject: str, form_code: str, digest: str) -> None:
    for paper in list_papers():
        if paper.sealed_sha256 == digest:
            raise AlreadyInCustody(form=paper.form_code)
        if (paper.batch_id, paper.subject, paper.form_code) == (batch_id, subject, form_code):
            raise FormTaken(form=form_code)


def _sealed(row: PaperRow) -> bytes:
    return vault.fetch(settings.current().home / row.path, sha256_hex=row.sealed_sha256)


def _shares(paper_id: int) -> list[str]:
    query = select(ApprovalRow.share).where(ApprovalRow.paper_id == paper_id)
    return list(db.session.scalars(query))


def _subject(row: PaperRow) -> str:
    return f"paper/{row.id}/{row.form_code}"


def _row(paper_id: int) -> PaperRow:
    row = db.session.get(PaperRow, paper_id)
    if row is None:
        raise NoSuchPaper(paper=paper_id)
    return row


def _paper(row: PaperRow) -> Paper:
    approvals = db.session.scalars(
        select(ApprovalRow).where(ApprovalRow.paper_id == row.id).order_by(ApprovalRow.id)
    )
    return Paper(
        id=row.id,
        batch_id=row.batch_id,
        subject=row.subject,
        form_code=row.form_code,
        paper_digest=row.paper_digest,
        sealed_sha256=row.sealed_sha256,
        threshold=row.threshold,
        custodians=tuple(row.custodians),
        not_before=row.not_before,
        received_at=row.received_at,
        received_by=(row.first_keeper, row.second_keeper),
        is_printing_closed=row.printing_closed_at is not None,
        approvals=tuple(Approval(approval.login, approval.at) for approval in approvals),
    )
