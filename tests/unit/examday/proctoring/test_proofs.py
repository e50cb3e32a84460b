"""One footage file, its proof beside it and the policy: enough for a stranger."""

from datetime import timedelta

from examday import verifier
from examday.proctoring import service as proctoring
from tests.factories.proctoring import make_watched, scan


def test_each_segment_verifies_alone_after_it_was_proved(app, clock, settings):
    """Without publishing first; then one byte of the file is changed."""
    watched = make_watched()
    clock.move_to(watched.ends_at + timedelta(minutes=5))
    for second in (0, 20):
        watched.record(second)
    taken = scan().taken

    proofs = proctoring.prove_segments(watched.sitting.id)

    policy = (settings.home / "policy.txt").read_text("utf-8")
    videos = [settings.home / segment.path for segment in taken]
    assert [str(video) + ".tlog-proof" for video in videos] == [str(proof) for proof in proofs]
    assert [verifier.verify(video, policy).findings for video in videos] == [[], []]
    videos[1].chmod(0o600)
    data = videos[1].read_bytes()
    videos[1].write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    found = {one.code for one in verifier.verify(videos[1], policy).findings}
    assert found == {"FILE_HASH", "FILE_TREE"}


def test_proving_again_replaces_the_proofs(app, clock):
    """Later, under a newer head, in the same places."""
    watched = make_watched()
    clock.move_to(watched.ends_at + timedelta(minutes=5))
    watched.record(0)
    scan()
    first = proctoring.prove_segments(watched.sitting.id)
    watched.record(20)
    scan()

    second = proctoring.prove_segments(watched.sitting.id)

    assert second[:1] == first
    assert len(second) == 2
