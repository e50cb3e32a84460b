"""Footage files against what the trace recorded of them: size, SHA-256, chunk tree."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import PurePosixPath

from .facts import File
from .layout import FOOTAGE, PROOF_SUFFIX
from .report import Report
from .store import Digests
from .timeline import Timeline


def check_file(recorded: File, found: Digests, report: Report, where: str) -> None:
    """Compare one file with its entry; every difference is told."""
    if found.size != recorded.size:
        report.find("FILE_SIZE", where, found=found.size, wanted=recorded.size)
    if found.sha256 != recorded.sha256:
        report.find("FILE_HASH", where, found=found.sha256, wanted=recorded.sha256)
    if (found.tree_root, found.chunks) != (recorded.tree_root, recorded.chunks):
        report.find("FILE_TREE", where)


def check_footage(timeline: Timeline, files: Mapping[str, Digests], report: Report) -> None:
    """
    Every segment of this batch lies at data/footage/<camera>/…/<name>, and nothing else does.

    A file is looked for by name below its camera's folder; when several share a name, the one
    with the recorded digest is meant.
    """
    below = {name: found for name, found in files.items() if name.startswith(f"{FOOTAGE}/")}
    logged = {one.segment.file.sha256 for one in timeline.attached}
    named: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in sorted(below):
        camera = PurePosixPath(name.removeprefix(f"{FOOTAGE}/")).parts[0]
        named[camera, PurePosixPath(name).name].append(name)
    met = set()
    for one in timeline.attached:
        segment = one.segment
        if not timeline.is_own(segment.sitting):
            continue
        names = named[segment.camera, segment.file.name]
        exact = [name for name in names if below[name].sha256 == segment.file.sha256]
        if not names:
            report.find("FILE_MISSING", f"{FOOTAGE}/{segment.camera}/{segment.file.name}")
        met.update(exact or names)
        for name in exact or names[:1]:
            check_file(segment.file, below[name], report, name)
    for name in sorted(set(below) - met):
        if not name.endswith(PROOF_SUFFIX) and below[name].sha256 not in logged:
            report.find("FILE_NOT_LOGGED", name)
