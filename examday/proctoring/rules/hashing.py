"""How far the proof of a segment has come; a damaged file counts above everything else."""

from enum import StrEnum


class HashState(StrEnum):
    """What stands behind a segment: each has its own shape as well as its colour."""

    WAITING = "waiting"
    LOGGED = "logged"
    CHECKED = "checked"
    FAILED = "failed"


def hash_state(leaf_index: int, *, signed: int, last_check: bool | None) -> HashState:
    """
    Judge one segment by its place in the trace, the signed size and its newest re-check.

    `last_check` is None while nobody hashed the stored file again.
    """
    if last_check is False:
        return HashState.FAILED
    if leaf_index >= signed:
        return HashState.WAITING
    return HashState.LOGGED if last_check is None else HashState.CHECKED
