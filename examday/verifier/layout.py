"""
How an archive bundle is laid out: names and list formats shared by who packs and who verifies.

A bundle is a BagIt bag (RFC 8493), a folder or a ZIP of that folder. Packing, in this order:

1. fill `data/` (the five folders, `data/footage/<camera>/…`, `data/evidence/…`), and put this
   package into `data/verifier/` with `copy_verifier`;
2. `content = write_content_list(bundle)` writes `trace/content.sha256`, the sha256sum list of
   every file below `data/`, and gives its digest and length;
3. in one unit of work append `filing:bundle:archived` with facts
   `{"batch": …, "manifest_sha256": content.sha256, "files": content.files}`;
4. `trace.publish()`, then `trace.export(bundle / "trace")`, and `trace.write_proof(…)` for each
   `trace/proofs/<name>.tlog-proof` (proofs that already lie beside files in `data/` stay there);
5. `write_bag(bundle, info)` writes bagit.txt, bag-info.txt and the manifests, last.
"""

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .faults import Malformed
from .page import page_html

PAYLOAD = "data"
FOOTAGE = "data/footage"
VERIFIER = "data/verifier"
PAGE = "verify.html"
TRACE = "trace"
LEAVES = "trace/leaves.jsonl"
CHECKPOINT = "trace/checkpoint"
CHECKPOINTS = "trace/checkpoints"
PROOFS = "trace/proofs"
STAMPS = "trace/tsr"
CONTENT_LIST = "trace/content.sha256"
PROOF_SUFFIX = ".tlog-proof"
JWS_SUFFIX = ".jws"
SM2_SUFFIX = ".sm2"
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PAYLOAD_MANIFESTS = {"sha256": "manifest-sha256.txt", "sm3": "manifest-sm3.txt"}
TAG_MANIFEST = "tagmanifest-sha256.txt"
_BLOCK = 1 << 20
_NO_STEPS = {"", ".", ".."}


@dataclass(frozen=True, slots=True)
class ContentList:
    """What `filing:bundle:archived` says of the payload."""

    sha256: str
    files: int


def write_content_list(bundle: Path) -> ContentList:
    """Write trace/content.sha256 over everything below data/."""
    digests = {path: _digest(bundle / path, "sha256") for path in list_files(bundle, PAYLOAD)}
    listed = write_list(digests)
    target = bundle / CONTENT_LIST
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(listed)
    return ContentList(sha256=hashlib.sha256(listed).hexdigest(), files=len(digests))


def write_bag(bundle: Path, info: Mapping[str, str]) -> None:
    """Write the bag's own files; `info` are the lines of bag-info.txt (labels are ASCII)."""
    payload = list_files(bundle, PAYLOAD)
    octets = sum((bundle / path).stat().st_size for path in payload)
    lines = {**info, "Payload-Oxum": f"{octets}.{len(payload)}"}
    (bundle / "bagit.txt").write_bytes(DECLARATION)
    text = "".join(f"{label}: {value}\n" for label, value in lines.items())
    (bundle / "bag-info.txt").write_text(text, "utf-8", newline="\n")
    for algorithm, name in PAYLOAD_MANIFESTS.items():
        digests = {path: _digest(bundle / path, algorithm) for path in payload}
        (bundle / name).write_bytes(write_list(digests))
    tags = [path for path in list_files(bundle) if not path.startswith(f"{PAYLOAD}/")]
    digests = {path: _digest(bundle / path, "sha256") for path in tags if path != TAG_MANIFEST}
    (bundle / TAG_MANIFEST).write_bytes(write_list(digests))


def copy_verifier(bundle: Path) -> None:
    """Put verify.html, verify.py and this package into data/verifier/, to check the bundle with."""
    here = Path(__file__).resolve().parent
    target = bundle / VERIFIER
    shutil.copytree(
        here,
        target / "verifier",
        ignore=shutil.ignore_patterns("__pycache__", "standalone.py", "page"),
        dirs_exist_ok=True,
    )
    shutil.copyfile(here / "standalone.py", target / "verify.py")
    (target / PAGE).write_bytes(page_html())


def list_files(folder: Path, below: str = "") -> list[str]:
    """List every file under a folder, as sorted POSIX paths from that folder."""
    found = (folder / below).rglob("*")
    return sorted(path.relative_to(folder).as_posix() for path in found if not path.is_dir())


def write_list(digests: Mapping[str, str]) -> bytes:
    """Write digests as sha256sum and BagIt do: digest, two spaces, path, LF; sorted by path."""
    for path in digests:
        if any(char in path for char in "\r\n%"):
            raise Malformed(f"a file name that no manifest can hold: {path!r}")
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()


def parse_list(data: bytes) -> dict[str, str]:
    """Read such a list: path to digest. Unsafe or repeated paths are Malformed."""
    digests: dict[str, str] = {}
    for line in _lines(data):
        digest, gap, path = line.partition("  ")
        unsafe = not _NO_STEPS.isdisjoint(path.split("/")) or "\\" in path
        if not gap or not digest or unsafe or path in digests:
            raise Malformed(f"bad line in a list of files: {line[:200]!r}")
        digests[path] = digest
    return digests


def _lines(data: bytes) -> Iterable[str]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("list of files is not UTF-8") from error
    if text and not text.endswith("\n"):
        raise Malformed("list of files does not end with a newline")
    return text.split("\n")[:-1]


def _digest(path: Path, algorithm: str) -> str:
    hashed = hashlib.new(algorithm)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            hashed.update(block)
    return hashed.hexdigest()
