"""
A score sheet as far as a test needs it: compile_for(held) · sign_by_both(sheet, signers) ·
pack_sheets(folder, sheet) for a bundle.

`signers_of(held)` gives the leader and a body signer, each with a key under PASSPHRASE.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from examday.db import unit_of_work
from examday.results import service as results
from examday.results.service import Sheet
from examday.scoring import service as scoring
from examday.staff import service as staff
from examday.staff.service import Account, Role
from examday.trace import service as trace
from examday.trace.service import Action
from examday.verifier import layout
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


def pack_sheets(folder: Path, *sheets: Sheet) -> Path:
    """Pack sealed sheets and the whole trace as a bundle that verifies, without the other rooms."""
    for sheet in sheets:
        target = folder / "data/4-papers-results/sheets" / f"v{sheet.version}"
        target.mkdir(parents=True)
        for path in results.sheet_files(sheet.id):
            shutil.copyfile(path, target / path.name)
    content = layout.write_content_list(folder)
    facts = {"batch": sheets[0].code, "manifest_sha256": content.sha256, "files": content.files}
    with unit_of_work():
        trace.append(Action.BUNDLE_ARCHIVED, subject=sheets[0].code, by=OFFICE, facts=facts)
    trace.publish()
    trace.export(folder / "trace")
    layout.write_bag(folder, {"Source-Organization": "site1"})
    return folder
