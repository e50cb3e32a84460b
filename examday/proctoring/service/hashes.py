"""The hash state of each segment of a sitting, read from the trace and its newest head."""

from collections.abc import Collection

from examday.proctoring.rules.hashing import HashState, hash_state
from examday.proctoring.rules.segments import Segment
from examday.trace import service as trace
from examday.trace.service import Action


def hash_states(segments: Collection[Segment]) -> dict[int, HashState]:
    """Give the state of each segment by its id; the newest re-check in the trace counts."""
    head = trace.head()
    signed = head.size if head else 0
    checks = _newest_checks(segments)
    return {
        one.id: hash_state(one.leaf_index, signed=signed, last_check=checks.get(one.id))
        for one in segments
    }


def _newest_checks(segments: Collection[Segment]) -> dict[int, bool]:
    # A stream starts at the same numbers in every sitting, so the leaf's own id decides.
    subjects = {f"{one.camera}/{one.seq}" for one in segments}
    entries = trace.entries_about(subjects, [Action.FIXITY_CHECKED])
    facts = [entries[index].facts for index in sorted(entries)]
    return {one["segment"]: one["intact"] for one in facts}
