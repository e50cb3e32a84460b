"""
The ten attacks of the evidence design and one on the marks, each on the honest day, as an insider
would do them.

An attack makes a bundle and names the verdicts that must be among those found. The attacker has
the log key, the database and the files; not the witness's key, nor the heads others have kept.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from examday.verifier import layout
from tests.factories.verifier import Key, honest_day

INFO = {"Source-Organization": "site1"}


@dataclass
class Forged:
    """A bundle made by an attacker, the policy from outside, and heads kept outside."""

    folder: Path
    policy: str
    earlier: list = field(default_factory=list)


def swap_files(folder):
    """1: two stored files exchanged, every list of the bag made anew."""
    forged = _sealed(folder)
    one, two = (_video(forged, "cam1", seq) for seq in (2, 3))
    first = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(first)
    layout.write_bag(forged.folder, INFO)
    return forged


def cut_file(folder, *, keep):
    """2a: the end of a file cut off, lists made anew."""
    forged = _sealed(folder)
    video = _video(forged, "cam2", 4)
    data = video.read_bytes()
    video.write_bytes(data[: keep(len(data))])
    layout.write_bag(forged.folder, INFO)
    return forged


def roll_back(folder, *, pinned):
    """2b: the log of 09:02 restored, with the head that was validly signed then."""
    whole = honest_day()
    day = honest_day()
    day.leaves = day.leaves[:9]
    forged = Forged(day.seal(folder / "b", archive=False), day.policy)
    if pinned:
        forged.earlier.append(_kept(folder, whole))
    return forged


def back_date(folder, *, set_clock):
    """3: a lost piece filmed two days later and registered with the old times."""

    def attack(day, camera, piece):
        if (camera, piece) != ("cam2", 9):
            return
        day.now += timedelta(days=2)
        day.say("trace:record:viewed")
        day.show()
        if set_clock:
            day.step_clock(days=-2, minutes=-1)

    day = honest_day(attack=attack)
    return Forged(day.seal(folder / "b"), day.policy)


def delete_entry(folder, *, quorum):
    """4: a segment's entry deleted and the log signed again, without the witness."""
    day = honest_day()
    del day.leaves[next(i for i, leaf in enumerate(day.leaves) if b"cam1-003.mp4" in leaf)]
    day.quorum = quorum
    if quorum != "none":
        day.witness, day.trusted_witness = Key("forger.example/w1", 4, 9), day.witness
    return Forged(day.seal(folder / "b"), day.policy)


def fork(folder):
    """5: two histories of one size, both signed with the log key; the other one was kept."""
    honest, other = honest_day(), honest_day()
    for day, kind in ((honest, "trace:record:viewed"), (other, "planning:day:closed")):
        day.say(kind)
    return Forged(other.seal(folder / "b", archive=False), other.policy, [_kept(folder, honest)])


def replay(folder):
    """6: a clip of the day before in a fresh container; only its beacon tells."""

    def attack(day, camera, piece):
        if (camera, piece) == ("cam2", 5):
            day.beacon, day.todays = day.yesterdays, day.beacon
        elif (camera, piece) == ("cam2", 6):
            day.beacon = day.todays

    day = honest_day(attack=attack, rehearsal=True)
    return Forged(day.seal(folder / "b"), day.policy)


def register_twice(folder):
    """6, another way: the same file for two stretches of time."""
    day = honest_day(same_content={("cam2", 5): ("cam2", 4)})
    return Forged(day.seal(folder / "b"), day.policy)


def set_clock_back(folder):
    """7: the server's clock set back an hour in the middle of the sitting."""

    def attack(day, camera, piece):
        if (camera, piece) == ("cam1", 5):
            day.step_clock(hours=-1)
            day.is_clock_wrong = True

    day = honest_day(attack=attack)
    return Forged(day.seal(folder / "b"), day.policy)


def rewrite(folder, *, quorum="none", pinned=False):
    """8: the whole log rewritten with the stolen key, so that nothing seems missing."""
    honest, day = honest_day(), honest_day(declare=False, skip_plan=True)
    forged = Forged(folder / "b", day.policy)
    if quorum != "none":
        day.quorum = quorum
        day.witness, day.trusted_witness = Key("forger.example/w1", 4, 9), day.witness
        forged.policy = day.policy
    if pinned:
        forged.earlier.append(_kept(folder, honest))
    day.seal(forged.folder)
    return forged


def rewrite_under_real_footage(folder):
    """8, with footage that had seen the beacons of the true log."""
    true = honest_day()
    day = honest_day(declare=False, skip_plan=True, beacon=true.beacon)
    return Forged(day.seal(folder / "b"), day.policy)


def leave_out(folder, *, piece):
    """9: a piece never registered and not declared."""
    day = honest_day(skip={("cam2", piece)})
    return Forged(day.seal(folder / "b"), day.policy)


