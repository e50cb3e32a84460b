"""
An honest day as evidence, built without examday's server: leaves, log, bundle.

`Day` collects leaves; `seal()` packs them as an archive bundle under a key of its own. An
attacker in a test is someone who changes the leaves before, or the files after.
"""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from examday.verifier import layout
from examday.verifier.checkpoint import checkpoint_text, parse_checkpoint
from examday.verifier.jws import encode64url
from examday.verifier.leaves import canonical
from examday.verifier.note import COSIGNATURE, ED25519, Note, Signature, Verifier, cosigned_message
from examday.verifier.proof import Proof
from examday.verifier.sheet import row_root
from examday.verifier.store import digest_stream
from examday.verifier.tiles import expected_tiles
from examday.verifier.tree import inclusion_proof, leaf_hash, nodes_of, root

ORIGIN = "examday/liaoning/site1/2026"
START = datetime(2026, 10, 20, 1, 0, tzinfo=UTC)
SITTING = "T1"
PIECE_SECONDS = 30
PIECE = timedelta(seconds=PIECE_SECONDS)


def rfc3339(moment):
    """Write an instant as leaves do."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Key:
    """An Ed25519 key of a log (01) or a witness (04)."""

    def __init__(self, name, algorithm=ED25519, seed=1):
        self.private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        public = self.private.public_key().public_bytes_raw()
        self.verifier = Verifier(name=name, algorithm=algorithm, public=public)

    def sign(self, text, time=1_792_000_000):
        message, head = text.encode(), b""
        if self.verifier.algorithm == COSIGNATURE:
            message, head = cosigned_message(text, time), time.to_bytes(8, "big")
        blob = head + self.private.sign(message)
        return Signature(self.verifier.name, self.verifier.key_id, blob)


class Person:
    """Someone who signs score sheets with a certificate of their own."""

    def __init__(self, duty):
        self.duty = duty
        self.private = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, duty)])
        builder = x509.CertificateBuilder(name, name, self.private.public_key(), 7)
        builder = builder.not_valid_before(START - timedelta(days=9))
        certificate = builder.not_valid_after(START + timedelta(days=900)).sign(
            self.private, hashes.SHA256()
        )
        self.der = certificate.public_bytes(Encoding.DER)
        self.cert_sha256 = hashlib.sha256(self.der).hexdigest()

    def sign(self, payload, alg="ES256"):
        header = {"alg": alg, "x5c": [base64.b64encode(self.der).decode()]}
        protected = encode64url(json.dumps(header).encode())
        message = f"{protected}.{encode64url(payload)}".encode()
        r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(hashes.SHA256())))
        raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return {"protected": protected, "signature": encode64url(raw)}


LEADER, BODY = Person("leader"), Person("body")


@dataclass
class Day:
    """Leaves and files of a day, in the order they come to be."""

    log: Key = field(default_factory=lambda: Key(ORIGIN))
    witness: Key = field(default_factory=lambda: Key("bureau.example/w1", COSIGNATURE, 2))
    quorum: str = "none"
    witness_delay: int = 5
    earlier_keys: list = field(default_factory=list)
    shown: list = field(default_factory=list)
    beacon: str = ""
    is_clock_wrong: bool = False
    trusted_witness: Key | None = None
    leaves: list = field(default_factory=list)
    files: dict = field(default_factory=dict)
    now: datetime = START - timedelta(hours=1)
    booted: datetime = START - timedelta(hours=2)

    def step_clock(self, **span):
        """Set the wall clock without time passing."""
        self.now += timedelta(**span)
        self.booted += timedelta(**span)

    def say(self, type_, about="s", /, **facts):
        self.now += timedelta(seconds=1)
        leaf = {
            "v": 1, "type": type_, "log_time": rfc3339(self.now),
            "mono_ms": (self.now - self.booted) // timedelta(milliseconds=1),
            "boot": "b00t", "site": ORIGIN, "actor": "staff:li", "subject": about,
            "facts": facts,
        }  # fmt: skip
        self.leaves.append(canonical(leaf))
        return len(self.leaves) - 1

    @property
    def policy(self):
        logs = [self.log, *(key for key, _ in self.earlier_keys)]
        lines = [f"log {log.verifier.vkey}" for log in logs]
        lines += [f"witness w {(self.trusted_witness or self.witness).verifier.vkey}"]
        return "\n".join([*lines, f"quorum {self.quorum}", ""])

    def show(self):
        """Sign a head and let the clock pages show it: segments from now on have seen it."""
        self.shown.append(len(self.leaves))
        self.beacon = parse_checkpoint(self.head().encoded()).digest

    def rehearse(self, *, set_clock):
        """A head signed and shown on the day before; the clock may have been set that night."""
        self.say("planning:room:added")
        self.show()
        self.yesterdays = self.beacon
        self.now += timedelta(days=1)
        if set_clock:
            self.booted -= timedelta(hours=5)

    @staticmethod
    def path(camera, seq):
        """Where a segment lies in the bundle."""
        return f"data/footage/{camera}/{SITTING}/{camera}-{seq:03d}.mp4"

    def segment(self, camera, seq, start, prev, *, content=None, room="R1", length=PIECE, **media):
        name = f"{camera}-{seq:03d}.mp4"
        content = content or f"{camera}/{seq}/".encode() * (400_000 if seq == 4 else 4_000)
        self.files[self.path(camera, seq)] = content
        end = start + length
        if not self.is_clock_wrong:
            self.now = max(self.now, end)
        index = self.say(
            "proctoring:segment:attached", f"{SITTING}/{camera}/{seq}",
            sitting=SITTING, room=room, camera=camera, seq=seq, prev=prev,
            start=rfc3339(start), end=rfc3339(end), clock={"src": "beacon", "offset_ms": 0},
            file=file_facts(name, content),
            media={"codec": "h264", "w": 1280, "h": 720, "frames": 750, "first_pts_ms": 0,
                   "last_pts_ms": 29960, "max_gap_ms": 40, "decode_errors": 0, "black_ms": 0,
                   "frozen_ms": 0, **media},
            beacon={"checkpoint_sha256": self.beacon, "seen_at_ms": [0, 2000] if self.beacon else []},
        )  # fmt: skip
        return hashlib.sha256(self.leaves[index]).hexdigest()

    def head(self, size=None):
        """The signed and co-signed head over the first `size` leaves."""
        size = len(self.leaves) if size is None else size
        text = checkpoint_text(ORIGIN, size, root(map(leaf_hash, self.leaves[:size])))
        written = json.loads(self.leaves[size - 1])["log_time"]
        at = int(datetime.fromisoformat(written).timestamp()) + self.witness_delay
        return Note(text, (self.log_of(size).sign(text), self.witness.sign(text, at)))

    def log_of(self, size):
        """The log's key at that size: an earlier one until the first head over its rotation."""
        return next((key for key, last in self.earlier_keys if size <= last), self.log)

    def proof(self, index):
        """The .tlog-proof of a leaf under the newest head."""
        hashed = [leaf_hash(leaf) for leaf in self.leaves]
        path = inclusion_proof(index, len(hashed), nodes_of(hashed))
        checkpoint = parse_checkpoint(self.head().encoded())
        return Proof(self.leaves[index], index, tuple(path), checkpoint)

    def seal(self, folder: Path, *, batch="1", archive=True, earlier=()):
        """Pack everything as layout.py says."""
        for path, data in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        layout.copy_verifier(folder)
        content = layout.write_content_list(folder)
        if archive:
            facts = {"batch": batch, "manifest_sha256": content.sha256, "files": content.files}
            self.say("filing:bundle:archived", batch, **facts)
        hashed = [leaf_hash(leaf) for leaf in self.leaves]
        (folder / "trace/leaves.jsonl").write_bytes(b"".join(one + b"\n" for one in self.leaves))
        (folder / "trace/checkpoint").write_bytes(self.head().encoded())
        heads = {len(self.leaves), *self.shown, *earlier}
        files = {f"checkpoints/{size}": self.head(size).encoded() for size in heads}
        files |= expected_tiles(self.leaves, hashed)
        files["proofs/first.tlog-proof"] = self.proof(0).encoded()
        for path, data in files.items():
            (folder / "trace" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "trace" / path).write_bytes(data)
        layout.write_bag(folder, {"Source-Organization": "site1"})
        return folder


