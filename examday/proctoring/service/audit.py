"""
Audit: is each record of proctoring still what the trace tells of it?

The trace is the evidence and the tables are an index into it, so each row is held to the entry
that its verb wrote: in the order of both, or by the number the entry names. What the trace only
commits to is opened with its salt. `trace.audit` judges the entries themselves.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import zip_longest
from typing import Any

from cryptography import x509
from sqlalchemy import select

from examday import clock
from examday.db import db
from examday.planning import service as planning
from examday.proctoring.models import (
    ArrivalRow,
    CameraRow,
    ClosureRow,
    GapRow,
    IncidentRow,
    MeasureRow,
    PlanRow,
    PlaybackRow,
    SegmentRow,
    WaiverRow,
)
from examday.proctoring.rules.segments import MINIMUM_LINES
from examday.proctoring.service.footage import facts_of
from examday.signing import BadSignature, verify_jws
from examday.staff import service as staff
from examday.trace import service as trace
from examday.trace.service import Action, Entry

_MOST = 1 << 31
_AT_ONCE = timedelta(seconds=2)

Told = Iterator[tuple[str, object, object]]
"""(column, what the row says, what the trace says)"""


@dataclass(frozen=True, slots=True)
class Altered:
    """A row that differs from the trace: its table and number, and the columns concerned."""

    where: str
    columns: tuple[str, ...]


def check_records() -> list[Altered]:
    """Name every row of this room's tables that is not as traced, or that only one side knows."""
    codes = {sitting.id: sitting.code for sitting in planning.list_sittings()}
    found: list[Altered] = []
    for model, action, tell in _IN_ORDER:
        rows = db.session.scalars(select(model).order_by(model.id)).all()
        for row, entry in zip_longest(rows, _entries(action)):
            found += _compare(row, entry, model.__tablename__, tell, codes)
    latest = {entry.facts["camera"]: entry for entry in _entries(*_CAMERA_ACTS)}
    for camera in db.session.scalars(select(CameraRow)):
        entry = latest.pop(camera.code, None)
        found += _compare(camera, entry, CameraRow.__tablename__, _camera, codes)
    found += [Altered(f"{CameraRow.__tablename__} {code}", ("row",)) for code in latest]
    return found + _check_playbacks()


def _compare(
    row: Any,
    entry: Entry | None,
    table: str,
    tell: Callable[[Any, Entry, Mapping[int, str]], Told],
    codes: Mapping[int, str],
) -> list[Altered]:
    if row is None or entry is None:
        return [Altered(f"{table} {row.id if row else '–'}", ("row",))]
    odd = tuple(column for column, is_, told in tell(row, entry, codes) if is_ != told)
    return [Altered(f"{table} {row.id}", odd)] if odd else []


def _entries(*actions: Action) -> list[Entry]:
    found = [
        entry
        for action in actions
        for entry in trace.list_entries(action=action.value, limit=_MOST).entries
    ]
    return sorted(found, key=lambda entry: entry.index)


def _place(row: Any, facts: Mapping[str, Any], codes: Mapping[int, str]) -> Told:
    yield "sitting_id", codes.get(row.sitting_id), facts["sitting"]
    yield "room_code", row.room_code, facts["room"]


def _span(row: Any, facts: Mapping[str, Any]) -> Told:
    yield "starts_at", clock.rfc3339(row.starts_at), facts["start"]
    yield "ends_at", clock.rfc3339(row.ends_at), facts["end"]


def _at_once(column: str, at: datetime | None, entry: Entry) -> tuple[str, object, object]:
    return column, at is not None and abs(at - entry.logged_at) < _AT_ONCE, True


def _committed(column: str, value: str, told: str) -> tuple[str, object, object]:
    return column, trace.matches(told, value) if told else not value, True


def _kept_at(path: str, folder: str, digest: str) -> bool:
    if not digest:
        return not path
    return path in {f"evidence/{folder}/{digest}{suffix}" for suffix in (".jpg", ".png")}


def _camera(row: CameraRow, entry: Entry, _codes: Mapping[int, str]) -> Told:
    facts = entry.facts
    yield "room_code", row.room_code, facts["room"]
    yield "identity", row.identity, facts["identity"]
    yield "model", row.model, facts["model"]
    yield "reference_sha256", row.reference_sha256, facts.get("reference_sha256", "")
    digest = facts.get("reference_sha256", "")
    yield "reference_path", _kept_at(row.reference_path, "cameras", digest), True
    first = trace.entries_about([row.code], [Action.CAMERA_ENROLLED])
    yield _at_once("enrolled_at", row.enrolled_at, min(first.values(), key=lambda one: one.index))


