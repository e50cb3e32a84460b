"""
How a witness decides about a checkpoint (C2SP tlog-witness, POST add-checkpoint).

Pure: the request, what the witness last co-signed for that log, and the log's key in; a verdict
out. The caller keeps the new state before it answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from examday.verifier.checkpoint import Checkpoint, parse_checkpoint, parse_decimal
from examday.verifier.faults import Malformed
from examday.verifier.note import Verifier, checked_text, decode64
from examday.verifier.tree import HASH_BYTES, is_consistent

MAX_PROOF = 63
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest head of a log that this witness co-signed."""

    size: int
    root: bytes


Logs = Mapping[str, Sequence[Verifier]]
"""The keys of each log by its origin; a log whose key was changed has several."""

NOTHING_SEEN = Seen(size=0, root=b"")


@dataclass(frozen=True, slots=True)
class Verdict:
    """An HTTP answer; `cosign` is the checkpoint to keep and co-sign, else None."""

    status: int
    body: str = ""
    content_type: str = TEXT_TYPE
    cosign: Checkpoint | None = None


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A parsed request body."""

    old: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint


def parse_add_checkpoint(body: bytes) -> AddCheckpoint:
    """Read the body: old size line, proof lines, blank line, checkpoint. Raises Malformed."""
    head, gap, note = checked_text(body).partition("\n\n")
    lines = head.split("\n")
    if not gap or not lines[0].startswith("old ") or len(lines) > 1 + MAX_PROOF:
        raise Malformed("not: old size, proof, blank line, checkpoint")
    path = tuple(decode64(line) for line in lines[1:])
    if any(len(step) != HASH_BYTES for step in path):
        raise Malformed("proof line is not a hash")
    old = parse_decimal(lines[0].removeprefix("old "))
    return AddCheckpoint(old=old, path=path, checkpoint=parse_checkpoint(note.encode()))


def decide(body: bytes, *, logs: Logs, seen: Mapping[str, Seen]) -> Verdict:
    """Answer one request: 400 malformed, 404 unknown log, 403 bad signature, 409, 422 or 200."""
    try:
        request = parse_add_checkpoint(body)
    except Malformed as error:
        return Verdict(400, f"{error}\n")
    last = seen.get(request.checkpoint.origin, NOTHING_SEEN)
    return _refuse(request, logs, last) or Verdict(200, cosign=request.checkpoint)


def _refuse(request: AddCheckpoint, logs: Logs, last: Seen) -> Verdict | None:
    """Check in the order of the protocol; None when all holds."""
    head = request.checkpoint
    conflict = Verdict(409, f"{last.size}\n", SIZE_TYPE)
    forked = request.old == head.size and bool(last.size) and head.root != last.root
    checks = (
        (head.origin in logs, Verdict(404, "unknown log\n")),
        (_is_signed(head, logs), Verdict(403, "no valid signature of the log\n")),
        (request.old <= head.size, Verdict(400, "old size is larger than the checkpoint\n")),
        (request.old == last.size and not forked, conflict),
        (_is_consistent(request, last), Verdict(422, "the consistency proof does not hold\n")),
    )
    return next((verdict for holds, verdict in checks if not holds), None)


def _is_signed(head: Checkpoint, logs: Logs) -> bool:
    return any(head.note.signed_by(key) for key in logs.get(head.origin, ()))


def _is_consistent(request: AddCheckpoint, last: Seen) -> bool:
    head = request.checkpoint
    if not last.size:
        return not request.path
    return is_consistent(
        last.size, head.size, old_root=last.root, new_root=head.root, path=request.path
    )