def file_facts(name, content):
    """What a segment leaf says of its file."""
    import io

    found = digest_stream(io.BytesIO(content), with_tree=True)
    tree = {"alg": "rfc6962-sha256-1MiB", "root": found.tree_root, "chunks": found.chunks}
    return {"name": name, "bytes": found.size, "sha256": found.sha256, "tree": tree}


MARKS = {"theory": "86.0", "practical": "75.0"}


def sheet_rows(forged=None):
    """Five rows and what they commit to; `forged` is {row: {field: value}} of an attacker."""
    rows, details = [], []
    for no in range(1, 6):
        line = {"theory": "86.0", "practical": "75.0", "outcome": "passed", "candidate_id": no}
        line |= (forged or {}).get(no, {})
        outcome = line.pop("outcome")
        states = dict.fromkeys(("review", "performance", "conduct"), "not_taken")
        details.append({"no": no, "ticket_no": f"T{no}", "overall": "", **states, **line})
        commitment = hashlib.sha256(canonical(details[-1])).hexdigest()
        rows.append({"no": no, "outcome": outcome, "detail_sha256": commitment})
    return rows, details


def sheet_files(version=1, signers=(LEADER, BODY), forged=None):
    """sheet.json, its signatures, a PDF with two signed ranges and a workbook."""
    rows, details = sheet_rows(forged)
    document = {"sheet": "2026-001", "version": version, "rows": rows, "details": details}
    payload = canonical(document | {"pass_mark": "60.0"})
    jws = json.dumps({"signatures": [person.sign(payload) for person in signers]}).encode()
    pdf = b"%PDF-1.7 v" + str(version).encode() + b" /ByteRange [0 10 20 30] " * 2
    return {"json": payload, "json.jws": jws, "pdf": pdf, "xlsx": b"PK" + bytes([version])}, rows


