"""The signed side of a bundle's trace: heads, tiles and proofs against the leaves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from .checkpoint import Checkpoint, parse_checkpoint
from .faults import Malformed
from .layout import CHECKPOINT, CHECKPOINTS, PROOF_SUFFIX, TRACE
from .log import Log
from .note import Note, Verifier
from .policy import Policy
from .proof import parse_proof
from .report import Report
from .store import Store
from .tiles import expected_tiles
from .tree import RightEdge


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head that the policy accepts, and where it was found."""

    where: str
    checkpoint: Checkpoint


def read_head(data: bytes, where: str, policy: Policy, report: Report) -> Checkpoint | None:
    """Read a checkpoint and judge its signatures; None when nothing can be read."""
    try:
        checkpoint = parse_checkpoint(data)
    except Malformed as error:
        report.find("TRACE_FORMAT", where, reason=error)
        return None
    objection = policy.objection(checkpoint)
    if objection:
        report.find("CHECKPOINT_SIGNATURE", where, reason=objection)
    return checkpoint


def read_earlier(store: Store, policy: Policy, report: Report) -> list[SignedHead]:
    """
    Read the heads kept in trace/checkpoints.

    They need the log's own signature; witnesses may have missed an old head, so the quorum is
    asked of the newest only.
    """
    alone = Policy(policy.logs, {}, {}, "none")
    heads = []
    for name in sorted(store.names):
        if name.startswith(f"{CHECKPOINTS}/"):
            checkpoint = read_head(store.read(name), name, alone, report)
            if checkpoint is not None:
                heads.append(SignedHead(name, checkpoint))
    return heads


def check_roots(
    log: Log, newest: Checkpoint, earlier: Sequence[SignedHead], report: Report
) -> None:
    """Every signed head must be the root over its number of these very leaves."""
    roots = _roots(log.hashes, {newest.size, *(head.checkpoint.size for head in earlier)})
    count = len(log.leaves)
    if newest.size > count:
        report.find("TRACE_TRUNCATED", CHECKPOINT, wanted=newest.size, found=count)
    elif roots[newest.size] != newest.root:
        report.find("ROOT_MISMATCH", CHECKPOINT)
    if count > newest.size:
        report.find("UNCHECKPOINTED_TAIL", CHECKPOINT, count=count - newest.size)
    for head in earlier:
        size = head.checkpoint.size
        if head.checkpoint.origin != newest.origin:
            continue
        if size > max(newest.size, count):
            report.find("ROLLED_BACK", head.where, kept=size, size=newest.size)
        elif roots.get(size) != head.checkpoint.root:
            report.find("FORK_VS_EARLIER_COPY", head.where, size=size)


def check_tiles(store: Store, log: Log, newest: Checkpoint, report: Report) -> None:
    """The tiles must be exactly those of the tree (C2SP tlog-tiles)."""
    size = min(newest.size, len(log.leaves))
    wanted = expected_tiles(log.leaves[:size], log.hashes[:size])
    names = {name for name in store.names if name.startswith(f"{TRACE}/tile/")}
    for path, data in wanted.items():
        name = f"{TRACE}/{path}"
        if name not in names or store.read(name) != data:
            report.find("TILE_MISMATCH", name)
    for name in sorted(names - {f"{TRACE}/{path}" for path in wanted}):
        report.find("TILE_MISMATCH", name)


def check_proofs(store: Store, log: Log, policy: Policy, report: Report) -> list[SignedHead]:
    """
    Each .tlog-proof anywhere in the bundle must hold and speak of this log's entry.

    Gives the heads they were made under: those too must be of this history.
    """
    heads = []
    for name in sorted(store.names):
        if not name.endswith(PROOF_SUFFIX):
            continue
        try:
            proof = parse_proof(store.read(name))
        except Malformed as error:
            report.find("PROOF_FORMAT", name, reason=error)
            continue
        objection = policy.objection(proof.checkpoint)
        if objection:
            report.find("CHECKPOINT_SIGNATURE", name, reason=objection)
        heads.append(SignedHead(name, proof.checkpoint))
        if not proof.is_valid():
            report.find("PROOF_INVALID", name)
        if proof.index >= len(log.leaves) or log.leaves[proof.index] != proof.leaf:
            report.find("PROOF_FOREIGN", name, index=proof.index)
    return heads


def log_signed(note: Note, policy: Policy) -> bytes:
    """Give the SHA-256 that a time-stamp of this head is over: text and the log's own signature."""
    return sha256(without_witnesses(note, policy.logs)).digest()


def without_witnesses(note: Note, logs: Iterable[Verifier]) -> bytes:
    """Write a head as the log alone signed it; cosignatures may come later."""
    keys = {(log.name, log.key_id) for log in logs}
    own = tuple(one for one in note.signatures if (one.name, one.key_id) in keys)
    return Note(note.text, own).encoded()


def _roots(hashes: Sequence[bytes], sizes: set[int]) -> dict[int, bytes]:
    edge = RightEdge()
    roots = {0: edge.root()} if 0 in sizes else {}
    for hashed in hashes:
        edge.append(hashed)
        if edge.size in sizes:
            roots[edge.size] = edge.root()
    return roots
