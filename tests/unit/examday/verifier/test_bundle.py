"""Bundles: an honest one is valid, and every attacker of EVIDENCE section 5 is named."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from examday import verifier
from examday.verifier import layout
from examday.verifier.checkpoint import parse_checkpoint
from examday.verifier.leaves import canonical
from tests.factories.verifier import honest_day


def codes(report):
    return {finding.code for finding in report.findings}


def test_an_honest_bundle_is_valid(bundle, policy):
    """No finding; what was declared, waived and replaced is listed as notes."""
    report = verifier.verify(bundle, policy)

    assert report.findings == []
    notes = {note.code for note in report.notes}
    assert {"DECLARED_GAP", "ROOM_WAIVED", "SHEET_REPLACED"} <= notes


def test_the_same_bundle_as_a_zip_is_valid(bundle, policy, tmp_path):
    """With a folder around it, as people zip."""
    archive = shutil.make_archive(str(tmp_path / "b"), "zip", bundle.parent, "bundle")

    assert verifier.verify(type(bundle)(archive), policy).findings == []


def test_every_flipped_file_is_found(bundle, policy):
    """One bit in the middle of any file of the bundle is a finding that names the file."""
    names = layout.list_files(bundle)
    missed = []
    for name in names:
        path = bundle / name
        data = path.read_bytes()
        middle = len(data) // 2
        path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
        if verifier.verify(bundle, policy).valid:
            missed.append(name)
        path.write_bytes(data)
    assert len(names) > 40
    assert missed == []


@pytest.mark.parametrize("spoil", ["cut", "empty", "remove", "rename"])
@pytest.mark.parametrize(
    "name",
    [
        "data/footage/cam1/T1/cam1-003.mp4",
        "data/4-papers-results/2026-001-v2/sheet.json",
        "data/4-papers-results/2026-001-v1/sheet.json.jws",
        "trace/leaves.jsonl",
        "trace/checkpoint",
        "trace/content.sha256",
        "trace/tile/0/000.p/39",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "bagit.txt",
    ],
)
def test_a_cut_or_missing_file_is_found(bundle, policy, name, spoil):
    """Truncated, emptied, removed or renamed: never valid."""
    path = next(iter(bundle.glob(name.replace("39", "*"))))
    if spoil == "cut":
        path.write_bytes(path.read_bytes()[:-1])
    elif spoil == "empty":
        path.write_bytes(b"")
    elif spoil == "remove":
        path.unlink()
    else:
        path.rename(path.with_name(path.name + "x"))

    assert not verifier.verify(bundle, policy).valid


@pytest.mark.parametrize("name", ["data/extra.txt", "trace/tile/0/001", "extra", "data/.hidden"])
def test_an_added_file_is_found(bundle, policy, name):
    """Nothing may lie in a bundle that no list names."""
    (bundle / name).write_bytes(b"x")

    report = verifier.verify(bundle, policy)

    assert ("FILE_EXTRA", name) in {(one.code, one.where) for one in report.findings}


def test_a_link_is_found(bundle, policy):
    """A link may point anywhere tomorrow."""
    name = "data/footage/cam1/T1/cam1-003.mp4"
    (bundle / name).rename(bundle.parent / "away.mp4")
    (bundle / name).symlink_to(bundle.parent / "away.mp4")

    assert "FILE_LINK" in codes(verifier.verify(bundle, policy))


def test_swapped_footage_is_found_even_with_new_manifests(bundle, policy):
    """Attack 1: two files exchanged and all lists of the bag made anew."""
    one = bundle / "data/footage/cam1/T1/cam1-002.mp4"
    two = bundle / "data/footage/cam1/T1/cam1-003.mp4"
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    layout.write_bag(bundle, {"Source-Organization": "site1"})

    report = verifier.verify(bundle, policy)

    assert {"FILE_HASH", "FILE_TREE", "CONTENT_LIST"} <= codes(report)
    assert "FILE_HASH" in {f.code for f in report.findings if f.where.endswith("cam1-002.mp4")}


def test_a_cut_video_is_a_size_finding(bundle, policy):
    """Attack 2a with new manifests: the trace still knows the size."""
    path = bundle / "data/footage/cam2/T1/cam2-004.mp4"
    path.write_bytes(path.read_bytes()[: 1 << 20])
    layout.write_bag(bundle, {"Source-Organization": "site1"})

    assert {"FILE_SIZE", "FILE_HASH", "FILE_TREE"} <= codes(verifier.verify(bundle, policy))


def test_an_undeclared_gap_is_found(tmp_path):
    """Attack 9: without the declaration the lost piece is a TIMELINE_GAP of 30 s."""
    day = honest_day(declare=False)
    report = verifier.verify(day.seal(tmp_path / "b"), day.policy, language="en")

    assert [(one.code, one.where) for one in report.findings] == [("TIMELINE_GAP", "T1/R1/cam1")]
    assert "30.0 s" in report.findings[0].text
    assert "09:03:00" in report.findings[0].text


@pytest.mark.parametrize("piece", [0, 5, 9])
def test_a_segment_never_registered_is_found(tmp_path, piece):
    """First, middle and last."""
    day = honest_day(skip={("cam2", piece)})

    report = verifier.verify(day.seal(tmp_path / "b"), day.policy)

    assert codes(report) == {"TIMELINE_GAP"}


def test_deleting_any_entry_is_found_even_with_the_log_key(tmp_path):
    """Attack 4: each segment or closing entry removed and the log signed again, quorum 0."""
    whole = honest_day()
    telling = [
        i for i, leaf in enumerate(whole.leaves) if b":segment:" in leaf or b"closed" in leaf
    ]
    assert len(telling) == 21
    for index in telling:
        day = honest_day()
        del day.leaves[index]
        report = verifier.verify(day.seal(tmp_path / str(index)), day.policy)
        wanted = {"SEQ_GAP", "CHAIN_BREAK", "CLOSE_MISMATCH", "SESSION_NOT_CLOSED"}
        assert codes(report) & wanted, index


def test_a_replaced_segment_breaks_the_chain(tmp_path):
    """Attack 10 with the log key: another file under the same number, the rest untouched."""
    day = honest_day()
    index = next(i for i, leaf in enumerate(day.leaves) if b"cam1-003.mp4" in leaf)
    wrong = b'"sha256":"' + b"0" * 64
    day.leaves[index] = re.sub(rb'"sha256":"[0-9a-f]{64}', wrong, day.leaves[index])

    report = verifier.verify(day.seal(tmp_path / "b"), day.policy)

    assert {(one.code, one.where) for one in report.findings} >= {
        ("CHAIN_BREAK", "T1/cam1/4 cam1-004.mp4"),
        ("FILE_HASH", "data/footage/cam1/T1/cam1-003.mp4"),
    }


def test_a_segment_told_twice_is_found(tmp_path):
    """The same number again."""
    day = honest_day()
    index = next(i for i, leaf in enumerate(day.leaves) if b"cam1-003.mp4" in leaf)
    day.leaves.insert(index + 1, day.leaves[index])

    assert {"SEQ_GAP", "CHAIN_BREAK", "CLOSE_MISMATCH"} <= codes(
        verifier.verify(day.seal(tmp_path / "b"), day.policy)
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"beacon": {"checkpoint_sha256": "a" * 64, "seen_at_ms": [5]}}, "BEACON_UNKNOWN"),
        ({"beacon": {"checkpoint_sha256": "HEAD", "seen_at_ms": []}}, "BEACON_NOT_IN_FRAME"),
        ({"end": "2026-10-20T08:00:00.000Z"}, "END_IN_FUTURE"),
        ({"end": "2026-10-20T00:00:00.000Z"}, "FACTS_FORMAT"),
        ({"seq": "1"}, "FACTS_FORMAT"),
    ],
)
def test_a_last_segment_that_cannot_be_true_is_found(tmp_path, change, code):
    """Beacons of no head of this log, or never seen; ends after its own registration."""
    day = honest_day()
    head = parse_checkpoint(day.head(3).encoded()).digest
    index = next(i for i, leaf in enumerate(day.leaves) if b"cam2-010.mp4" in leaf)
    leaf = json.loads(day.leaves[index])
    leaf["facts"] |= json.loads(json.dumps(change).replace("HEAD", head))
    day.leaves[index] = canonical(leaf)

    report = verifier.verify(day.seal(tmp_path / "b", earlier=(3,)), day.policy)

    assert code in codes(report)


@pytest.mark.parametrize(
    ("size", "length", "minutes", "wanted"),
    [
        (4, 64, 0, set()),
        (4, 16, 0, set()),
        (4, 15, 0, {"BEACON_UNKNOWN"}),
        (3, 64, 0, {"BEACON_NOT_IN_FRAME"}),  # replaced an hour before
        (4, 64, 29, set()),  # a clock page that lost its line
        (4, 64, 40, {"BEACON_NOT_IN_FRAME"}),
        (9, 64, 0, {"BEACON_NOT_IN_FRAME"}),  # signed after the piece was over
    ],
)
def test_a_beacon_must_be_of_its_time(tmp_path, size, length, minutes, wanted):
    """The newest head of its moment, whole or its first sixteen digits; not older, not younger."""
    day = honest_day()
    name, seen = ("cam2-009.mp4", (minutes - 4) * 60_000) if minutes else ("cam2-001.mp4", 40)
    index = next(i for i, leaf in enumerate(day.leaves) if name.encode() in leaf)
    leaf = json.loads(day.leaves[index])
    digest = parse_checkpoint(day.head(size).encoded()).digest[:length]
    leaf["facts"]["beacon"] = {"checkpoint_sha256": digest, "seen_at_ms": [seen]}
    day.leaves[index] = canonical(leaf)

    report = verifier.verify(day.seal(tmp_path / "b", earlier=(3, 9)), day.policy)

    assert {one.code for one in report.findings if one.code.startswith("BEACON")} == wanted


def test_holes_inside_a_segment_are_gaps(tmp_path):
    """A segment whose media lists a hole does not cover it; only a long pause is a note."""
    holed, paused = honest_day(), honest_day()
    for day, media in ((holed, {"holes_ms": [[10_000, 12_400]]}), (paused, {"max_gap_ms": 900})):
        index = next(i for i, leaf in enumerate(day.leaves) if b"cam2-010.mp4" in leaf)
        leaf = json.loads(day.leaves[index])
        leaf["facts"]["media"] |= media
        day.leaves[index] = canonical(leaf)
    report = verifier.verify(holed.seal(tmp_path / "a"), holed.policy, language="en")

    assert [one.text[:5] for one in report.findings if one.code == "TIMELINE_GAP"] == ["2.4 s"]
    notes = verifier.verify(paused.seal(tmp_path / "b"), paused.policy).notes
    assert "SEGMENT_HOLE" in {note.code for note in notes}


def test_a_gap_needs_reason_and_approver(tmp_path):
    """Declared by nobody is not declared well."""
    day = honest_day()
    index = next(i for i, leaf in enumerate(day.leaves) if b"gap:declared" in leaf)
    day.leaves[index] = day.leaves[index].replace(b"staff:du", b" ")

    assert codes(verifier.verify(day.seal(tmp_path / "b"), day.policy)) == {"GAP_NOT_APPROVED"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("trace/tile/0/000.p/*", "TILE_MISMATCH"),
        ("trace/tile/entries/000.p/*", "TILE_MISMATCH"),
        ("trace/leaves.jsonl", "ROOT_MISMATCH"),
        ("trace/checkpoints/3", "CHECKPOINT_SIGNATURE"),
        ("trace/proofs/first.tlog-proof", "PROOF_INVALID"),
    ],
)
def test_the_trace_is_checked_apart_from_the_manifests(bundle, policy, name, code):
    """One byte of the trace changed and every manifest made anew."""
    (path,) = bundle.glob(name)
    data = path.read_bytes()
    place = data.index(b"2026-10-20") if name.endswith("jsonl") else len(data) // 2
    if name.endswith("tlog-proof"):
        place = data.index(b"index 0") + len(b"index ")
    if name.endswith("/3"):
        place = data.index(b"\n3\n") + 1
    path.write_bytes(_flip(data, place))
    layout.write_bag(bundle, {"Source-Organization": "site1"})

    assert code in codes(verifier.verify(bundle, policy))


def test_a_tail_no_one_signed_is_found(bundle, policy):
    """Entries added to the file after the head."""
    path = bundle / "trace/leaves.jsonl"
    data = path.read_bytes()
    path.write_bytes(data + data.split(b"\n")[-2] + b"\n")
    layout.write_bag(bundle, {"Source-Organization": "site1"})

    assert codes(verifier.verify(bundle, policy)) >= {"UNCHECKPOINTED_TAIL"}


def test_a_rewritten_log_is_found_by_an_earlier_head(tmp_path):
    """Attack 8b: perfect rewrite with the true key; only a head kept outside sees it."""
    honest, forged = honest_day(), honest_day(declare=False)
    kept = tmp_path / "phone"
    kept.write_bytes(honest.head().encoded())
    folder = forged.seal(tmp_path / "b")

    report = verifier.verify(folder, forged.policy, earlier=[kept])

    assert "FORK_VS_EARLIER_COPY" in codes(report)


def test_a_rolled_back_log_is_found_by_a_longer_head(tmp_path):
    """Attack 2b: an older copy of the log, against a longer head kept outside."""
    day = honest_day()
    day.seal(tmp_path / "old")
    kept = tmp_path / "phone"
    day.say("planning:day:closed")
    kept.write_bytes(day.head().encoded())

    report = verifier.verify(tmp_path / "old", day.policy, earlier=[kept])

    assert codes(report) == {"ROLLED_BACK"}


def test_a_missing_cosignature_is_found(tmp_path):
    """Quorum of one: without the witness the head does not count."""
    day = honest_day()
    day.quorum = "w"
    folder = day.seal(tmp_path / "b")
    assert verifier.verify(folder, day.policy).valid

    checkpoint = folder / "trace/checkpoint"
    lines = checkpoint.read_text().split("\n")
    checkpoint.write_text("\n".join([*lines[:-2], ""]))
    layout.write_bag(folder, {"Source-Organization": "site1"})

    assert codes(verifier.verify(folder, day.policy)) == {"CHECKPOINT_SIGNATURE"}


def test_a_bundle_cannot_bring_its_own_policy(bundle, tmp_path):
    """Another site's key in the outside policy: this bundle is nobody's."""
    other = honest_day()
    other.log = type(other.log)("examday/liaoning/site1/2026", seed=9)

    assert {"CHECKPOINT_SIGNATURE", "LOG_NOT_OPENED"} <= codes(
        verifier.verify(bundle, other.policy)
    )


def test_waived_rooms_need_measures_and_an_approver(tmp_path):
    """GS-20: other measures with a full trace."""
    bare = honest_day(measures=False)
    nobody = honest_day(waive_approver="")

    assert codes(verifier.verify(bare.seal(tmp_path / "a"), bare.policy)) == {
        "WAIVER_WITHOUT_MEASURES"
    }
    assert codes(verifier.verify(nobody.seal(tmp_path / "b"), nobody.policy)) == {
        "WAIVER_NOT_APPROVED"
    }


def test_a_room_never_closed_is_found(tmp_path):
    """Without the closing entry the tail could have been cut."""
    day = honest_day(close=False)

    assert codes(verifier.verify(day.seal(tmp_path / "b"), day.policy)) == {"SESSION_NOT_CLOSED"}


def test_a_bundle_that_was_not_archived_is_found(tmp_path):
    """The trace must say that this content was archived."""
    day = honest_day()

    report = verifier.verify(day.seal(tmp_path / "b", archive=False), day.policy)

    assert "ARCHIVE_NOT_LOGGED" in codes(report)


def test_the_clock_set_back_is_found(tmp_path):
    """Attack 7."""
    day = honest_day()
    day.now -= day.now - day.now.replace(hour=0)

    assert "CLOCK_BACKWARDS" in codes(verifier.verify(day.seal(tmp_path / "b"), day.policy))


def test_other_batches_gaps_are_notes(tmp_path):
    """A log serves a year; an archive answers for its own batch only."""
    day = honest_day()
    day.say("proctoring:coverage:planned", sitting="X9", room="R9", camera="cam9",
            start="2026-10-19T01:00:00.000Z", end="2026-10-19T02:00:00.000Z")  # fmt: skip

    report = verifier.verify(day.seal(tmp_path / "b"), day.policy)

    assert report.valid
    assert "OTHER_BATCH" in {note.code for note in report.notes}


def test_a_broken_zip_is_a_finding(bundle, policy, tmp_path):
    """Cut at the end or flipped inside: not valid, never a crash."""
    archive = type(bundle)(shutil.make_archive(str(tmp_path / "b"), "zip", bundle))
    data = archive.read_bytes()
    for spoiled in (data[:-30], data[: len(data) // 2], _flip(data, 5000), b""):
        archive.write_bytes(spoiled)
        assert not verifier.verify(archive, policy).valid


def test_what_is_no_evidence_is_unusable(tmp_path, policy):
    """Exit status 2: no path, no bundle, no proof beside a file, a policy nobody can read."""
    (tmp_path / "a.json").write_bytes(b"{}")
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "nothing", tmp_path / "a.json", tmp_path / "empty"):
        with pytest.raises(verifier.Unusable) as raised:
            verifier.verify(path, policy)
        assert not re.search("[a-z]{3,} [a-z]", raised.value.text())
    with pytest.raises(verifier.Unusable):
        verifier.verify(tmp_path, "quorum both\n")


def test_the_copy_in_the_bundle_runs_alone(bundle, policy, tmp_path):
    """`python -I` with nothing of examday on the path: 0, then 1 after one byte, then 2."""
    (tmp_path / "policy.txt").write_text(policy)
    script = bundle / "data/verifier/verify.py"
    program = (
        "import sys, runpy; sys.modules['examday'] = None;"
        f"sys.argv = ['verify', *sys.argv[1:]]; runpy.run_path({str(script)!r}, run_name='__main__')"
    )

    def run(*arguments):
        command = [sys.executable, "-I", "-c", program, *map(str, arguments)]
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, env={**os.environ}, check=False
        )

    done = run(bundle, "--policy", tmp_path / "policy.txt", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert '"valid": true' in done.stdout.splitlines()[-1]

    video = bundle / "data/footage/cam2/T1/cam2-001.mp4"
    video.write_bytes(_flip(video.read_bytes(), 99))
    done = run(bundle, "--policy", tmp_path / "policy.txt")
    assert done.returncode == 1
    assert "文件已被改动" in done.stdout

    done = run(bundle / "nothing", "--policy", tmp_path / "policy.txt")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def _flip(data, place):
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize(("delay", "wanted"), [(-3600, {"WITNESS_TSA_SKEW"}), (7200, set())])
def test_a_witness_cannot_have_seen_a_head_before_its_entries(tmp_path, delay, wanted):
    """An hour before its last entry is a fault; two hours after is a delay, told as a note."""
    day = honest_day()
    day.witness_delay = delay

    report = verifier.verify(day.seal(tmp_path / "b"), day.policy)

    assert codes(report) == wanted
    late = {note.code for note in report.notes if note.code == "OUTSIDE_TIME_LATE"}
    assert late == (set() if wanted else {"OUTSIDE_TIME_LATE"})


def test_a_clock_that_was_set_before_this_batch_is_a_note(tmp_path):
    """A log serves a year; what went wrong before this batch began is not its fault."""
    day = honest_day(rehearsal="clock set")

    report = verifier.verify(day.seal(tmp_path / "b"), day.policy)

    assert report.findings == []
    assert "CLOCK_STEP" in "".join(one.text for one in report.notes if one.code == "OTHER_BATCH")