def say_marks(day):
    """Trace the marks of the five rows, each part settled by its second entry."""
    for no in range(1, 6):
        for subject, mark in MARKS.items():
            told = {"candidate": no, "subject": subject, "commitment": "00", "step": "entry"}
            day.say(f"scoring:{subject}_mark:entered", **told, state="missing")
            day.say(f"scoring:{subject}_mark:entered", **told, state="marked", mark=mark)


def say_sheet(day, version=1, replaces=None, forged=None):
    """Trace a signed sheet and put its files into the bundle."""
    files, rows = sheet_files(version, forged=forged)
    for suffix, data in files.items():
        day.files[f"data/4-papers-results/2026-001-v{version}/sheet.{suffix}"] = data
    digests = {
        f"{kind}_sha256": hashlib.sha256(files[kind]).hexdigest()
        for kind in ("json", "pdf", "xlsx")
    }
    signers = [{"duty": one.duty, "cert_sha256": one.cert_sha256} for one in (LEADER, BODY)]
    return day.say(
        "results:sheet:signed", "2026-001", sheet="2026-001", version=version, batch="1",
        row_root=row_root(rows), sig_count=2, signers=signers, replaces=replaces, **digests,
    )  # fmt: skip


def honest_day(
    *,
    skip=(),
    declare=True,
    measures=True,
    close=True,
    waive_approver="du",
    attack=None,
    rehearsal=False,
    same_content=None,
    skip_plan=False,
    beacon=None,
    forged=None,
):
    """
    A day: one camera with ten pieces (piece 6 lost, declared), a second without loss, a room
    without cameras, one sheet in two versions. `skip` leaves out further pieces (camera, seq);
    `attack(day, camera, piece)` is called before each piece is registered. `rehearsal` signs
    a head on the day before; `same_content` gives a piece the bytes of another; `skip_plan` plans
    around the lost piece; `beacon` is shown instead of this log's own; `forged` changes rows of the
    first sheet (sheet_rows) before it is signed and traced.
    """
    day = Day()
    if rehearsal:
        day.now -= timedelta(days=1)
        day.booted -= timedelta(days=1)
    day.say("trace:log:opened", "log", origin=ORIGIN, vkey=day.log.verifier.vkey, software="t")
    if rehearsal:
        day.rehearse(set_clock=rehearsal == "clock set")
    day.say("planning:day:opened", batch="1", sittings=[SITTING])
    end, lost = START + 10 * PIECE, START + 6 * PIECE
    for camera in ("cam1", "cam2"):
        for start, stop in [(START, lost), (lost + PIECE, end)] if skip_plan else [(START, end)]:
            day.say("proctoring:coverage:planned", sitting=SITTING, room="R1", camera=camera,
                    start=rfc3339(start), end=rfc3339(stop))  # fmt: skip
    totals = []
    day.show()
    day.beacon = beacon or day.beacon
    for camera in ("cam1", "cam2"):
        prev, seq, size = "", 0, 0
        for piece in range(10):
            if (camera, piece) in {("cam1", 6), *skip}:
                continue
            if attack:
                attack(day, camera, piece)
            seq += 1
            start = START + piece * PIECE
            like = (same_content or {}).get((camera, piece))
            content = like and day.files[day.path(like[0], like[1] + 1)]
            prev = day.segment(camera, seq, start, prev, content=content)
            size += len(day.files[day.path(camera, seq)])
        totals.append({"camera": camera, "last_seq": seq, "head": prev, "bytes": size,
                       "covered_ms": seq * PIECE_SECONDS * 1000})  # fmt: skip
    if declare:
        day.say("proctoring:gap:declared", sitting=SITTING, room="R1", camera="cam1",
                start=rfc3339(lost), end=rfc3339(lost + PIECE),
                reason="power", approver="staff:du")  # fmt: skip
    day.say("proctoring:room:waived", sitting=SITTING, room="R2", reason="blast",
            approver=waive_approver)  # fmt: skip
    if measures:
        day.say("proctoring:measure:recorded", sitting=SITTING, room="R2", kind="two-person log")
    if close:
        day.say("proctoring:room:closed", sitting=SITTING, room="R1", cameras=totals, waived=False)
    day.say("proctoring:room:closed", sitting=SITTING, room="R2", cameras=[], waived=True)
    say_marks(day)
    say_sheet(day, 1, forged=forged)
    change = {"candidate": 2, "subject": "theory", "before": "86.0", "after": "59.5"}
    day.say("results:sheet:corrected", "2026-001", sheet="2026-001", version=2, changes=[change])
    say_sheet(day, 2, replaces="2026-001 v1", forged={2: {"theory": "59.5", "outcome": "failed"}})
    return day


