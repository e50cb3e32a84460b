"""督导记录: what a quality supervisor found in a sitting (GS-28, HE-14, HS-13)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from examday import clock
from examday.db import db, unit_of_work
from examday.planning import service as planning
from examday.supervision import rules
from examday.supervision.models import InspectionRow
from examday.supervision.service.plan import plan
from examday.trace import service as trace
from examday.trace.service import Action


def record_inspection(
    sitting_id: int,
    *,
    kind: rules.Kind | str,
    inspector: str,
    card_no: str = "",
    answers: Mapping[str, rules.Answer],
    remarks: Mapping[str, str] | None = None,
    finding: str,
    advice: str = "",
    inspected_at: datetime | None = None,
    by: str,
) -> rules.Inspection:
    """
    Record what was seen; an item that is not answered counts as not looked at.

    Raises CardMissing, FindingMissing; NotFound for a sitting that does not exist.
    """
    kind, sitting = rules.Kind(kind), planning.find_sitting(sitting_id)
    given = {
        check.code: rules.Answer(answers.get(check.code, rules.Answer.OPEN))
        for check in plan().checks
    }
    rules.check_inspection(
        kind, inspector=inspector, card_no=card_no, answers=given, finding=finding, advice=advice
    )
    with unit_of_work() as work:
        row = InspectionRow(
            sitting_id=sitting_id,
            kind=kind.value,
            inspector=inspector.strip(),
            card_no=card_no.strip(),
            inspected_at=inspected_at or clock.now(),
            answers={code: answer.value for code, answer in given.items()},
            remarks={code: text for code, text in (remarks or {}).items() if text.strip()},
            finding=finding.strip(),
            advice=advice.strip(),
            recorded_by=by,
        )
        work.add(row)
        work.flush()
        facts = {
            "kind": row.kind,
            "inspector": trace.commitment(row.inspector),
            "answers": row.answers,
            "finding": trace.commitment(row.finding),
        }
        trace.append(Action.INSPECTION_RECORDED, subject=sitting.code, by=by, facts=facts)
        return _inspection(row, sitting)


def list_inspections(batch_id: int) -> list[rules.Inspection]:
    """List the inspections of a batch in the order they were made."""
    sittings = {each.id: each for each in planning.list_sittings(batch_id)}
    query = (
        select(InspectionRow)
        .where(InspectionRow.sitting_id.in_(sittings))
        .order_by(InspectionRow.inspected_at, InspectionRow.id)
    )
    return [_inspection(row, sittings[row.sitting_id]) for row in db.session.scalars(query)]


def list_checks() -> tuple[rules.Check, ...]:
    """List the items a supervisor looks at."""
    return plan().checks


def count_inspections(start: datetime, end: datetime) -> int:
    """Count the inspections made from one instant to before another."""
    query = select(func.count(InspectionRow.id)).where(
        InspectionRow.inspected_at >= start, InspectionRow.inspected_at < end
    )
    return db.session.scalar(query) or 0


def _inspection(row: InspectionRow, sitting: planning.Sitting) -> rules.Inspection:
    return rules.Inspection(
        id=row.id,
        batch_id=sitting.batch_id,
        sitting_id=sitting.id,
        sitting=sitting.code,
        kind=rules.Kind(row.kind),
        inspector=row.inspector,
        card_no=row.card_no,
        inspected_at=row.inspected_at,
        answers={code: rules.Answer(answer) for code, answer in row.answers.items()},
        remarks=dict(row.remarks),
        finding=row.finding,
        advice=row.advice,
        recorded_by=row.recorded_by,
    )
