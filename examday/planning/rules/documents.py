"""
Which documents a notice asks for, and whether a candidate's papers are there (HE-03, LN-14, LN-20).

The kinds stand in config/documents.toml, each with its clause. Whether papers must be files before
the roster is approved is a rule of the profile (`candidates.attachment_files`).
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from examday.errors import BadInput, Refusal
from examday.i18n import N_

_FILE_NAME = re.compile(r"(?P<serial>\d{1,5})[\s_\-.]*(?P<paper>.+?)\.[A-Za-z0-9]{2,4}")


class Owner(StrEnum):
    """Whose document it is."""

    BODY = "body"
    BATCH = "batch"
    CANDIDATE = "candidate"


class BadKinds(BadInput):
    """config/documents.toml cannot be read."""

    code = "bad_documents"
    message = N_("The file %(file)s is wrong: %(reason)s")


class UnknownDocument(BadInput):
    """A kind of document this owner does not have."""

    code = "unknown_document"
    message = N_("%(kind)s is no document of this kind; known are: %(known)s")


class NotADocument(BadInput):
    """Scans are PDF or pictures."""

    code = "not_a_document"
    message = N_("%(file)s is no PDF, JPEG or PNG file.")


class UnnamedPaper(BadInput):
    """A file whose name does not say whose paper it is."""

    code = "unnamed_paper"
    message = N_("%(file)s: name the file by roster number and paper, such as 12-%(paper)s.pdf")


class PapersMissing(Refusal):
    """A roster is approved with its papers (HE-03)."""

    code = "papers_missing"
    message = N_("Papers are missing for the numbers %(serials)s (%(clause)s).")


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind: its title as the notice prints it, and its clause."""

    code: str
    owner: Owner
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was attached: what it is, its own number and date, where it lies."""

    id: int
    owner: Owner
    owner_id: int
    kind: str
    title: str
    number: str
    dated_on: date
    sha256: str
    path: str
    attached_at: datetime
    attached_by: str
    copies: int = 1
    kept_at: str = ""


def load_kinds(path: Path) -> dict[str, DocumentKind]:
    """Read the kinds by their code."""
    try:
        given = tomllib.loads(path.read_text("utf-8"))["kinds"]
        kinds = [DocumentKind(**each | {"owner": Owner(each["owner"])}) for each in given]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadKinds(file=path.name, reason=error) from error
    return {kind.code: kind for kind in kinds}


def suffix_of(content: bytes, filename: str) -> str:
    """Tell PDF, JPEG and PNG by their first bytes, whatever the name says."""
    for magic, suffix in ((b"%PDF-", ".pdf"), (b"\xff\xd8\xff", ".jpg"), (b"\x89PNG", ".png")):
        if content.startswith(magic):
            return suffix
    raise NotADocument(file=filename)


def paper_of(filename: str, kinds: Iterable[DocumentKind]) -> tuple[int, DocumentKind]:
    """Read a file name such as `12-申报表.pdf`: roster number and paper."""
    known = [kind for kind in kinds if kind.owner is Owner.CANDIDATE]
    found = _FILE_NAME.fullmatch(filename.strip())
    for kind in known:
        if found and found["paper"].strip() in {kind.title, kind.code}:
            return int(found["serial"]), kind
    raise UnnamedPaper(file=filename, paper=known[0].title)


def missing(
    needed: Mapping[int, frozenset[str]], present: Mapping[int, frozenset[str]]
) -> dict[int, tuple[str, ...]]:
    """List for each serial the papers that are not there."""
    gaps = {
        serial: tuple(sorted(papers - present.get(serial, frozenset())))
        for serial, papers in needed.items()
    }
    return {serial: papers for serial, papers in gaps.items() if papers}
