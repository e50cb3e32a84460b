"""Proofs beside the footage: each segment's .tlog-proof, so that one file verifies alone."""

from pathlib import Path

from examday import settings
from examday.proctoring.service.register import list_segments
from examday.trace import service as trace
from examday.verifier.layout import PROOF_SUFFIX


def prove_segments(sitting_id: int) -> list[Path]:
    """
    Put the proof of each segment of a sitting beside its file, under the newest signed head.

    Publishes first, so that every registered segment is covered. Gives the proof files, in the
    order of list_segments(); safe to repeat, since a proof is only ever replaced by a newer one.
    """
    trace.publish()
    proofs = []
    for segment in list_segments(sitting_id):
        path = settings.current().home / (segment.path + PROOF_SUFFIX)
        trace.write_proof(segment.leaf_index, path)
        proofs.append(path)
    return proofs
