"""
A score sheet as far as a test needs it: compile_for(held) · sign_by_both(sheet, signers).

`signers_of(held)` gives the leader and a body signer, each with a key under PASSPHRASE.
"""

from dataclasses import dataclass

from examday.results import service as results
from examday.results.service import Sheet
from examday.scoring import service as scoring
from examday.staff import service as staff
from examday.staff.service import Account, Role
from tests.factories.planning import OFFICE
from tests.factories.scoring import HeldBatch, enter_all_marks
from tests.factories.staff import make_account

PASSPHRASE = "correct horse 7"


@dataclass(frozen=True)
class Signers:
    """Who signs: the leader of the examiners, and someone for the body."""

    leader: Account
    body: Account


def signers_of(held: HeldBatch) -> Signers:
    body = make_account(Role.SIGNER, name="王五")
    for account in (held.leader, body):
        staff.issue_certificate(account.id, PASSPHRASE, by=account.actor)
    return Signers(held.leader, body)


def compile_for(held: HeldBatch, *, by: str = OFFICE) -> Sheet:
    """Settle and close every mark that is still open, and compile."""
    if not scoring.is_locked(held.batch.id):
        if all(one.missing for one in scoring.progress(held.batch.id)):
            enter_all_marks(held)
        scoring.lock_marks(held.batch.id, by=held.leader.actor)
    return results.compile_sheet(held.batch.id, by=by)


def sign_by_both(sheet: Sheet, signers: Signers) -> Sheet:
    results.sign_sheet(sheet.id, signers.leader.id, PASSPHRASE)
    return results.sign_sheet(sheet.id, signers.body.id, PASSPHRASE)
