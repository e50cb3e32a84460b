"""Banks: opened, given their 细目表 and 组卷模型, and looked at as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.papers.adapters import bank_file
from examday.papers.adapters.bank_file import MemoryStore
from examday.papers.models import BankRow
from examday.papers.rules.bank import Bank
from examday.papers.rules.bank_refusals import BankChanged, BankTaken, NoDemands, NoSuchBank
from examday.trace import service as trace
from examday.trace.service import Action
from question_bank import (
    Blueprint,
    Capacity,
    Coverage,
    Finding,
    Model,
    check,
    load_blueprint,
    load_model,
    report_capacity,
    report_coverage,
)


@dataclass(frozen=True, slots=True)
class Demands:
    """What papers of a bank must look like."""

    blueprint: Blueprint
    model: Model


def open_bank(code: str, title: str, *, by: str) -> Bank:
    """Open an empty bank for one occupation at one level; raises BankTaken."""
    with MemoryStore() as store:
        content = store.content()
    path, digest = bank_file.keep(content, settings.current().home / "banks" / _folder(code))
    with unit_of_work() as work:
        if work.scalar(select(BankRow.id).where(BankRow.code == code)):
            raise BankTaken(code=code)
        row = BankRow(code=code, title=title, path=_under_home(path), sha256=digest, items=0)
        row.blueprint_name = row.model_name = ""
        row.blueprint = row.model = b""
        row.changed_at = clock.now()
        work.add(row)
        work.flush()
        trace.append(Action.BANK_OPENED, subject=code, by=by, facts={"title": title})
        return _bank(row)


def set_demands(
    bank_id: int, *, blueprint: tuple[str, bytes], model: tuple[str, bytes], by: str
) -> list[Finding]:
    """
    Keep a 细目表 and a 组卷模型, each as (file name, bytes); gives what does not add up.

    With findings nothing is kept. Raises UnusableForBank for a file that cannot be read.
    """
    table, demands = _read_blueprint(*blueprint), _read_model(*model)
    findings = check(table)
    if findings:
        return findings
    with unit_of_work() as work:
        row = row_of(bank_id)
        row.blueprint_name, row.blueprint = blueprint
        row.model_name, row.model = model
        work.flush()
        trace.append(
            Action.DEMANDS_SET,
            subject=row.code,
            by=by,
            facts={"blueprint": table.digest, "model": demands.digest},
        )
    return []


def find_bank(bank_id: int) -> Bank:
    """Find a bank; raises NoSuchBank."""
    return _bank(row_of(bank_id))


def list_banks() -> list[Bank]:
    """List the banks by code."""
    return [_bank(row) for row in db.session.scalars(select(BankRow).order_by(BankRow.code))]


def find_demands(bank_id: int) -> Demands:
    """Give 细目表 and 组卷模型 of a bank; raises NoDemands."""
    row = row_of(bank_id)
    if not (row.blueprint and row.model):
        raise NoDemands
    return Demands(
        _read_blueprint(row.blueprint_name, row.blueprint), _read_model(row.model_name, row.model)
    )


def coverage(bank_id: int) -> Coverage:
    """Count the live items at every point of the blueprint; raises NoDemands."""
    demands = find_demands(bank_id)
    with reading(bank_id) as store:
        return report_coverage(store, demands.blueprint)


def capacity(bank_id: int) -> Capacity:
    """Reckon how many disjoint papers the bank still holds; raises NoDemands."""
    demands = find_demands(bank_id)
    with reading(bank_id) as store:
        return report_capacity(store, demands.blueprint, demands.model)


@contextmanager
def reading(bank_id: int) -> Iterator[MemoryStore]:
    """Open a bank to look into it (for this room's drawers)."""
    row = row_of(bank_id)
    with bank_file.opened(settings.current().home / row.path, sha256_hex=row.sha256) as store:
        yield store


@contextmanager
def changing(work: Session, bank_id: int) -> Iterator[MemoryStore]:
    """Open a bank inside a verb; what the verb leaves in it is kept with the verb."""
    row = row_of(bank_id)
    with bank_file.opened(settings.current().home / row.path, sha256_hex=row.sha256) as store:
        yield store
        keep_store(work, bank_id, store, expected=row.sha256)


def keep_store(work: Session, bank_id: int, store: MemoryStore, *, expected: str) -> None:
    """Keep a changed store inside a verb; raises BankChanged unless it grew from what is kept."""
    row = row_of(bank_id)
    if row.sha256 != expected:
        raise BankChanged
    old = settings.current().home / row.path
    path, digest = bank_file.keep(store.content(), old.parent)
    row.path, row.sha256, row.changed_at = _under_home(path), digest, clock.now()
    row.items = sum(store.count_kinds().values())
    work.flush()
    # The one before stays: a reader or a back-up may be at it.
    for stale in set(old.parent.glob("*.enc")) - {path, old}:
        bank_file.forget(stale)


def row_of(bank_id: int) -> BankRow:
    """Give the row of a bank; raises NoSuchBank."""
    row = db.session.get(BankRow, bank_id)
    if row is None:
        raise NoSuchBank(bank=bank_id)
    return row


def _read_blueprint(name: str, content: bytes) -> Blueprint:
    with bank_file.speaking(), bank_file.lent(name, content) as path:
        return load_blueprint(path)


def _read_model(name: str, content: bytes) -> Model:
    with bank_file.speaking(), bank_file.lent(name, content) as path:
        return load_model(path)


def _folder(code: str) -> str:
    return "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in code)


def _under_home(path: Path) -> str:
    return path.relative_to(settings.current().home).as_posix()


def _bank(row: BankRow) -> Bank:
    return Bank(
        id=row.id,
        code=row.code,
        title=row.title,
        items=row.items,
        blueprint=row.blueprint_name,
        model=row.model_name,
        changed_at=row.changed_at,
    )
