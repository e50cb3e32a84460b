"""What is handed out: proofs, exports, the public tiles."""

import pytest

from examday.trace import service as trace
from examday.trace.rules import NotPublished
from examday.verifier import tree
from examday.verifier.checkpoint import parse_checkpoint
from examday.verifier.proof import parse_proof
from examday.verifier.tiles import expected_tiles


def test_every_entry_has_a_proof(app, say):
    """Each leaf under the head verifies alone, from tiles only."""
    say(270)
    trace.publish()

    proofs = [parse_proof(trace.inclusion_proof(index)) for index in range(0, 271, 9)]

    assert all(proof.is_valid() for proof in proofs)
    assert proofs[3].leaf == trace.find_entry(27).leaf


def test_a_proof_needs_a_head(app, say):
    """No proof for what no one has signed."""
    index = say()
    with pytest.raises(NotPublished):
        trace.inclusion_proof(index)


def test_consistency_from_any_earlier_head(app, say):
    """Every earlier head is a prefix of the newest one."""
    earlier = []
    for _ in range(6):
        say(50)
        earlier.append(trace.publish())

    newest = earlier[-1]
    for head in earlier:
        path = trace.consistency_proof(head.size)
        assert tree.is_consistent(
            head.size, newest.size, old_root=head.root, new_root=newest.root, path=path
        )


def test_the_export_holds_exactly_the_published_log(app, say, tmp_path):
    """Leaves, tiles and checkpoints up to the head, nothing above it."""
    say(300)
    head = trace.publish()
    say(3)

    assert trace.export(tmp_path / "trace") == head.size

    leaves = (tmp_path / "trace/leaves.jsonl").read_bytes().split(b"\n")[:-1]
    hashes = [tree.leaf_hash(leaf) for leaf in leaves]
    assert tree.root(hashes) == head.root
    found = {
        path.relative_to(tmp_path / "trace").as_posix(): path.read_bytes()
        for path in (tmp_path / "trace/tile").rglob("*")
        if path.is_file()
    }
    assert found == expected_tiles(leaves, hashes)
    assert parse_checkpoint((tmp_path / "trace/checkpoint").read_bytes()).size == head.size


def test_only_tiles_and_checkpoint_are_public(app, say):
    """The head store and the lock beside them are not served."""
    say()
    trace.publish()

    assert trace.published_file("checkpoint").read_bytes() == trace.head().note
    assert trace.published_file("tile/0/000.p/2") is not None
    for path in ("head.db", "tile/../head.db", "tile/0/000", "publish.lock", "/etc/passwd"):
        assert trace.published_file(path) is None
