"""The room log: incidents and misconduct, and the marks they take away (GS-18)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.planning import service as planning
from examday.proctoring import rules
from examday.proctoring.models import IncidentRow
from examday.proctoring.rules.incidents import (
    Decision,
    Evidence,
    Incident,
    IncidentKind,
    Signature,
    Violation,
    Voids,
)
from examday.proctoring.rules.refusals import (
    AlreadyDecided,
    OwnIncident,
    ReasonMissing,
    ReasonToViewMissing,
)
from examday.proctoring.service.cameras import check_room_is_open, find_camera
from examday.proctoring.service.register import list_segments
from examday.trace import service as trace
from examday.trace.service import Action


def record_incident(
    sitting_id: int,
    room_code: str,
    *,
    kind: str,
    fact: str,
    by: str,
    at: datetime | None = None,
    candidate_id: int | None = None,
    seat: str = "",
    handling: str = "",
    camera: str = "",
    evidence_at: datetime | None = None,
    signature: Signature = Signature.NOT_ASKED,
    witnesses: tuple[str, ...] = (),
    voids_mark: bool | None = None,
) -> Incident:
    """
    Write one record of the room log.

    `camera` and `evidence_at` (default `at`) point to a second of footage; the segment may
    arrive later. `voids_mark` False keeps the marks, True takes at least this subject's; None
    follows the kind. Raises UnknownKind, CandidateMissing, SignatureMissing, ReasonMissing,
    UnknownCamera, RoomIsClosed.
    """
    sitting = planning.find_sitting(sitting_id)
    found = rules.find_kind(list_kinds(), kind)
    rules.check_record(found, candidate_id=candidate_id, signature=signature, witnesses=witnesses)
    if not fact.strip():
        raise ReasonMissing
    if candidate_id is not None:
        planning.find_candidate(candidate_id)
    if camera:
        find_camera(camera)
    moment = at or clock.now()
    with unit_of_work() as work:
        check_room_is_open(sitting_id, room_code)
        row = IncidentRow(sitting_id=sitting_id, room_code=room_code, kind=kind, at=moment)
        row.fact, row.handling, row.seat = fact, handling, seat
        row.candidate_id, row.recorded_by = candidate_id, by
        row.evidence_camera = camera
        row.evidence_at = (evidence_at or moment) if camera else None
        row.signature, row.witnesses = signature.value, "\n".join(witnesses)
        row.voids = _voids(found, voids_mark).value
        work.add(row)
        work.flush()
        trace.append(
            Action.INCIDENT_RECORDED,
            subject=f"{sitting.code}/{room_code}",
            by=by,
            facts=_facts(row, sitting.code, witnesses),
        )
        return _incident(row)


def decide_incident(incident_id: int, *, upheld: bool, finding: str, by: str) -> Incident:
    """
    Decide an incident, once, by someone who did not record it; dismissed, it voids no mark.

    Raises NotFound, ReasonMissing, AlreadyDecided, OwnIncident.
    """
    if not finding.strip():
        raise ReasonMissing
    with unit_of_work() as work:
        row = work.get(IncidentRow, incident_id)
        if row is None:
            raise NotFound(N_("record of the room log"), incident_id)
        if row.decision:
            raise AlreadyDecided
        if row.recorded_by == by:
            raise OwnIncident
        decision = Decision.UPHELD if upheld else Decision.DISMISSED
        row.decision, row.finding = decision.value, finding
        row.decided_by, row.decided_at = by, clock.now()
        trace.append(
            Action.INCIDENT_DECIDED,
            subject=f"incident/{row.id}",
            by=by,
            facts={
                "incident": row.id,
                "decision": row.decision,
                "finding": trace.commitment(finding),
                "voids": row.voids if upheld else Voids.NOTHING.value,
            },
        )
        return _incident(row)


def view_incident(incident_id: int, *, why: str, by: str) -> Incident:
    """Give a record to someone who looks at it; who, what, when and why are traced (GS-31)."""
    row = db.session.get(IncidentRow, incident_id)
    if row is None:
        raise NotFound(N_("record of the room log"), incident_id)
    if not why:
        raise ReasonToViewMissing
    with unit_of_work():
        trace.append(
            Action.RECORD_VIEWED,
            subject=f"incident/{incident_id}",
            by=by,
            facts={"incident": incident_id, "why": why},
        )
    return _incident(db.session.get_one(IncidentRow, incident_id))


def list_kinds() -> dict[str, IncidentKind]:
    """Give the kinds of incident by code, in the order of config/incidents.toml."""
    return rules.load_kinds(settings.current().config)


def list_incidents(sitting_id: int, room_code: str | None = None) -> list[Incident]:
    """List the room log of a sitting, of one room or all, by time."""
    query = select(IncidentRow).where(IncidentRow.sitting_id == sitting_id)
    if room_code is not None:
        query = query.where(IncidentRow.room_code == room_code)
    rows = db.session.scalars(query.order_by(IncidentRow.at, IncidentRow.id))
    return [_incident(row) for row in rows]


def find_incident(incident_id: int) -> Incident:
    """Find a record of the room log; raises NotFound."""
    row = db.session.get(IncidentRow, incident_id)
    if row is None:
        raise NotFound(N_("record of the room log"), incident_id)
    return _incident(row)


def violations(batch_id: int) -> list[Violation]:
    """List the marks of a batch that misconduct takes away, one per candidate and subject."""
    sittings = {s.id: s.subject.value for s in planning.list_sittings(batch_id)}
    incidents = [incident for sitting_id in sittings for incident in list_incidents(sitting_id)]
    return rules.violations(
        incidents, subject_of=sittings, subjects=dict.fromkeys(sittings.values())
    )


def _facts(row: IncidentRow, sitting_code: str, witnesses: tuple[str, ...]) -> dict[str, Any]:
    """Say in the trace what may be said: what names or describes people is only committed to."""
    return {
        "sitting": sitting_code,
        "room": row.room_code,
        "incident": row.id,
        "kind": row.kind,
        "at": clock.rfc3339(row.at),
        "candidate": row.candidate_id or 0,
        "seat": row.seat,
        "fact": trace.commitment(row.fact),
        "handling": trace.commitment(row.handling) if row.handling else "",
        "camera": row.evidence_camera,
        "evidence_at": clock.rfc3339(row.evidence_at) if row.evidence_at else "",
        "signature": row.signature,
        "witnesses": [trace.commitment(name) for name in witnesses],
        "voids": row.voids,
    }


def _voids(kind: IncidentKind, wanted: bool | None) -> Voids:  # noqa: FBT001 (a recorded answer)
    if wanted is None:
        return kind.voids
    if not wanted:
        return Voids.NOTHING
    return Voids.SUBJECT if kind.voids is Voids.NOTHING else kind.voids


def _incident(row: IncidentRow) -> Incident:
    return Incident(
        id=row.id,
        sitting_id=row.sitting_id,
        room_code=row.room_code,
        kind=rules.find_kind(list_kinds(), row.kind),
        at=row.at,
        fact=row.fact,
        handling=row.handling,
        candidate_id=row.candidate_id,
        seat=row.seat,
        evidence=_evidence(row),
        signature=Signature(row.signature),
        witnesses=tuple(name for name in row.witnesses.split("\n") if name),
        voids=Voids(row.voids),
        recorded_by=row.recorded_by,
        decision=Decision(row.decision or ""),
        finding=row.finding or "",
        decided_by=row.decided_by or "",
    )


def _evidence(row: IncidentRow) -> Evidence | None:
    if row.evidence_at is None:
        return None
    for segment in list_segments(row.sitting_id, camera=row.evidence_camera):
        if segment.span.start <= row.evidence_at < segment.span.end:
            into = row.evidence_at - segment.span.start
            return Evidence(
                row.evidence_camera, row.evidence_at, segment.id, into // timedelta(seconds=1)
            )
    return Evidence(row.evidence_camera, row.evidence_at, None, None)
