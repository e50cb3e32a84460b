"""The assessment body of the site: registered, renewed, warned about (GS-01, LN-12, GS-30)."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from examday import clock
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.planning.models import BodyRow, DayRow, ScopeRow
from examday.planning.rules import Body, ScopeLine
from examday.planning.rules.dates import keep_until
from examday.planning.rules.numbers import WrongCheckDigit, parse_filing_no, parse_uscc
from examday.planning.rules.refusals import BodyExpired, NotOffered
from examday.planning.rules.scope import BodyWarning, body_warnings
from examday.planning.service.rows import body_of
from examday.planning.service.site import deny_list, site_policy
from examday.policy import Policy
from examday.trace import service as trace
from examday.trace.service import Action


def register_body(
    *,
    name: str,
    filing_no: str,
    uscc: str,
    authority: str,
    valid_from: date,
    valid_to: date | None = None,
    address: str,
    contact: str,
    phone: str,
    scope: Iterable[ScopeLine],
    by: str,
) -> Body:
    """
    Register the filed enterprise, or renew and re-scope it under the same filing number.

    Without `valid_to` the filing holds as long as the profile allows; longer is refused (LN-12).
    A 准入类 occupation is refused; an old credit code with a wrong check digit is taken.
    """
    number = parse_filing_no(filing_no).text
    code = _credit_code(uscc)
    policy, lines = site_policy(), tuple(scope)
    longest = keep_until(valid_from, policy.body.valid_years)
    if not valid_from <= (valid_to or longest) <= longest:
        clause = policy.clause("body.valid_years")
        raise BodyExpired(valid_from=valid_from, valid_to=longest, clause=clause)
    for line in lines:
        deny_list().refuse(line.occupation, line.trade)
        _check_levels(line, policy)
    with unit_of_work() as work:
        row = work.scalar(select(BodyRow).where(BodyRow.filing_no == number))
        row = row or BodyRow(filing_no=number)
        row.name, row.uscc, row.authority = name.strip(), code, authority.strip()
        row.valid_from, row.valid_to = valid_from, valid_to or longest
        row.address, row.contact, row.phone = address.strip(), contact.strip(), phone.strip()
        work.add(row)
        work.flush()
        work.execute(delete(ScopeRow).where(ScopeRow.body_id == row.id))
        work.add_all(_scope_row(row.id, line) for line in lines)
        trace.append(Action.BODY_REGISTERED, subject=number, by=by, facts=_facts(row, lines))
        work.flush()
        return body_of(row, _scope(work, row.id))


def find_body(body_id: int | None = None) -> Body:
    """Find the site's body: by id, or the one registered last."""
    query = select(BodyRow).order_by(BodyRow.valid_from.desc(), BodyRow.id.desc())
    if body_id is not None:
        query = query.where(BodyRow.id == body_id)
    row = db.session.scalars(query).first()
    if row is None:
        raise NotFound(N_("assessment body"))
    return body_of(row, _scope(db.session(), row.id))


def list_bodies() -> tuple[Body, ...]:
    """List the registered bodies, the newest filing first."""
    rows = db.session.scalars(select(BodyRow).order_by(BodyRow.valid_from.desc())).all()
    return tuple(body_of(row, _scope(db.session(), row.id)) for row in rows)


def list_body_warnings() -> tuple[BodyWarning, ...]:
    """List what runs out for the site's body; nothing when none is registered."""
    if not list_bodies():
        return ()
    last = db.session.scalar(select(DayRow.held_on).order_by(DayRow.held_on.desc()).limit(1))
    return body_warnings(find_body(), site_policy(), today=clock.today(), last_held_on=last)


def has_check_digit(uscc: str) -> bool:
    """Say whether a credit code ends in the digit that GB 32100 computes; old ones need not."""
    try:
        parse_uscc(uscc)
    except WrongCheckDigit:
        return False
    return True


def _check_levels(line: ScopeLine, policy: Policy) -> None:
    """Refuse a level that the province's notice does not know (GS-08)."""
    for level in line.levels_in_order:
        if level not in policy.exam.levels:
            clause = policy.clause("exam.levels")
            raise NotOffered(value=policy.level_label(level), clause=clause)


def _credit_code(uscc: str) -> str:
    # Codes given out before 2015 may fail (DOMAIN §4.4).
    return parse_uscc(uscc).text if has_check_digit(uscc) else uscc.strip().upper()


def _scope(work: Session, body_id: int) -> list[ScopeRow]:
    query = select(ScopeRow).where(ScopeRow.body_id == body_id).order_by(ScopeRow.id)
    return list(work.scalars(query))


def _scope_row(body_id: int, line: ScopeLine) -> ScopeRow:
    return ScopeRow(
        body_id=body_id,
        occupation=line.occupation,
        trade=line.trade,
        occupation_code=line.occupation_code,
        levels=sorted(int(level) for level in line.levels),
        valid_from=line.valid_from,
        mapped_from=line.mapped_from,
    )


def _facts(row: BodyRow, lines: Iterable[ScopeLine]) -> dict[str, object]:
    return {
        "name": row.name,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat(),
        "scope": [
            {
                "occupation": line.occupation,
                "trade": line.trade,
                "code": line.occupation_code,
                "levels": sorted(int(level) for level in line.levels),
            }
            for line in lines
        ],
    }
