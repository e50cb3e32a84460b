"""
What publicity reads from a signed sheet: the only place that knows the results room.

The list is rebuilt from the sheet's outcomes and the roster, so that no other field of a
candidate can slip onto the board.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from examday.planning import service as planning
from examday.publicity import rules
from examday.results import service as results

# A proof is written again under each newer checkpoint; only what is signed stays as it is.
_PUBLISHED = frozenset({".json", ".pdf", ".xlsx"})


@dataclass(frozen=True, slots=True)
class SignedSheet:
    """A score sheet as the board needs it; `files` maps a public file name to its sha256."""

    id: int
    batch_id: int
    code: str
    version: int
    objection_no: str
    outcomes: dict[int, str]
    files: dict[str, str]


def signed_sheet(sheet_id: int) -> SignedSheet:
    """Give a sheet that both signers signed; raises SheetNotSigned."""
    sheet = results.find_sheet(sheet_id)
    if not sheet.is_signed:
        raise rules.SheetNotSigned(sheet=sheet.code)
    return SignedSheet(
        id=sheet.id,
        batch_id=sheet.batch_id,
        code=sheet.code,
        version=sheet.version,
        objection_no=sheet.objection_no,
        outcomes={row.candidate_id: str(row.outcome) for row in sheet.rows},
        files={
            path.name: _sha256(path)
            for path in results.sheet_files(sheet_id)
            if path.suffix in _PUBLISHED
        },
    )


def lines_of(sheet: SignedSheet, wording: rules.Wording) -> tuple[rules.NoticeLine, ...]:
    """Build the public list: who is listed by the wording, in roster order, numbered from 1."""
    policy = planning.policy_of(sheet.batch_id)
    listed = [
        candidate
        for candidate in planning.list_candidates(sheet.batch_id)
        if sheet.outcomes.get(candidate.id) in wording.listed
    ]
    return tuple(
        rules.NoticeLine(
            serial=serial,
            name=candidate.name,
            id_tail=candidate.id_number[-4:],
            employer=candidate.employer,
            occupation=candidate.occupation,
            trade=candidate.trade or policy.certificate.no_trade,
            level=policy.level_label(candidate.level),
            outcome=wording.outcomes[sheet.outcomes[candidate.id]],
        )
        for serial, candidate in enumerate(listed, 1)
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