def edit_row(folder):
    """10: an entry edited in the database and the bundle exported from it, tiles as they were."""
    forged = _sealed(folder)
    leaves = forged.folder / layout.LEAVES
    leaves.write_bytes(leaves.read_bytes().replace(b'"reason":"power"', b'"reason":"Power"'))
    layout.write_bag(forged.folder, INFO)
    return forged


def add_tail(folder):
    """10, another way: an entry added behind the signed head."""
    forged = _sealed(folder)
    leaves = forged.folder / layout.LEAVES
    data = leaves.read_bytes()
    leaves.write_bytes(data + data.split(b"\n")[-2] + b"\n")
    layout.write_bag(forged.folder, INFO)
    return forged


def change_marks(folder):
    """11: marks changed in the database, the changed sheet signed by both and traced."""
    forged = {
        1: {"theory": "96.0"},
        2: {"practical": "absent", "outcome": "absent"},
        3: {"candidate_id": 4},
        4: {"theory": "misconduct", "outcome": "misconduct"},
        5: {"outcome": "failed", "conduct": "90.0"},
    }
    day = honest_day(forged=forged)
    return Forged(day.seal(folder / "b"), day.policy)


MEBIBYTE = 1 << 20
ATTACKS = {
    "1 swap": (swap_files, {}, {"FILE_HASH", "FILE_TREE", "CONTENT_LIST"}),
    "2a cut one byte": (cut_file, {"keep": lambda n: n - 1}, {"FILE_SIZE", "FILE_HASH"}),
    "2a cut a chunk": (cut_file, {"keep": lambda n: n - MEBIBYTE}, {"FILE_SIZE", "FILE_TREE"}),
    "2a cut in half": (cut_file, {"keep": lambda n: n // 2}, {"FILE_SIZE", "FILE_TREE"}),
    "2b roll back": (roll_back, {"pinned": False}, {"TIMELINE_GAP", "SESSION_NOT_CLOSED"}),
    "2b roll back, head kept": (roll_back, {"pinned": True}, {"ROLLED_BACK"}),
    "3 back-date": (back_date, {"set_clock": False}, {"LATE_REGISTRATION", "BEACON_NOT_IN_FRAME"}),
    "3 back-date, clock set": (
        back_date,
        {"set_clock": True},
        {"CLOCK_STEP", "CLOCK_BACKWARDS", "BEACON_NOT_IN_FRAME"},
    ),
    "4 delete": (delete_entry, {"quorum": "none"}, {"CHAIN_BREAK", "SEQ_GAP", "TIMELINE_GAP"}),
    "4 delete, witnessed": (delete_entry, {"quorum": "w"}, {"CHECKPOINT_SIGNATURE"}),
    "5 fork": (fork, {}, {"FORK_VS_EARLIER_COPY"}),
    "6 replay": (replay, {}, {"BEACON_NOT_IN_FRAME"}),
    "6 same file twice": (register_twice, {}, {"SEGMENT_DUPLICATE"}),
    "7 clock back": (set_clock_back, {}, {"CLOCK_BACKWARDS", "CLOCK_STEP", "END_IN_FUTURE"}),
    "8 rewrite, witnessed": (rewrite, {"quorum": "w"}, {"CHECKPOINT_SIGNATURE"}),
    "8 rewrite, footage": (rewrite_under_real_footage, {}, {"BEACON_UNKNOWN"}),
    "8b rewrite, head kept": (rewrite, {"pinned": True}, {"FORK_VS_EARLIER_COPY"}),
    "9 first": (leave_out, {"piece": 0}, {"TIMELINE_GAP"}),
    "9 middle": (leave_out, {"piece": 5}, {"TIMELINE_GAP"}),
    "9 last": (leave_out, {"piece": 9}, {"TIMELINE_GAP"}),
    "10 edit": (edit_row, {}, {"ROOT_MISMATCH", "TILE_MISMATCH"}),
    "10 tail": (add_tail, {}, {"UNCHECKPOINTED_TAIL"}),
    "11 marks": (change_marks, {}, {"SHEET_MARK", "SHEET_MISCONDUCT", "SHEET_OUTCOME"}),
}


def forge(name, folder):
    """Carry out an attack: gives the forged bundle and the codes that must be found."""
    attack, options, codes = ATTACKS[name]
    return attack(folder, **options), codes


def _sealed(folder):
    day = honest_day()
    return Forged(day.seal(folder / "b", earlier=(3, 9)), day.policy)


def _video(forged, camera, seq):
    return forged.folder / f"data/footage/{camera}/T1/{camera}-{seq:03d}.mp4"


def _kept(folder, day):
    """The head someone outside kept, such as a supervisor's phone."""
    path = folder / "kept"
    path.write_bytes(day.head().encoded())
    return path
