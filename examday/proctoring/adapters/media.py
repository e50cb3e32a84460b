"""
Media facts of a held file, parsed in a process of its own.

The first bytes must be those of a known container before any parser sees the file, since an
ffconcat text named .mp4 plays whatever it lists (RELIABILITY finding 5); the parser is then
told that container and gets the open file as its standard input.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from examday.proctoring.adapters.intake import HeldFile
from examday.proctoring.rules.refusals import NotAVideo, TruncatedVideo, UnreadableVideo
from examday.proctoring.rules.segments import MediaFacts, Sighting

_WORKER = Path(__file__).with_name("media_worker.py")
_HEAD = 4096
_TS_PACKET = 188
_MEMORY = 1536 << 20
_CPU_SECONDS = 20
_CPU_SECONDS_PER_GB = 120


def container_format(head: bytes) -> str | None:
    """Tell the container from a file's first bytes; None for everything not on the list."""
    signs = {
        "mp4": head[4:8] in {b"ftyp", b"styp"},
        "matroska": head.startswith(b"\x1aE\xdf\xa3"),
        # Recorders name MPEG-PS .mp4 as well, some behind a 40-byte IMKH header (EVIDENCE §3.3).
        "mpeg": head.startswith((b"\x00\x00\x01\xba", b"IMKH")),
        "dhav": head.startswith(b"DHAV"),
        "avi": head[:4] == b"RIFF" and head[8:12] == b"AVI ",
        "mpegts": len(head) > 2 * _TS_PACKET and set(head[: 3 * _TS_PACKET : _TS_PACKET]) == {0x47},
    }
    return next((name for name, is_seen in signs.items() if is_seen), None)


def measure(held: HeldFile, *, deep: bool) -> MediaFacts:
    """
    Give the facts of the file; `deep` decodes every picture, not only the key frames.

    Raises NotAVideo, UnreadableVideo, TruncatedVideo.
    """
    found = container_format(os.pread(held.descriptor, _HEAD, 0))
    if found is None:
        raise NotAVideo(name=held.name)
    facts = _run(held, found, deep=deep)
    if "error" in facts:
        raise UnreadableVideo(name=held.name, reason=facts["error"])
    if not facts["frames"]:
        raise UnreadableVideo(name=held.name, reason="no pictures")
    if facts["is_cut"]:
        raise TruncatedVideo(name=held.name)
    return MediaFacts(
        container=found,
        codec=facts["codec"],
        width=facts["w"],
        height=facts["h"],
        frames=facts["frames"],
        first_pts_ms=facts["first_pts_ms"],
        last_pts_ms=facts["last_pts_ms"],
        length_ms=facts["length_ms"],
        max_gap_ms=facts["max_gap_ms"],
        holes_ms=tuple((begin, end) for begin, end in facts["holes_ms"]),
        corrupt_packets=facts["corrupt_packets"],
        decode_errors=facts["decode_errors"],
        black_ms=facts["black_ms"],
        frozen_ms=facts["frozen_ms"],
        sightings=tuple(Sighting(code["text"], code["at_ms"]) for code in facts["codes"]),
    )


def _run(held: HeldFile, container: str, *, deep: bool) -> dict[str, Any]:
    seconds = _CPU_SECONDS + _CPU_SECONDS_PER_GB * held.size // (1 << 30)
    order = {"memory": _MEMORY, "cpu_seconds": seconds, "format": container, "deep": deep}
    # A file description of its own: the child's reading must not move our offset.
    source = os.open(f"/proc/self/fd/{held.descriptor}", os.O_RDONLY | os.O_CLOEXEC)
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_WORKER), json.dumps(order)],
            stdin=source,
            capture_output=True,
            timeout=4 * seconds,
            check=False,
            cwd="/",
            env={"OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableVideo(name=held.name, reason="timeout") from error
    finally:
        os.close(source)
    try:
        facts: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        reason = f"status {done.returncode}"
        raise UnreadableVideo(name=held.name, reason=reason) from error
    return facts