def _plan(row: PlanRow, entry: Entry, codes: Mapping[int, str]) -> Told:
    facts = entry.facts
    yield from _place(row, facts, codes)
    yield from _span(row, facts)
    yield "camera", row.camera, facts["camera"]
    yield "least_lines", row.least_lines, facts.get("least_lines", MINIMUM_LINES)


def _segment(row: SegmentRow, entry: Entry, codes: Mapping[int, str]) -> Told:
    code, told = codes.get(row.sitting_id, ""), entry.facts
    stored = json.loads(json.dumps(facts_of(row, code, prev=told["prev"])))
    yield "facts", {key: stored.get(key) for key in told}, told
    yield "leaf_index", row.leaf_index, entry.index
    yield "leaf_sha256", row.leaf_sha256, sha256(entry.leaf).hexdigest()
    yield "path", row.path, f"footage/{code}/{told['camera']}/{told['file']['name']}"
    yield _at_once("attached_at", row.attached_at, entry)
    checks = [one for one in _entries(Action.FIXITY_CHECKED) if _is_check(one, row)]
    if checks or row.checked_at:
        yield "checked_at", bool(checks) and _at_once("", row.checked_at, checks[-1])[1], True


def _is_check(entry: Entry, row: SegmentRow) -> bool:
    return entry.facts["segment"] == row.id and "sm3" not in entry.facts


def _gap(row: GapRow, entry: Entry, codes: Mapping[int, str]) -> Told:
    facts = entry.facts
    yield from _place(row, facts, codes)
    yield from _span(row, facts)
    yield "camera", row.camera, facts["camera"]
    yield "reason", row.reason, facts["reason"]
    yield "approver", row.approver, facts["approver"]
    yield "declared_by", row.declared_by, entry.actor


def _waiver(row: WaiverRow, entry: Entry, codes: Mapping[int, str]) -> Told:
    yield from _place(row, entry.facts, codes)
    yield "reason", row.reason, entry.facts["reason"]
    yield "approver", row.approver, entry.facts["approver"]
    yield "waived_by", row.waived_by, entry.actor


def _measure(row: MeasureRow, entry: Entry, codes: Mapping[int, str]) -> Told:
    facts = entry.facts
    yield from _place(row, facts, codes)
    yield "kind", row.kind, facts["kind"]
    yield "at", clock.rfc3339(row.at), facts["at"]
    yield "first_person", row.first_person, facts["people"][0]
    yield "second_person", row.second_person, facts["people"][1]
    yield _committed("note", row.note, facts["note"])
    yield "photo_sha256", row.photo_sha256, facts["photo_sha256"]
    yield "path", _kept_at(row.path, facts["sitting"], facts["photo_sha256"]), True


def _incident(row: IncidentRow, entry: Entry, codes: Mapping[int, str]) -> Told:
    facts = entry.facts
    yield from _place(row, facts, codes)
    yield "kind", row.kind, facts["kind"]
    yield "at", clock.rfc3339(row.at), facts["at"]
    yield "candidate_id", row.candidate_id or 0, facts["candidate"]
    yield "seat", row.seat, facts["seat"]
    yield _committed("fact", row.fact, facts["fact"])
    if "handling" in facts:
        yield _committed("handling", row.handling, facts["handling"])
    yield "evidence_camera", row.evidence_camera, facts["camera"]
    shown = clock.rfc3339(row.evidence_at) if row.evidence_at else ""
    yield "evidence_at", shown, facts["evidence_at"]
    yield "signature", row.signature, facts["signature"]
    names = row.witnesses.split("\n") if facts["witnesses"] else []
    paired = [trace.matches(*pair) for pair in zip(facts["witnesses"], names, strict=False)]
    yield "witnesses", (len(names), all(paired)), (len(facts["witnesses"]), True)
    yield "voids", row.voids, facts["voids"]
    yield "recorded_by", row.recorded_by, entry.actor
    yield from _decision(row)


def _decision(row: IncidentRow) -> Told:
    decided = trace.entries_about([f"incident/{row.id}"], [Action.INCIDENT_DECIDED])
    if not decided:
        yield "decision", (row.decision, row.decided_by, row.finding), ("", "", "")
        yield "decided_at", row.decided_at, None
        return
    (entry,) = decided.values()
    yield "decision", row.decision, entry.facts["decision"]
    yield _committed("finding", row.finding, entry.facts["finding"])
    yield "decided_by", row.decided_by, entry.actor
    yield _at_once("decided_at", row.decided_at, entry)


