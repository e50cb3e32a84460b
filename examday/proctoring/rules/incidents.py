"""
Incidents and misconduct: kinds with clause and sanction, read from config/incidents.toml.

Which kind voids which marks is data, since bodies follow different orders (DOMAIN §3.5).
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from examday.proctoring.rules.refusals import CandidateMissing, SignatureMissing, UnknownKind


class Voids(StrEnum):
    """Which marks of the candidate a kind of incident takes away."""

    NOTHING = "nothing"
    SUBJECT = "subject"
    ALL = "all"


class Decision(StrEnum):
    """What became of an incident once someone of standing looked at it."""

    OPEN = ""
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Signature(StrEnum):
    """How the candidate answered the record."""

    NOT_ASKED = "not_asked"
    SIGNED = "signed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class IncidentKind:
    """One row of the table: statutory wording stays in the language of the order."""

    code: str
    label: str
    clause: str
    sanction: str
    is_misconduct: bool
    voids: Voids
    kept_years: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where to look: a second of a registered segment of one camera."""

    camera: str
    at: datetime
    segment_id: int | None
    second: int | None


@dataclass(frozen=True, slots=True)
class Incident:
    """One record of the room log; names are left to the room that keeps them."""

    id: int
    sitting_id: int
    room_code: str
    kind: IncidentKind
    at: datetime
    fact: str
    handling: str
    candidate_id: int | None
    seat: str
    evidence: Evidence | None
    signature: Signature
    witnesses: tuple[str, ...]
    voids: Voids
    recorded_by: str
    decision: Decision = Decision.OPEN
    finding: str = ""
    decided_by: str = ""

    @property
    def effect(self) -> Voids:
        """Which marks it takes away as things stand: a dismissed incident takes none."""
        return Voids.NOTHING if self.decision is Decision.DISMISSED else self.voids


@dataclass(frozen=True, slots=True)
class Violation:
    """A mark that misconduct takes away: whose, in which subject, on which record."""

    candidate_id: int
    subject: str
    incident_id: int


def load_kinds(config: Path) -> dict[str, IncidentKind]:
    """Read the table of kinds from config/incidents.toml, in its order."""
    rows = _table(config)["kinds"]
    return {
        row["code"]: IncidentKind(
            code=row["code"],
            label=row["label"],
            clause=row["clause"],
            sanction=row["sanction"],
            is_misconduct=row["misconduct"],
            voids=Voids(row["voids"]),
            kept_years=row.get("kept_years", 0),
        )
        for row in rows
    }


def checks_of_room(config: Path) -> tuple[tuple[str, str], ...]:
    """Read the proctor's check list of the room record: (code, wording)."""
    return tuple((row["code"], row["label"]) for row in _table(config)["checks"])


def find_kind(kinds: Mapping[str, IncidentKind], code: str) -> IncidentKind:
    """Give the kind or refuse."""
    if code not in kinds:
        raise UnknownKind(kind=code)
    return kinds[code]


def check_record(
    kind: IncidentKind, *, candidate_id: int | None, signature: Signature, witnesses: Iterable[str]
) -> None:
    """Misconduct names its candidate, who signs, or two witnesses attest the refusal."""
    if not kind.is_misconduct:
        return
    if candidate_id is None:
        raise CandidateMissing
    if signature is Signature.NOT_ASKED:
        raise SignatureMissing
    if signature is Signature.REFUSED and len({name.strip() for name in witnesses} - {""}) < 2:  # noqa: PLR2004
        raise SignatureMissing


def violations(
    incidents: Iterable[Incident], *, subject_of: Mapping[int, str], subjects: Iterable[str]
) -> list[Violation]:
    """Spread incidents over the marks they void; `subject_of` maps sitting to subject."""
    every = tuple(subjects)
    found: dict[tuple[int, str], Violation] = {}
    for incident in incidents:
        if incident.candidate_id is None or incident.effect is Voids.NOTHING:
            continue
        one = (subject_of[incident.sitting_id],)
        for subject in every if incident.effect is Voids.ALL else one:
            key = (incident.candidate_id, subject)
            found.setdefault(key, Violation(incident.candidate_id, subject, incident.id))
    return [found[key] for key in sorted(found)]


def _table(config: Path) -> dict[str, Any]:
    return tomllib.loads((config / "incidents.toml").read_text("utf-8"))
