"""
Which key may have signed which head: rotation and revocation stand in the log itself.

The first entry names the first key; each `trace:key:rotated` names the next. The first head that
covers a rotation is still the old key's (so the log vouches for its own new key), every later
one is the new key's alone. A revoked key counts for heads up to the size its revocation states.
All keys must stand in the policy from outside; the log only says when each was in force.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .checkpoint import Checkpoint
from .facts import Opening, Revocation, Rotation
from .heads import SignedHead
from .log import Log, where_of
from .note import Verifier
from .report import Report


@dataclass(frozen=True, slots=True)
class _Reign:
    """A key (vkey) and the index of the entry that brought it into force."""

    vkey: str
    since: int


def check_keys(
    log: Log, heads: Sequence[SignedHead], keys: Iterable[Verifier], report: Report
) -> None:
    """Judge by the log which of the policy's keys may have signed each of these heads."""
    known = {key.vkey: key for key in keys}
    reigns = _reigns(log, known, report)
    revoked = [one.facts for one in log.told if isinstance(one.facts, Revocation)]
    sizes = sorted(head.checkpoint.size for head in heads)
    for one in revoked:
        report.note("KEY_REVOCATION", one.vkey.split("+")[1][:8], size=one.size, reason=one.reason)
    for head in heads:
        _check_head(head, known, _allowed(reigns, head.checkpoint.size, sizes), revoked, report)


def _reigns(log: Log, known: dict[str, Verifier], report: Report) -> list[_Reign]:
    reigns: list[_Reign] = []
    for told in log.told:
        if isinstance(told.facts, Opening) and not reigns:
            reigns.append(_Reign(told.facts.vkey, -1))
        if not isinstance(told.facts, Rotation):
            continue
        if not reigns or told.facts.old != reigns[-1].vkey or told.facts.new not in known:
            report.find("KEY_ROTATION", where_of(told.index), index=told.index)
        else:
            reigns.append(_Reign(told.facts.new, told.index))
            report.note("KEY_ROTATED", where_of(told.index), reason=told.facts.reason)
    return reigns


def _allowed(reigns: Sequence[_Reign], size: int, sizes: Sequence[int]) -> set[str]:
    """Give the keys that may sign a head of this size, one unless it first covers a rotation."""
    allowed: set[str] = set()
    for reign in reigns:
        if reign.since >= size:
            break
        is_first = not any(reign.since < other < size for other in sizes)
        allowed = {*(allowed if is_first else ()), reign.vkey}
    return allowed


def _check_head(
    head: SignedHead,
    known: dict[str, Verifier],
    allowed: set[str],
    revoked: Sequence[Revocation],
    report: Report,
) -> None:
    checkpoint = head.checkpoint
    signers = _signers(checkpoint, known)
    if not signers:
        return  # CHECKPOINT_SIGNATURE says it
    if not signers & allowed:
        report.find("KEY_NOT_IN_FORCE", head.where, size=checkpoint.size)
    gone = {one.vkey for one in revoked if checkpoint.size > one.size}
    if not signers - gone:
        report.find("KEY_REVOKED", head.where, size=checkpoint.size)


def _signers(checkpoint: Checkpoint, known: dict[str, Verifier]) -> set[str]:
    signed = checkpoint.note.signed_by
    return {vkey for vkey, key in known.items() if key.name == checkpoint.origin and signed(key)}