def _closure(row: ClosureRow, entry: Entry, codes: Mapping[int, str]) -> Told:
    yield from _place(row, entry.facts, codes)
    yield "closed_by", row.closed_by, entry.actor
    yield "checks", row.checks, entry.facts["checks"]
    yield _at_once("closed_at", row.closed_at, entry)


def _arrival(row: ArrivalRow, entry: Entry, _codes: Mapping[int, str]) -> Told:
    facts = entry.facts
    yield "room_code", row.room_code, facts["room"]
    yield "camera", row.camera, facts["camera"]
    yield "name", row.name, facts["name"]
    yield "code", row.code, facts["code"]
    if "kept_at" in facts:
        yield "kept_at", row.kept_at, facts["kept_at"]
    yield _at_once("at", row.at, entry)


def _check_playbacks() -> list[Altered]:
    """Hold the spots to the draw, and what was seen to its signature and its entry."""
    drawn = [
        (spot, entry) for entry in _entries(Action.REVIEW_PLANNED) for spot in entry.facts["spots"]
    ]
    rows = db.session.scalars(select(PlaybackRow).order_by(PlaybackRow.id)).all()
    codes = {sitting.id: sitting.code for sitting in planning.list_sittings()}
    found: list[Altered] = []
    for row, planned in zip_longest(rows, drawn):
        if row is None or planned is None:
            found.append(Altered(f"proctoring_playbacks {row.id if row else '–'}", ("row",)))
            continue
        spot, entry = planned
        told = [*_spot(row, spot, entry, codes), *_seen(row)]
        odd = tuple(column for column, is_, wanted in told if is_ != wanted)
        if odd:
            found.append(Altered(f"proctoring_playbacks {row.id}", odd))
    return found


def _spot(row: PlaybackRow, spot: Sequence[int], entry: Entry, codes: Mapping[int, str]) -> Told:
    yield "sitting_id", codes.get(row.sitting_id), entry.facts["sitting"]
    yield "spot", [row.segment_id, row.second], list(spot)
    yield "drawn_from", row.drawn_from, entry.facts["seed"]


def _seen(row: PlaybackRow) -> Told:
    reviewed = trace.entries_about([f"playback/{row.id}"], [Action.FOOTAGE_REVIEWED])
    if not reviewed:
        unseen = (row.is_clean, row.finding, row.seen_by, row.seen_at, row.record, row.signature)
        yield "seen", unseen, (None, "", "", None, "", "")
        return
    (entry,) = reviewed.values()
    record = _signed_record(row)
    yield "record", bool(record), True
    yield "signature", sha256(row.signature.encode()).hexdigest(), entry.facts["jws_sha256"]
    yield "is_clean", row.is_clean, entry.facts["clean"]
    yield _committed("finding", row.finding, entry.facts["finding"])
    yield "seen_by", row.seen_by, entry.actor
    yield "seconds", row.seconds, record.get("seconds")
    yield _at_once("seen_at", row.seen_at, entry)


def _signed_record(row: PlaybackRow) -> dict[str, Any]:
    root = x509.load_pem_x509_certificate(staff.authority_pem())
    try:
        verify_jws(row.signature.encode(), row.record.encode(), trusted=root)
        record: dict[str, Any] = json.loads(row.record)
    except (BadSignature, ValueError):
        return {}
    return record


_CAMERA_ACTS = (Action.CAMERA_ENROLLED, Action.CAMERA_CHANGED)
_IN_ORDER: tuple[tuple[Any, Action, Callable[[Any, Entry, Mapping[int, str]], Told]], ...] = (
    (PlanRow, Action.COVERAGE_PLANNED, _plan),
    (SegmentRow, Action.SEGMENT_ATTACHED, _segment),
    (GapRow, Action.GAP_DECLARED, _gap),
    (WaiverRow, Action.ROOM_WAIVED, _waiver),
    (MeasureRow, Action.MEASURE_RECORDED, _measure),
    (IncidentRow, Action.INCIDENT_RECORDED, _incident),
    (ClosureRow, Action.ROOM_CLOSED, _closure),
    (ArrivalRow, Action.SEGMENT_QUARANTINED, _arrival),
)
