"""The 评分记录表 of a batch: from the sealed practical paper, or from a file someone attaches."""

from decimal import Decimal

from sqlalchemy import select

from examday import clock
from examday.db import db, unit_of_work
from examday.documents import Formula, read_workbook
from examday.i18n import gettext as _
from examday.papers import service as papers
from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring.models import MarkRow, RubricRow
from examday.scoring.rules import BadRubric, Rubric, RubricInUse
from examday.scoring.rules.rubric_reading import from_rows, from_table, read_toml
from examday.trace import service as trace
from examday.trace.service import Action

_TOML = ".toml"
SEALED = "sealed"


def attach_rubric(batch_id: int, content: bytes, filename: str, *, by: str) -> Rubric:
    """
    Attach the rubric of a batch from a TOML file or a workbook, until the first mark rests on it.

    Raises BadRubric naming the place, UnusableWorkbook, RubricInUse.
    """
    full = planning.policy_of(batch_id).scoring.full_mark
    if filename.lower().endswith(_TOML):
        return _attach(batch_id, read_toml(content, full=full), filename, by=by)
    return _attach(batch_id, _read_workbook(content, full), filename, by=by)


def attach_sealed_rubric(batch_id: int, *, by: str) -> Rubric:
    """Take the rubric out of the opened practical paper; raises BadRubric where it has none."""
    table = papers.sealed_rubric(batch_id)
    if table is None:
        raise BadRubric(where=SEALED, reason=_("no opened practical paper holds a marking sheet"))
    full = planning.policy_of(batch_id).scoring.full_mark
    return _attach(batch_id, from_table(table, full=full), SEALED, by=by)


def find_rubric(batch_id: int) -> Rubric | None:
    """Give the rubric that stands; None where examiners give one mark for the whole."""
    query = select(RubricRow).where(RubricRow.batch_id == batch_id).order_by(RubricRow.id.desc())
    row = db.session.scalars(query).first()
    if row is None:
        return None
    weights = sum((Decimal(task["weight"]) for task in row.content["tasks"]), Decimal(0))
    return from_table(row.content, full=weights)


def _attach(batch_id: int, rubric: Rubric, source: str, *, by: str) -> Rubric:
    with unit_of_work() as work:
        in_use = select(MarkRow.id).where(
            MarkRow.batch_id == batch_id, MarkRow.subject == Subject.PRACTICAL
        )
        if work.scalars(in_use).first() is not None:
            raise RubricInUse
        row = RubricRow(batch_id=batch_id, digest=rubric.digest, content=rubric.to_wire())
        row.source, row.at, row.by = source[:200], clock.now(), by
        work.add(row)
        trace.append(
            Action.RUBRIC_ATTACHED,
            subject=f"batch:{batch_id}",
            by=by,
            facts={
                "batch": batch_id,
                "rubric_sha256": rubric.digest,
                "tasks": len(rubric.tasks),
                "items": len(rubric.items),
                "source": SEALED if source == SEALED else "file",
            },
        )
    return rubric


def _read_workbook(content: bytes, full: Decimal) -> Rubric:
    rows = read_workbook(content)
    for number, row in enumerate(rows, 1):
        if any(isinstance(cell, Formula) for cell in row):
            raise BadRubric(where=number, reason=_("a cell computes; only plain values are read"))
    return from_rows(rows, full=full)
