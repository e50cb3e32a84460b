"""What supervisors opened: who may look at everything leaves a trace of it (GS-31)."""

from sqlalchemy import select

from examday import clock
from examday.db import db, unit_of_work
from examday.supervision import rules
from examday.supervision.models import LookRow
from examday.trace import service as trace
from examday.trace.service import Action


def note_look(page: str, address: str, *, by: str) -> None:
    """Note that a supervisor opened a page; `page` is its name in config/access.toml."""
    with unit_of_work() as work:
        work.add(LookRow(at=clock.now(), actor=by, page=page, address=address[:200]))
        trace.append(Action.RECORD_VIEWED, subject=page, by=by, facts={"address": address[:200]})


def list_looks(*, limit: int = 200) -> list[rules.Look]:
    """List the looks, the newest first."""
    query = select(LookRow).order_by(LookRow.id.desc()).limit(limit)
    return [
        rules.Look(row.at, row.actor, row.page, row.address) for row in db.session.scalars(query)
    ]
