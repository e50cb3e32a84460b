"""
What the trace says of marks and score sheets: each settled mark, misconduct, corrections, seals.

Marks stand as printed ("87.5"); a part that has no mark (yet, or any more) is "".
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .fields import digest, number, text


@dataclass(frozen=True, slots=True)
class SheetSigned:
    """results:sheet:signed; `batch` is "" where the leaf does not name it."""

    sheet: str
    version: int
    batch: str
    digests: dict[str, str]
    row_root: str
    sig_count: int
    stamp_count: int
    signers: tuple[tuple[str, str], ...]
    sm2: tuple[tuple[str, str], ...]
    at: int


@dataclass(frozen=True, slots=True)
class Judged:
    """scoring:…_mark:…: after this judgement a part of a candidate has this mark, or "" none."""

    candidate: int
    subject: str
    mark: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """results:sheet:corrected: (candidate, subject, mark or state) of each change of a version."""

    sheet: str
    version: int
    changes: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """proctoring:incident:recorded; `candidate` is 0 where it concerns nobody in particular."""

    incident: int
    candidate: int
    voids: str


@dataclass(frozen=True, slots=True)
class IncidentDecided:
    """proctoring:incident:decided: what it voids from now on."""

    incident: int
    voids: str


SheetFacts = SheetSigned | Judged | Corrected | Incident | IncidentDecided


def _sheet(facts: dict[str, Any], at: int) -> SheetSigned:
    signers = [(text(one["duty"]), digest(one["cert_sha256"])) for one in facts["signers"]]
    sm2 = [(text(one["duty"]), digest(one["key_sha256"])) for one in facts.get("sm2", [])]
    kinds = ("json", "pdf", "xlsx")
    return SheetSigned(
        sheet=str(facts["sheet"]),
        version=number(facts["version"]),
        batch=str(facts.get("batch", "")),
        digests={kind: digest(facts[f"{kind}_sha256"]) for kind in kinds},
        row_root=text(facts.get("row_root", "")),
        sig_count=number(facts["sig_count"]),
        stamp_count=number(facts.get("stamp_count", 0)),
        signers=tuple(signers),
        sm2=tuple(sm2),
        at=at,
    )


def _judged(facts: dict[str, Any], _at: int) -> Judged:
    return Judged(number(facts["candidate"]), text(facts["subject"]), text(facts.get("mark", "")))


def _corrected(facts: dict[str, Any], _at: int) -> Corrected:
    changes = [
        (number(one["candidate"]), text(one["subject"]), text(one["after"]))
        for one in facts["changes"]
    ]
    return Corrected(str(facts["sheet"]), number(facts["version"]), tuple(changes))


def _incident(facts: dict[str, Any], _at: int) -> Incident:
    return Incident(number(facts["incident"]), number(facts["candidate"]), text(facts["voids"]))


def _decided(facts: dict[str, Any], _at: int) -> IncidentDecided:
    return IncidentDecided(number(facts["incident"]), text(facts["voids"]))


_MARKED = ("theory_mark", "practical_mark", "review_mark", "component_mark")
SHEET_READERS: dict[str, Callable[[dict[str, Any], int], SheetFacts]] = {
    "results:sheet:signed": _sheet,
    "results:sheet:corrected": _corrected,
    "proctoring:incident:recorded": _incident,
    "proctoring:incident:decided": _decided,
    "scoring:answers:scored": _judged,
    **{
        f"scoring:{part}:{act}": _judged
        for part in _MARKED
        for act in ("entered", "disputed", "resolved")
    },
}
