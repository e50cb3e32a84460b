"""Signing in for a duty: 监考人员签到, 考评人员签到 of a sitting (DOMAIN §3.8)."""

from sqlalchemy import Select, select

from examday import clock
from examday.db import db, unit_of_work
from examday.planning.models import PostRow, SignInRow
from examday.planning.rules import Duty, Post, Sitting
from examday.planning.rules.sign_ins import NotPosted, SignedInAlready, SignIn, check_hour
from examday.planning.service.rows import post_of
from examday.planning.service.sittings import find_sitting
from examday.staff import service as staff
from examday.trace import service as trace
from examday.trace.service import Action


def sign_in_for_duty(sitting_id: int, account_id: int, *, by: str) -> SignIn:
    """
    Sign the own account in to a sitting it is posted to.

    Raises NotPosted, NotTheDay, SignedInAlready.
    """
    with unit_of_work() as work:
        sitting = find_sitting(sitting_id)
        post = work.scalar(
            select(PostRow).where(
                PostRow.sitting_id == sitting_id, PostRow.account_id == account_id
            )
        )
        if post is None:
            raise NotPosted
        check_hour(sitting, now=clock.now())
        if work.scalar(_of(sitting_id).where(SignInRow.account_id == account_id)):
            raise SignedInAlready
        row = SignInRow(
            sitting_id=sitting_id,
            account_id=account_id,
            duty=post.duty,
            room_code=post.room_code,
            signed_at=clock.now(),
        )
        work.add(row)
        facts = {"room": post.room_code, "duty": post.duty}
        trace.append(Action.STAFF_SIGNED_IN, subject=sitting.code, by=by, facts=facts)
        return _sign_in(row)


def list_sign_ins(sitting_id: int) -> tuple[SignIn, ...]:
    """List who signed in to a sitting, in the order in which they came."""
    rows = db.session.scalars(_of(sitting_id).order_by(SignInRow.id))
    return tuple(_sign_in(row) for row in rows)


def list_duties(account_id: int) -> tuple[tuple[Sitting, Post, SignIn | None], ...]:
    """List a person's posts from today on, each with its sign-in if it was given."""
    duties = []
    query = select(PostRow).where(PostRow.account_id == account_id)
    for post in db.session.scalars(query):
        sitting = find_sitting(post.sitting_id)
        if clock.local(sitting.starts_at).date() >= clock.today():
            given = [one for one in list_sign_ins(sitting.id) if one.account_id == account_id]
            duties.append((sitting, post_of(post), given[0] if given else None))
    return tuple(sorted(duties, key=lambda each: (each[0].starts_at, each[0].id)))


def _of(sitting_id: int) -> Select[SignInRow]:
    return select(SignInRow).where(SignInRow.sitting_id == sitting_id)


def _sign_in(row: SignInRow) -> SignIn:
    account = staff.find_account(row.account_id)
    return SignIn(
        sitting_id=row.sitting_id,
        account_id=row.account_id,
        name=account.name,
        card_no=account.card_no,
        duty=Duty(row.duty),
        room_code=row.room_code,
        signed_at=row.signed_at,
    )
