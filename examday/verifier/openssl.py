"""
A second opinion on time-stamps, from the openssl command where there is one.

Public authorities write looser DER than der.py reads; what openssl accepts of them, by the same
trusted certificates, is not refused here.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate

_SECONDS = 20
_TIME = re.compile(r"^Time stamp: (\w{3} +\d+ \d\d:\d\d:\d\d)(\.\d+)? (\d{4}) GMT$", re.MULTILINE)


def stamped_at(token: bytes, imprint: bytes) -> int | None:
    """Give the time (ms) that a token over this digest names; None when openssl reads none."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "token.tsr"
        file.write_bytes(token)
        shown = _ask("-reply", "-in", file, "-text")
        if shown is None or not _names(shown, imprint):
            return None
    found = _TIME.search(shown)
    if found is None:
        return None
    moment = datetime.strptime(f"{found[1]} {found[3]}", "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000) + int(float(found[2] or 0) * 1000)


def accepts(token: bytes, imprint: bytes, roots: Sequence[Certificate], *, at: int) -> bool:
    """Say whether `openssl ts -verify` accepts a token by these roots, as of its own time."""
    with tempfile.TemporaryDirectory() as folder:
        file, trusted = Path(folder) / "token.tsr", Path(folder) / "roots.pem"
        file.write_bytes(token)
        trusted.write_bytes(b"".join(root.public_bytes(Encoding.PEM) for root in roots))
        words = ("-digest", imprint.hex(), "-in", file, "-CAfile", trusted)
        said = _ask("-verify", *words, "-attime", at // 1000)
    return said is not None and "Verification: OK" in said


def _names(shown: str, imprint: bytes) -> bool:
    """Look for the digest in openssl's hex dump."""
    dump = re.findall(r"^ +[0-9a-f]{4} - ([0-9a-f -]+?)   ", shown, re.MULTILINE)
    return imprint.hex() in re.sub("[ -]", "", "".join(dump))


def _ask(*words: object) -> str | None:
    command = shutil.which("openssl")
    if command is None:
        return None
    try:
        said = subprocess.run(
            [command, "ts", *map(str, words)],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    return said.stdout if said.returncode == 0 else None
