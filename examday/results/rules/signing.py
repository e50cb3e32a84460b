"""Who signs next: the leader certifies, then the body; three different people stand behind a sheet."""

from collections.abc import Collection

from examday.results.rules.refusals import (
    CompilerSigns,
    MarkerCompiles,
    MarkerSigns,
    NotBodySigner,
    NotLeaderOfBatch,
    SheetSealed,
    SignedBefore,
)
from examday.results.rules.values import Duty, Sheet, SheetState


def next_duty(sheet: Sheet) -> Duty:
    """Say whose signature comes next; raises SheetSealed when both are there."""
    if sheet.state is SheetState.SIGNED:
        raise SheetSealed
    return Duty.LEADER if sheet.state is SheetState.COMPILED else Duty.BODY


def check_compiler(*, login: str, markers: Collection[str]) -> None:
    """Refuse to have a sheet compiled, or corrected, by someone whose marks stand on it."""
    if login in markers:
        raise MarkerCompiles


def check_signer(
    sheet: Sheet,
    *,
    login: str,
    leaders: Collection[str],
    markers: Collection[str],
    signs_for_body: bool,
) -> Duty:
    """
    Give the duty this person would sign for, or refuse.

    In this order: sealed, compiled it, signed before, not the one whose turn it is, marked.
    The leader belongs to the panel and may have marked; whoever signs for the body may not.
    """
    duty = next_duty(sheet)
    if login == sheet.compiled_by:
        raise CompilerSigns
    if login in {signature.login for signature in sheet.signatures}:
        raise SignedBefore
    if duty is Duty.LEADER:
        if login not in leaders:
            raise NotLeaderOfBatch
        return duty
    if login in markers:
        raise MarkerSigns
    if not signs_for_body:
        raise NotBodySigner
    return duty
