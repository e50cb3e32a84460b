"""Accounts: added by the administrator, disabled, never deleted, since the trace names them."""

import secrets
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_, gettext
from examday.staff import rules
from examday.staff.models import AccountRow, SignInRow
from examday.staff.rules import Account, Role
from examday.staff.rules.roles import read_roles
from examday.staff.service.hashing import hash_password
from examday.trace import service as trace
from examday.trace.service import Action

FIRST_LOGIN = "admin"
_SECRET_BYTES = 15
_SETUP = "job:first-start"


def first_start() -> str | None:
    """
    Make the first administrator if there is no account yet, and give the one-time secret.

    It is printed once and must be changed at the first sign-in; there is no default password.
    """
    if db.session.scalar(select(func.count(AccountRow.id))):
        return None
    secret = f"{secrets.token_urlsafe(_SECRET_BYTES)}-1aA"  # passes either password profile
    password_hash = hash_password(secret)
    with unit_of_work() as work:
        if work.scalar(select(func.count(AccountRow.id))):
            return None
        row = _new_row(FIRST_LOGIN, gettext("Administrator"), {Role.ADMIN}, password_hash)
        row.must_change = True
        work.add(row)
        trace.append(Action.ADMIN_CREATED, subject=FIRST_LOGIN, by=_SETUP)
    return secret


def add_account(
    login: str,
    name: str,
    roles: Iterable[Role | str],
    *,
    password: str,
    by: str,
    card_no: str = "",
    card_levels: Iterable[int] = (),
    card_valid_to: date | None = None,
    card_occupations: Iterable[str] = (),
    must_change: bool = False,
) -> Account:
    """
    Add a person; raises BadLogin, LoginTaken, MixedDuties, WeakPassword or NotYourself.

    `must_change`: the password is only for the first sign-in, as when an administrator chose it.
    """
    duties = {Role(role) for role in roles}
    rules.check_login(login)
    rules.check_roles(duties)
    profile = settings.current().password_profile
    rules.check_password(password, login=login, profile=profile)
    password_hash = hash_password(password)
    with unit_of_work() as work:
        if work.scalar(select(AccountRow.id).where(AccountRow.login == login)):
            raise rules.LoginTaken(login=login)
        row = _new_row(login, name.strip() or login, duties, password_hash)
        row.card_no, row.card_levels = card_no, sorted(set(card_levels))
        row.card_valid_to, row.must_change = card_valid_to, must_change
        row.card_occupations = sorted({one.strip() for one in card_occupations} - {""})
        work.add(row)
        work.flush()
        trace.append(
            Action.ACCOUNT_ADDED,
            subject=login,
            by=by,
            facts={"roles": sorted(duties), "name": trace.commitment(row.name)},
        )
        return account_of(row)


def change_roles(account_id: int, roles: Iterable[Role | str], *, by: str) -> Account:
    """Give an account other duties; open sign-ins end, so that the change holds at once."""
    duties = {Role(role) for role in roles}
    rules.check_roles(duties)
    with unit_of_work() as work:
        row = _other_row(work, account_id, by=by)
        row.roles = sorted(duties)
        end_sign_ins(work, row.id)
        trace.append(
            Action.ACCOUNT_CHANGED, subject=row.login, by=by, facts={"roles": sorted(duties)}
        )
        return account_of(row)


def disable(account_id: int, *, by: str) -> Account:
    """Close an account and end its sign-ins; nobody disables themselves."""
    with unit_of_work() as work:
        row = _other_row(work, account_id, by=by)
        row.is_active = False
        end_sign_ins(work, row.id)
        trace.append(Action.ACCOUNT_DISABLED, subject=row.login, by=by)
        return account_of(row)


def enable(account_id: int, *, by: str) -> Account:
    """Open a closed account again."""
    with unit_of_work() as work:
        row = _other_row(work, account_id, by=by)
        row.is_active = True
        trace.append(Action.ACCOUNT_CHANGED, subject=row.login, by=by, facts={"active": True})
        return account_of(row)


def find_account(account_id: int) -> Account:
    """Find an account by its number; raises NotFound."""
    row = db.session.get(AccountRow, account_id)
    if row is None:
        raise NotFound(N_("account"), account_id)
    return account_of(row)


def find_login(login: str) -> Account:
    """Find an account by its sign-in name; raises NotFound."""
    row = db.session.scalar(select(AccountRow).where(AccountRow.login == login))
    if row is None:
        raise NotFound(N_("account"), login)
    return account_of(row)


def list_accounts(role: Role | str | None = None) -> tuple[Account, ...]:
    """List accounts by sign-in name, all or those that hold one role."""
    rows = db.session.scalars(select(AccountRow).order_by(AccountRow.login))
    accounts = (account_of(row) for row in rows)
    return tuple(account for account in accounts if role is None or role in account.roles)


def account_of(row: AccountRow) -> Account:
    """Show a row to other rooms."""
    return Account(
        id=row.id,
        login=row.login,
        name=row.name,
        roles=read_roles(row.roles),
        card_no=row.card_no,
        card_levels=tuple(row.card_levels),
        card_valid_to=row.card_valid_to,
        card_occupations=tuple(row.card_occupations),
        is_active=row.is_active,
        must_change=row.must_change,
        cert_sha256=row.cert_sha256,
        has_custodian_key=bool(row.custodian_public),
    )


def end_sign_ins(work: Session, account_id: int) -> None:
    """Close every open sign-in of an account, inside a verb."""
    open_ones = select(SignInRow).where(
        SignInRow.account_id == account_id, SignInRow.closed_at.is_(None)
    )
    for sign_in in work.scalars(open_ones):
        sign_in.closed_at = clock.now()


def _other_row(work: Session, account_id: int, *, by: str) -> AccountRow:
    row = work.get(AccountRow, account_id)
    if row is None:
        raise NotFound(N_("account"), account_id)
    if by == f"staff:{row.login}":
        raise rules.NotYourself
    return row


def _new_row(login: str, name: str, roles: Collection[Role], password_hash: str) -> AccountRow:
    return AccountRow(
        login=login,
        name=name,
        roles=sorted(roles),
        password_hash=password_hash,
        password_changed_at=clock.now(),
        must_change=False,
        is_active=True,
        card_no="",
        card_levels=[],
        card_occupations=[],
        card_valid_to=None,
        cert_sha256="",
        key_file="",
        custodian_public="",
    )
