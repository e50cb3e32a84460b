"""The one question: does this path hold, by this policy?"""

from collections.abc import Sequence
from pathlib import Path

from cryptography.x509 import Certificate

from .bundle import check_bundle
from .facts import Segment, read_facts
from .faults import Malformed, Unusable
from .footage import check_file
from .heads import SignedHead, read_head
from .layout import JWS_SUFFIX, PROOF_SUFFIX, SM2_SUFFIX
from .leaves import parse_leaf
from .messages import CHINESE
from .policy import Policy, parse_policy
from .proof import Proof, parse_proof
from .report import Report
from .sheet import check_sheet_file, kind_of
from .sheet_facts import SheetSigned
from .stamp import load_roots
from .store import READ_ERRORS, digest_stream, opened


def verify(
    path: Path,
    policy_text: str,
    *,
    earlier: Sequence[Path] = (),
    tsa_roots: bytes = b"",
    language: str = CHINESE,
) -> Report:
    """
    Verify a bundle (folder or ZIP), or one score sheet or footage file beside its .tlog-proof.

    `policy_text` is a C2SP tlog-policy from outside the evidence; `earlier` are checkpoints
    that someone kept, which the bundle must continue; `tsa_roots` (PEM) are the certificates of
    the time-stamp authorities that are trusted. Raises Unusable when there is nothing to
    verify: no such path, no proof beside the file, a policy that cannot be read.
    """
    policy, report = parse_policy(policy_text), Report(language=language)
    if not path.exists():
        raise Unusable("PATH_MISSING", path=path)
    if path.is_dir() or path.suffix.lower() == ".zip":
        _verify_bundle(path, policy, report, earlier, tsa_roots)
    else:
        _verify_file(path, policy, report)
    return report


def read_roots(policy: Path, given: Path | None = None) -> bytes:
    """
    Read the certificates of the trusted time-stamp authorities (PEM), b"" where there are none.

    They lie in `given`, or beside the policy: policy.txt has policy.tsa.pem.
    """
    beside = policy.with_suffix(".tsa.pem")
    if given is None and not beside.exists():
        return b""
    return _read(given or beside)


def _verify_bundle(
    path: Path, policy: Policy, report: Report, earlier: Sequence[Path], tsa_roots: bytes
) -> None:
    roots, kept = _roots(tsa_roots), []
    for file in earlier:
        alone = Policy(policy.logs, {}, {}, "none")
        checkpoint = read_head(_as_kept(_read(file)), file.name, alone, report)
        if checkpoint is not None:
            kept.append(SignedHead(file.name, checkpoint))
    try:
        with opened(path) as store:
            check_bundle(store, policy, report, kept=kept, tsa_roots=roots)
    except (Malformed, *READ_ERRORS) as error:
        report.find("BUNDLE_UNREADABLE", path.name, reason=error)


def _verify_file(path: Path, policy: Policy, report: Report) -> None:
    """One file with its proof: the entry in the proof says what the file must be."""
    beside = path.with_name(path.name + PROOF_SUFFIX)
    if not beside.exists():
        raise Unusable("PROOF_MISSING", proof=beside.name, file=path.name)
    proof = _trusted_proof(_read(beside), beside.name, policy, report)
    if proof is None:
        return
    try:
        facts = read_facts(parse_leaf(proof.leaf))
    except Malformed as error:
        report.find("LEAF_FORMAT", beside.name, index=proof.index, reason=error)
        return
    head = proof.checkpoint
    report.facts.update(origin=head.origin, index=str(proof.index), head=head.digest)
    if isinstance(facts, Segment):
        with path.open("rb") as file:
            found = digest_stream(file, with_tree=True)
        check_file(facts.file, found, report, path.name)
        report.facts.update(kind="footage", room=facts.room, camera=facts.camera)
    elif isinstance(facts, SheetSigned) and kind_of(path.name):
        jws, sm2 = (
            _read(beside) if beside.exists() else None
            for beside in (path.with_name(path.name + one) for one in (JWS_SUFFIX, SM2_SUFFIX))
        )
        check_sheet_file(facts, path.name, _read(path), jws, report, sm2=sm2)
        report.facts.update(kind="sheet", sheet=facts.sheet, version=str(facts.version))
    else:
        report.find("WRONG_PROOF", path.name, kind=type(facts).__name__)


def _trusted_proof(data: bytes, where: str, policy: Policy, report: Report) -> Proof | None:
    try:
        proof = parse_proof(data)
    except Malformed as error:
        report.find("PROOF_FORMAT", where, reason=error)
        return None
    objection = policy.objection(proof.checkpoint)
    if objection:
        report.find("CHECKPOINT_SIGNATURE", where, reason=objection)
    if not proof.is_valid():
        report.find("PROOF_INVALID", where)
        return None
    return proof


def _roots(pem: bytes) -> list[Certificate]:
    try:
        return load_roots(pem)
    except ValueError as error:
        raise Unusable("ROOTS_FORMAT", reason=error) from error


def _as_kept(data: bytes) -> bytes:
    """Give a head that was kept as text its one ending back: phones and mail change line ends."""
    return data.replace(b"\r\n", b"\n").strip(b"\n") + b"\n"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unusable("PATH_UNREADABLE", path=path, reason=error.strerror) from error
