"""Entries: written one at a time in the verb's own transaction, read page by page."""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, inspect, select, text

from examday import clock, settings
from examday.db import db, is_writing, unit_of_work
from examday.errors import NotFound
from examday.i18n import N_
from examday.trace import rules
from examday.trace.adapters.log_key import log_key
from examday.trace.models import EntryRow, SaltRow
from examday.trace.rules import Action, ClockChange, ClockSet, Entry, EntryPage
from examday.verifier.tree import leaf_hash

_SOFTWARE = "examday"
_SELF = "job:trace"
_TRIGGERS = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
    " AND tbl_name = 'trace_entries'",
    "postgresql": "SELECT count(*) + 1 FROM pg_trigger WHERE NOT tgisinternal"
    " AND tgrelid = 'trace_entries'::regclass",
}
_NEEDED_TRIGGERS = 2
# Every verb runs these two, so they are built once.
_LAST = select(EntryRow.index, EntryRow.leaf).order_by(EntryRow.index.desc()).limit(1)
_NEW = insert(EntryRow.__table__)  # type: ignore[arg-type]  # a Table, though declared wider
_SLICE = 500  # what a database takes in one IN (…)


def append(action: Action, *, subject: str, by: str, facts: Mapping[str, Any] | None = None) -> int:
    """
    Append one entry inside the caller's unit of work and give its index.

    `facts` is JSON without floats and without personal data (use commitment() for those).
    The writers' lock is held, so the index is the last one plus one and the log cannot fork.
    Was the clock set since the last entry, an entry of its own says so first.
    """
    if not is_writing():
        raise RuntimeError("trace.append outside a unit of work")
    connection = db.session.connection()
    last, leaf = connection.execute(_LAST).one_or_none() or (-1, b"")
    index, moment = last + 1, _moment()
    if not leaf:
        _add(index, moment, Action.LOG_OPENED, _opening(), subject="log", actor=_SELF)
        index += 1
    elif was_set := rules.clock_set(leaf, moment):
        _add_clock_set(index, moment, was_set)
        index += 1
    _add(index, moment, action, facts or {}, subject=subject, actor=by)
    return index


def watch_clock() -> ClockSet | None:
    """Say whether the clock was set since the last entry; then it stands in the trace at once."""
    if last_clock_set() is None:
        return None
    with unit_of_work():
        connection = db.session.connection()
        last, leaf = connection.execute(_LAST).one()
        moment = _moment()
        was_set = rules.clock_set(leaf, moment)
        if was_set:
            _add_clock_set(last + 1, moment, was_set)
    return was_set


def last_clock_set() -> ClockSet | None:
    """Compare the clock with the last entry; None while it is honest (reads only)."""
    _index, leaf = db.session.execute(_LAST).one_or_none() or (-1, b"")
    return rules.clock_set(leaf, _moment()) if leaf else None


def list_clock_changes(*, most: int = 20) -> list[ClockChange]:
    """List when the clock was set, newest first, as the trace tells it."""
    entries = list_entries(action=Action.CLOCK_SET, limit=most).entries
    return [
        ClockChange(
            index=entry.index,
            before=datetime.fromisoformat(entry.facts["before"]),
            after=entry.logged_at,
            milliseconds=entry.facts["milliseconds"],
        )
        for entry in entries
    ]


def commitment(value: str) -> str:
    """Commit to a personal value inside a unit of work; its salt is kept until erase()."""
    if not is_writing():
        raise RuntimeError("trace.commitment outside a unit of work")
    salt = secrets.token_bytes(rules.SALT_BYTES)
    committed = rules.commit_to(value, salt)
    db.session.add(SaltRow(commitment=committed, salt=salt))
    return committed


def erase(committed: str) -> None:
    """Forget the salt of a commitment, inside the unit of work of whoever was asked to."""
    row = db.session.get(SaltRow, committed)
    if row is None:
        raise NotFound(N_("erasable value"), committed)
    db.session.delete(row)


def matches(committed: str, value: str) -> bool:
    """Say whether a commitment stands for this value; False once it was erased."""
    row = db.session.get(SaltRow, committed)
    return row is not None and rules.commit_to(value, row.salt) == committed


def find_entry(index: int) -> Entry:
    """Find one entry by its index."""
    row = db.session.get(EntryRow, index) if 0 <= index < 2**63 else None
    if row is None:
        raise NotFound(N_("trace entry"), index)
    return _entry(row)