def big_day(*, cameras, hours, piece_seconds):
    """
    A long honest day: every camera whole, a head each round of pieces, a proof beside each file.

    The files are small; what is measured is the log, not the disk.
    """
    day = Day()
    day.say("trace:log:opened", "log", origin=ORIGIN, vkey=day.log.verifier.vkey, software="t")
    day.say("planning:day:opened", batch="1", sittings=[SITTING])
    piece, count = timedelta(seconds=piece_seconds), hours * 3600 // piece_seconds
    names = [f"cam{number:02d}" for number in range(cameras)]
    for camera in names:
        day.say("proctoring:coverage:planned", sitting=SITTING, room=f"R{camera}", camera=camera,
                start=rfc3339(START), end=rfc3339(START + count * piece))  # fmt: skip
    heads, size = dict.fromkeys(names, ""), dict.fromkeys(names, 0)
    for number in range(count):
        day.shown.append(len(day.leaves))
        day.now = max(day.now, START + (number + 1) * piece - timedelta(seconds=cameras))
        for camera in names:
            content = f"{camera}/{number}".encode() * 8
            start = START + number * piece
            heads[camera] = day.segment(
                camera, number + 1, start, heads[camera],
                content=content, room=f"R{camera}", length=piece,
            )  # fmt: skip
            size[camera] += len(content)
    for camera in names:
        totals = [{"camera": camera, "last_seq": count, "head": heads[camera],
                   "bytes": size[camera], "covered_ms": 0}]  # fmt: skip
        day.say("proctoring:room:closed", sitting=SITTING, room=f"R{camera}", cameras=totals,
                waived=False)  # fmt: skip
    hashed = [leaf_hash(leaf) for leaf in day.leaves]
    node, checkpoint = nodes_of(hashed), parse_checkpoint(day.head().encoded())
    day.shown.append(len(hashed))
    for index, leaf in enumerate(day.leaves):
        facts = json.loads(leaf)["facts"]
        if "file" in facts:
            path = tuple(inclusion_proof(index, len(hashed), node))
            name = day.path(facts["camera"], facts["seq"]) + ".tlog-proof"
            day.files[name] = Proof(leaf, index, path, checkpoint).encoded()
    return day
