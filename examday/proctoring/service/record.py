"""The 考场情况记录单, printed from what was recorded (DOMAIN §3.5)."""

from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

from examday import clock, settings
from examday.admission import service as admission
from examday.db import unit_of_work
from examday.documents import qr_png, typeset
from examday.papers import service as papers
from examday.planning import service as planning
from examday.proctoring import rules
from examday.proctoring.rules.incidents import Incident
from examday.proctoring.service.closing import closure_of
from examday.proctoring.service.exceptions import list_gaps, undeclared_gaps, waiver_of
from examday.proctoring.service.incidents import list_incidents
from examday.proctoring.service.measures import list_measures
from examday.staff import service as staff
from examday.trace import service as trace
from examday.trace.service import Action

_TEMPLATE = Path(__file__).parents[1] / "prints" / "room_record.typ"


def print_room_record(sitting_id: int, room_code: str, *, by: str) -> bytes:
    """
    Give the 考场情况记录单 of a room as PDF and trace its digest.

    It carries the newest signed head, so that the paper copy, once signed by hand, keeps the
    log from being rewritten (EVIDENCE §1.1: offline witness b).
    """
    sitting = planning.find_sitting(sitting_id)
    record = _record(sitting, room_code)
    pdf = typeset(_TEMPLATE, record, assets=_head_code(record["head"]))
    with unit_of_work():
        trace.append(
            Action.ROOM_RECORD_PRINTED,
            subject=f"{sitting.code}/{room_code}",
            by=by,
            facts={
                "sitting": sitting.code,
                "room": room_code,
                "pdf_sha256": sha256(pdf).hexdigest(),
            },
        )
    return pdf


def checks_of_room() -> tuple[tuple[str, str], ...]:
    """Give the proctor's check list of this site: (code, wording)."""
    return rules.checks_of_room(settings.current().config)


def _head_code(head: dict[str, Any] | None) -> dict[str, bytes]:
    """Draw the signed head, so that the paper can be compared with a bundle by a machine."""
    if head is None:
        return {}
    return {
        "head.png": qr_png(trace.kept_text(head["size"]), module_px=4, quiet_modules=2, level="L")
    }


def _record(sitting: planning.Sitting, room_code: str) -> dict[str, Any]:
    site, batch = settings.current(), planning.find_batch(sitting.batch_id)
    names = {account.actor: account.name for account in staff.list_accounts()}
    head, closure = trace.head(), closure_of(sitting.id, room_code)
    incidents = list_incidents(sitting.id, room_code)
    done = closure.checks if closure else ()
    return {
        "site": site.site_name,
        "hotline": site.hotline,
        "room": room_code,
        "batch": batch.title,
        "occupation": batch.occupation,
        "trade": batch.trade,
        "level": int(batch.level),
        "subject": sitting.subject.value,
        "held_on": f"{clock.local(sitting.starts_at):%Y-%m-%d}",
        "starts_at": f"{clock.local(sitting.starts_at):%H:%M}",
        "ends_at": f"{clock.local(sitting.ends_at):%H:%M}",
        "closed_at": f"{clock.local(closure.closed_at):%H:%M}" if closure else "",
        **_people(sitting.id, room_code, incidents),
        "incidents": [_incident(item, names) for item in incidents],
        "papers": _papers(sitting.id, room_code, names),
        "monitoring": _monitoring(sitting.id, room_code, names),
        "checks": [{"label": label, "done": code in done} for code, label in checks_of_room()],
        "posts": [
            {"duty": post.duty.value, "name": post.name}
            for post in planning.list_posts(sitting.id)
            if post.room_code in {"", room_code}
        ],
        "head": {"size": head.size, "digest": head.digest} if head else None,
    }


def _people(sitting_id: int, room_code: str, incidents: list[Incident]) -> dict[str, Any]:
    entries = [entry for entry in admission.attendance(sitting_id) if entry.room_code == room_code]
    states = Counter(str(entry.state) for entry in entries)
    absent = [
        {
            "ticket_no": entry.ticket_no,
            "name": planning.find_candidate(entry.candidate_id).name,
            "seat": entry.seat_no or "–",
        }
        for entry in entries
        if entry.state == "absent"
    ]
    offenders = {i.candidate_id for i in incidents if i.kind.is_misconduct}
    return {
        "expected": len(entries),
        "present": states["present"] + states["late"],
        "absent": absent,
        "late": states["late"],
        "misconduct": len(offenders),
    }


def _incident(incident: Incident, names: dict[str, str]) -> dict[str, Any]:
    ticket = next(
        (
            entry.ticket_no
            for entry in admission.attendance(incident.sitting_id)
            if entry.candidate_id == incident.candidate_id
        ),
        "",
    )
    seen = incident.evidence
    return {
        "at": f"{clock.local(incident.at):%H:%M:%S}",
        "is_misconduct": incident.kind.is_misconduct,
        "kind": incident.kind.label,
        "clause": incident.kind.clause,
        "ticket_no": ticket,
        "name": (
            planning.find_candidate(incident.candidate_id).name if incident.candidate_id else ""
        ),
        "seat": incident.seat,
        "fact": incident.fact,
        "handling": incident.handling or incident.kind.sanction,
        "evidence": f"{seen.camera} {clock.local(seen.at):%H:%M:%S}" if seen else "",
        "evidence_segment": seen.segment_id if seen and seen.segment_id else 0,
        "signature": incident.signature.value,
        "witnesses": list(incident.witnesses),
        "recorded_by": names.get(incident.recorded_by, incident.recorded_by),
    }


def _papers(sitting_id: int, room_code: str, names: dict[str, str]) -> dict[str, Any]:
    balance = papers.balance(sitting_id, room_code)
    return {
        "issued": balance.issued,
        "used": balance.used,
        "absent": balance.absent,
        "spare": balance.spare,
        "void": balance.void,
        "counted": balance.is_counted,
        "unsealings": [
            {
                "at": f"{clock.local(bag.at):%H:%M}",
                "seal_no": bag.seal_no,
                "intact": bag.is_intact,
                "proctors": [names.get(actor, actor) for actor in bag.proctors],
                "witnesses": list(bag.witnesses),
            }
            for bag in papers.list_unsealings(sitting_id, room_code)
        ],
    }


def _monitoring(sitting_id: int, room_code: str, names: dict[str, str]) -> dict[str, Any]:
    waiver = waiver_of(sitting_id, room_code)
    cameras = undeclared_gaps(sitting_id, room_code)
    return {
        "cameras": sorted(cameras),
        "gaps": [
            {
                "camera": gap.camera,
                "start": f"{clock.local(gap.span.start):%H:%M:%S}",
                "end": f"{clock.local(gap.span.end):%H:%M:%S}",
                "reason": gap.reason,
                "approver": names.get(gap.approver, gap.approver),
            }
            for gap in list_gaps(sitting_id)
            if gap.camera in cameras
        ],
        "undeclared": sum(len(spans) for spans in cameras.values()),
        "waiver": waiver.reason if waiver else "",
        "waiver_approver": names.get(waiver.approver, waiver.approver) if waiver else "",
        "measures": [
            {
                "at": f"{clock.local(measure.at):%H:%M}",
                "kind": measure.kind.value,
                "people": [names.get(actor, actor) for actor in measure.people],
                "note": measure.note,
                "photo": measure.photo_sha256[:16],
            }
            for measure in list_measures(sitting_id, room_code)
        ],
    }
