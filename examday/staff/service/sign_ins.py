"""
Signing in and out. The browser holds a random token, the database only its digest.

Signing out, disabling an account or changing its password closes rows, and a closed row opens
nothing, whatever a stolen cookie says.
"""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from examday import clock, privacy, settings
from examday.db import db, unit_of_work
from examday.errors import DiskFull, NotFound
from examday.i18n import N_
from examday.staff import rules
from examday.staff.models import AccountRow, AttemptRow, SignInRow
from examday.staff.rules import Account, SignIn
from examday.staff.service.accounts import account_of, end_sign_ins
from examday.staff.service.hashing import hash_password, is_right
from examday.trace import service as trace
from examday.trace.service import Action

log = logging.getLogger(__name__)

_TOKEN_BYTES = 32
_SEEN_EVERY = timedelta(minutes=1)
# Guessers who change their address still meet the account's own count, which is more patient.
_ACCOUNT_PATIENCE = 15
_LONGEST_LOGIN = 32
_STRANGER = "anonymous"


def sign_in(login: str, password: str, *, address: str) -> SignIn:
    """
    Open a sign-in for the right password.

    Raises MustWait after repeated failures, else WrongPassword; a failure is kept and traced.
    """
    known = login[:_LONGEST_LOGIN]
    _check_wait(known, address)
    row = db.session.scalar(select(AccountRow).where(AccountRow.login == known))
    # Hashing takes a tenth of a second: done before the writers' lock is taken.
    is_known = is_right(row.password_hash if row else "", password)
    account_id = row.id if row and is_known and row.is_active else None
    if account_id is None:
        _fail(known, address, is_account=row is not None)
        raise rules.WrongPassword
    return open_sign_in(account_id, address=address)


def confirm(account_id: int, password: str, *, address: str) -> Account:
    """
    Have a second person show who they are at somebody else's screen; opens no sign-in.

    Raises NotFound for an account that is not active, MustWait after repeated failures, else
    NotConfirmed; a failure is kept and traced.
    """
    row = _active_row(db.session(), account_id)
    login, stored, found = row.login, row.password_hash, account_of(row)
    _check_wait(login, address)
    if not is_right(stored, password):
        _fail(login, address, is_account=True)
        raise rules.NotConfirmed(name=found.name)
    return found


def open_sign_in(account_id: int, *, address: str) -> SignIn:
    """Open a sign-in for someone who has shown who they are; forgets earlier failures."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with unit_of_work() as work:
        row = _active_row(work, account_id)
        now = clock.now()
        work.add(
            SignInRow(
                account_id=row.id,
                token_digest=_digest(token),
                opened_at=now,
                seen_at=now,
                closed_at=None,
                address=address,
            )
        )
        for key, _patience in _keys(row.login, address):
            if attempt := work.get(AttemptRow, key):
                work.delete(attempt)
        trace.append(Action.SIGNED_IN, subject=row.login, by=f"staff:{row.login}")
        return SignIn(token=token, account=account_of(row))


def sign_out(token: str) -> None:
    """Close this sign-in; an unknown or closed one is no error."""
    with unit_of_work() as work:
        row = work.scalar(_by_token(token))
        if row is None:
            return
        row.closed_at = clock.now()
        login = work.get_one(AccountRow, row.account_id).login
        trace.append(Action.SIGNED_OUT, subject=login, by=f"staff:{login}")


def resume(token: str) -> Account | None:
    """Give the account of an open sign-in, or None; notes at most once a minute that it is used."""
    row = db.session.scalar(_by_token(token))
    if row is None or _has_ended(row):
        return None
    account = db.session.get_one(AccountRow, row.account_id)
    if not account.is_active:
        return None
    shown = account_of(account)
    if clock.now() - row.seen_at >= _SEEN_EVERY:
        try:
            _note_use(row.id)
        except (SQLAlchemyError, DiskFull):
            # A full disk must not shut the readers out; the sign-in merely ages.
            log.exception("the use of a sign-in could not be noted")
    return shown


def change_password(token: str, old: str, new: str) -> None:
    """Change one's own password; every other sign-in of the account ends."""
    account = resume(token)
    if account is None:
        raise rules.WrongPassword
    _check_wait(account.login, "password")
    stored = db.session.get_one(AccountRow, account.id).password_hash
    if not is_right(stored, old):
        _fail(account.login, "password", is_account=True)
        raise rules.WrongPassword
    profile = settings.current().password_profile
    rules.check_password(new, login=account.login, profile=profile)
    if old == new:
        raise rules.SamePassword
    password_hash = hash_password(new)
    with unit_of_work() as work:
        row = _active_row(work, account.id)
        row.password_hash, row.must_change = password_hash, False
        row.password_changed_at = clock.now()
        end_sign_ins(work, row.id)
        mine = work.scalars(select(SignInRow).where(SignInRow.token_digest == _digest(token)))
        mine.one().closed_at = None
        trace.append(Action.PASSWORD_CHANGED, subject=row.login, by=f"staff:{row.login}")


def needs_new_password(account_id: int) -> bool:
    """Say whether the password was for once only, or is older than the profile allows."""
    row = db.session.get_one(AccountRow, account_id)
    profile = settings.current().password_profile
    expired = rules.has_expired(row.password_changed_at, now=clock.now(), profile=profile)
    return row.must_change or expired


def _check_wait(login: str, address: str) -> None:
    now = clock.now()
    for key, patience in _keys(login, address):
        attempt = db.session.get(AttemptRow, key)
        if attempt is None:
            continue
        until = rules.wait_until(attempt.failures - patience, attempt.last_failed_at)
        if until > now:
            raise rules.MustWait(seconds=_seconds(until, now))


def _seconds(until: datetime, now: datetime) -> int:
    return int((until - now).total_seconds()) + 1


def _fail(login: str, address: str, *, is_account: bool) -> None:
    with unit_of_work() as work:
        for key, _patience in _keys(login, address):
            row = work.get(AttemptRow, key)
            if row is None:
                row = AttemptRow(key=key, failures=0, last_failed_at=clock.now())
                work.add(row)
            row.failures += 1
            row.last_failed_at = clock.now()
        # A name that is no account may be a password typed into the wrong field: not kept.
        subject = login if is_account else "unknown"
        trace.append(Action.SIGN_IN_FAILED, subject=subject, by=_STRANGER)


def _keys(login: str, address: str) -> tuple[tuple[str, int], ...]:
    return (
        (privacy.keyed_digest(f"attempt\0{login}\0{address}"), 0),
        (privacy.keyed_digest(f"attempt\0{login}"), _ACCOUNT_PATIENCE),
    )


def _has_ended(row: SignInRow) -> bool:
    site = settings.current()
    return rules.has_ended(
        opened_at=row.opened_at,
        seen_at=row.seen_at,
        now=clock.now(),
        idle=timedelta(minutes=site.idle_minutes),
        absolute=timedelta(hours=site.absolute_hours),
    )


def _note_use(sign_in_id: int) -> None:
    with unit_of_work() as work:
        row = work.get(SignInRow, sign_in_id)
        if row is not None:
            row.seen_at = clock.now()


def _active_row(work: Session, account_id: int) -> AccountRow:
    row = work.get(AccountRow, account_id)
    if row is None or not row.is_active:
        raise NotFound(N_("account"), account_id)
    return row


def _by_token(token: str) -> Select[SignInRow]:
    return select(SignInRow).where(
        SignInRow.token_digest == _digest(token), SignInRow.closed_at.is_(None)
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