def list_entries(
    *, subject: str = "", action: str = "", before: int | None = None, limit: int = 50
) -> EntryPage:
    """List entries newest first; `action` may be a prefix such as "papers:"."""
    query = select(EntryRow).order_by(EntryRow.index.desc()).limit(limit + 1)
    if subject:
        query = query.where(EntryRow.subject == subject)
    if action:
        query = query.where(EntryRow.action.startswith(action, autoescape=True))
    if before is not None:
        query = query.where(EntryRow.index < before)
    rows = db.session.scalars(query).all()
    older = rows[limit - 1].index if len(rows) > limit else None
    return EntryPage(entries=tuple(_entry(row) for row in rows[:limit]), older=older)


def find_entries(indexes: Collection[int]) -> dict[int, Entry]:
    """Find many entries by index at once; what does not exist is left out."""
    return {
        row.index: _entry(row)
        for some in _slices([one for one in indexes if 0 <= one < 2**63])
        for row in db.session.scalars(select(EntryRow).where(EntryRow.index.in_(some)))
    }


def entries_about(subjects: Collection[str], actions: Collection[Action]) -> dict[int, Entry]:
    """Find every entry of these actions about these subjects, by index."""
    return {
        row.index: _entry(row)
        for some in _slices(list(subjects))
        for row in db.session.scalars(
            select(EntryRow).where(EntryRow.subject.in_(some), EntryRow.action.in_(actions))
        )
    }


def matching(values: Mapping[str, str]) -> frozenset[str]:
    """Give which of commitment -> value hold, asked for at once."""
    salts = {
        row.commitment: row.salt
        for some in _slices(list(values))
        for row in db.session.scalars(select(SaltRow).where(SaltRow.commitment.in_(some)))
    }
    return frozenset(
        one
        for one, value in values.items()
        if one in salts and rules.commit_to(value, salts[one]) == one
    )


def last_logged_at() -> datetime | None:
    """Say when the newest entry was written."""
    return db.session.scalar(select(EntryRow.logged_at).order_by(EntryRow.index.desc()).limit(1))


def is_append_only() -> bool:
    """Say whether the table and its triggers are there (a careless migration drops them)."""
    connection = db.session.connection()
    if not inspect(connection).has_table(EntryRow.__tablename__):
        return False
    count: int = connection.execute(text(_TRIGGERS[connection.dialect.name])).scalar_one()
    return count >= _NEEDED_TRIGGERS


def _slices(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _SLICE):
        yield values[start : start + _SLICE]


def _opening() -> dict[str, str]:
    site = settings.current()
    return {"origin": site.origin, "vkey": log_key(site).vkey, "software": _SOFTWARE}


def _moment() -> rules.Moment:
    boot, since_boot = clock.since_boot()
    return rules.Moment(log_time=clock.rfc3339(clock.now()), mono_ms=since_boot, boot=boot)


def _add_clock_set(index: int, moment: rules.Moment, was_set: ClockSet) -> None:
    facts = {"before": clock.rfc3339(was_set.before), "milliseconds": was_set.milliseconds}
    _add(index, moment, Action.CLOCK_SET, facts, subject="clock", actor=_SELF)


def _add(
    index: int,
    moment: rules.Moment,
    action: Action,
    facts: Mapping[str, Any],
    *,
    subject: str,
    actor: str,
) -> None:
    leaf = rules.build_leaf(
        action,
        subject=subject,
        actor=actor,
        facts=facts,
        site=settings.current().origin,
        moment=moment,
    )
    logged_at = datetime.fromisoformat(moment.log_time)  # to the millisecond, as the leaf has it
    values = {"leaf": leaf, "leaf_hash": leaf_hash(leaf), "logged_at": logged_at}
    values |= {"action": Action(action).value, "subject": subject, "actor": actor}
    # Straight to the table: whatever else the verb has pending is flushed in its own time.
    db.session.connection().execute(_NEW, {"index": index} | values)


def _entry(row: EntryRow) -> Entry:
    return Entry(
        index=row.index,
        leaf=row.leaf,
        leaf_hash=row.leaf_hash,
        action=row.action,
        subject=row.subject,
        actor=row.actor,
        logged_at=row.logged_at,
    )
