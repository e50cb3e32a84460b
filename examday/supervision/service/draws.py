"""双随机: drawing which sittings are inspected and by whom."""

from datetime import date

from sqlalchemy import select

from examday import clock
from examday.db import db, unit_of_work
from examday.planning import service as planning
from examday.staff import service as staff
from examday.staff.service import Role
from examday.supervision import rules
from examday.supervision.models import DrawRow
from examday.supervision.rules.lots import share
from examday.supervision.service.plan import plan
from examday.trace import service as trace
from examday.trace.service import Action

_SHORTEST_SEED = 8


def draw_inspections(*, from_day: date, to_day: date, seed: str, by: str) -> rules.Draw:
    """
    Draw the sittings of some days and who inspects them, from a seed said aloud (LN-21, HS-14).

    Raises SeedMissing, NothingToDraw, and AlreadyDrawn for days that were drawn before: a second
    draw would let somebody choose.
    """
    if len(seed.strip()) < _SHORTEST_SEED:
        raise rules.SeedMissing
    pool = [
        sitting.code
        for sitting in planning.list_sittings()
        if from_day <= clock.local(sitting.starts_at).date() <= to_day
    ]
    people = [one.login for one in staff.list_accounts(Role.SUPERVISOR) if one.is_active]
    if not pool or not people:
        raise rules.NothingToDraw
    count = share(len(pool), plan().share_percent)
    with unit_of_work() as work:
        if work.scalar(
            select(DrawRow.id).where(DrawRow.from_day <= to_day, DrawRow.to_day >= from_day)
        ):
            raise rules.AlreadyDrawn(from_day=from_day, to_day=to_day)
        row = DrawRow(
            from_day=from_day,
            to_day=to_day,
            seed=seed.strip(),
            pool=sorted(pool),
            sittings=list(rules.draw(pool, seed=seed.strip(), count=count)),
            people=sorted(people),
            inspectors=list(rules.draw(people, seed=seed.strip(), count=plan().inspectors)),
            drawn_at=clock.now(),
            drawn_by=by,
        )
        work.add(row)
        work.flush()
        facts = {
            "seed": row.seed,
            "pool": row.pool,
            "sittings": row.sittings,
            "people": row.people,
            "inspectors": row.inspectors,
        }
        subject = f"{from_day.isoformat()}/{to_day.isoformat()}"
        trace.append(Action.INSPECTIONS_DRAWN, subject=subject, by=by, facts=facts)
        return _draw(row)


def list_draws() -> list[rules.Draw]:
    """List the draws, the newest first."""
    return [_draw(row) for row in db.session.scalars(select(DrawRow).order_by(DrawRow.id.desc()))]


def _draw(row: DrawRow) -> rules.Draw:
    return rules.Draw(
        id=row.id,
        from_day=row.from_day,
        to_day=row.to_day,
        seed=row.seed,
        pool=tuple(row.pool),
        sittings=tuple(row.sittings),
        people=tuple(row.people),
        inspectors=tuple(row.inspectors),
        drawn_at=row.drawn_at,
        drawn_by=row.drawn_by,
    )
