"""
Archive bundles: every file accounted for, the trace whole, the day complete.

How a bundle is packed stands in layout.py. Checked here, in this order:

1. bagit.txt, the payload manifests (SHA-256, SM3) and the tag manifest list every file of the
   folder but the tag manifest itself, and nothing that is not there; each digest is computed
   again (`FILE_MISSING`, `FILE_EXTRA`, `FILE_HASH`, `FILE_SM3`);
2. trace/checkpoint is signed as the outside policy demands, and is the root of leaves.jsonl;
   each earlier head, in trace/checkpoints or in a proof, is a root of the same leaves and signed
   by the key then in force; tiles, proofs, time-stamps and witnesses' times agree;
3. trace/content.sha256 lists exactly the files below data/, and its SHA-256 stands in the
   newest `filing:bundle:archived` entry;
4. footage of the archived batch is complete (timeline.py) and its files are as recorded;
5. score sheets of the batch are there, signed by the people the trace names.
"""

from collections.abc import Sequence
from hashlib import sha256

from cryptography.x509 import Certificate

from .checkpoint import Checkpoint
from .facts import Archived
from .faults import Malformed
from .footage import check_footage
from .heads import (
    SignedHead,
    check_proofs,
    check_roots,
    check_tiles,
    read_earlier,
    read_head,
)
from .keys import check_keys
from .layout import (
    CHECKPOINT,
    CONTENT_LIST,
    DECLARATION,
    FOOTAGE,
    LEAVES,
    PAYLOAD,
    PAYLOAD_MANIFESTS,
    TAG_MANIFEST,
    parse_list,
)
from .log import Log, check_opening, read_log
from .policy import Policy
from .report import Report
from .sheet import check_sheets
from .store import READ_ERRORS, Digests, Store, digest, has_sm3
from .timeline import Timeline, check_timeline
from .times import check_stamps, check_witnesses


def check_bundle(
    store: Store,
    policy: Policy,
    report: Report,
    *,
    kept: Sequence[SignedHead] = (),
    tsa_roots: Sequence[Certificate] = (),
) -> None:
    """Check a bundle; `kept` are earlier heads that someone outside kept."""
    files = _check_files(store, report)
    if CHECKPOINT not in files or LEAVES not in files:
        report.find("TRACE_FORMAT", CHECKPOINT, reason="no leaves or no checkpoint")
        return
    newest = read_head(store.read(CHECKPOINT), CHECKPOINT, policy, report)
    if newest is None:
        return
    log = read_log(store.read(LEAVES), report, origin=newest.origin)
    check_opening(log, report, origin=newest.origin, keys=policy.logs)
    earlier = [
        *read_earlier(store, policy, report),
        *check_proofs(store, log, policy, report),
        *kept,
    ]
    heads = [SignedHead(CHECKPOINT, newest), *earlier]
    check_roots(log, newest, earlier, report)
    check_keys(log, heads, policy.logs, report)
    check_tiles(store, log, newest, report)
    check_stamps(store, log, heads, policy, report, roots=tsa_roots)
    check_witnesses(log, heads, policy.witnesses.values(), report)
    archived = _check_archived(store, log, files, report)
    shown = [head.checkpoint for head in heads]
    _check_day(store, log, files, report, archived=archived, heads=shown)
    report.facts.update(
        kind="bundle",
        origin=newest.origin,
        entries=str(newest.size),
        files=str(len(files)),
        bytes=str(sum(found.size for found in files.values())),
        head=newest.digest,
    )


def _check_files(store: Store, report: Report) -> dict[str, Digests]:
    """Read every file once and compare the folder with its lists."""
    for name in sorted(store.links):
        report.find("FILE_LINK", name)
    files: dict[str, Digests] = {}
    for name in sorted(store.names):
        try:
            files[name] = digest(store, name, with_tree=name.startswith(f"{FOOTAGE}/"))
        except READ_ERRORS as error:
            report.find("BUNDLE_UNREADABLE", name, reason=error)
    if "bagit.txt" not in files or store.read("bagit.txt") != DECLARATION:
        report.find("BAG_STRUCTURE", "bagit.txt", reason="not BagIt 1.0")
    payload = {name for name in store.names if name.startswith(f"{PAYLOAD}/")}
    for algorithm, manifest in PAYLOAD_MANIFESTS.items():
        _check_list(store, files, report, manifest=manifest, algorithm=algorithm, wanted=payload)
    tags = store.names - payload - {TAG_MANIFEST}
    _check_list(store, files, report, manifest=TAG_MANIFEST, algorithm="sha256", wanted=tags)
    return files


def _check_list(
    store: Store,
    files: dict[str, Digests],
    report: Report,
    *,
    manifest: str,
    algorithm: str,
    wanted: frozenset[str] | set[str],
) -> None:
    if manifest not in files:
        report.find("BAG_STRUCTURE", manifest, reason="missing")
        return
    try:
        listed = parse_list(store.read(manifest))
    except Malformed as error:
        report.find("BAG_STRUCTURE", manifest, reason=error)
        return
    for name in sorted(listed.keys() - wanted):
        report.find("FILE_MISSING", name)
    for name in sorted(wanted - listed.keys()):
        report.find("FILE_EXTRA", name)
    if algorithm == "sm3" and not has_sm3():
        report.note("SM3_UNCHECKED", manifest)
        return
    for name in sorted(listed.keys() & files.keys()):
        found: str = getattr(files[name], algorithm)
        if found != listed[name] and algorithm == "sm3":
            report.find("FILE_SM3", name)
        elif found != listed[name]:
            report.find("FILE_HASH", name, found=found, wanted=listed[name])


def _check_archived(
    store: Store, log: Log, files: dict[str, Digests], report: Report
) -> Archived | None:
    """The newest archive entry must name the content list, and the list the files."""
    if CONTENT_LIST not in files:
        report.find("CONTENT_LIST", CONTENT_LIST, reason="missing")
        return None
    data = store.read(CONTENT_LIST)
    payload = {
        name: found.sha256 for name, found in files.items() if name.startswith(f"{PAYLOAD}/")
    }
    try:
        listed = parse_list(data)
    except Malformed as error:
        report.find("CONTENT_LIST", CONTENT_LIST, reason=error)
        listed = payload
    for name in sorted(set(listed.items()) ^ set(payload.items())):
        report.find("CONTENT_LIST", name[0], reason="differs")
    stated = [one.facts for one in log.told if isinstance(one.facts, Archived)]
    exact = [one for one in stated if one.manifest_sha256 == sha256(data).hexdigest()]
    if not exact:
        report.find("ARCHIVE_NOT_LOGGED", CONTENT_LIST)
    return exact[-1] if exact else stated[-1] if stated else None


def _check_day(
    store: Store,
    log: Log,
    files: dict[str, Digests],
    report: Report,
    *,
    archived: Archived | None,
    heads: Sequence[Checkpoint],
) -> None:
    batch = archived.batch if archived else None
    timeline = Timeline(log, batch=batch)
    check_timeline(timeline, report, heads=heads)
    check_footage(timeline, files, report)
    check_sheets(log, store, files, batch, report)
