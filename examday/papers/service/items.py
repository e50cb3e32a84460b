"""The way of an item on the server: written, reviewed by another, released, retired; each traced."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from examday import clock
from examday.db import unit_of_work
from examday.papers.adapters import bank_file
from examday.papers.adapters.bank_file import MemoryStore
from examday.papers.rules.bank import is_own_work
from examday.papers.rules.bank_refusals import NoSuchItem, OwnWork
from examday.papers.service import banks
from examday.staff.service import Account
from examday.trace import service as trace
from examday.trace.service import Action
from question_bank import Item, Kind, PracticalItem, Source, Status, workflow

AnyItem = Item | PracticalItem


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of the items of a bank, and how many there are of each status."""

    items: tuple[Item, ...]
    counts: dict[Status, int]
    found: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """A written or practical item with its history and what asks much the same."""

    item: AnyItem
    history: tuple[workflow.Act, ...]
    similar: tuple[Item, ...]
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What an author fills in; the rest is the workflow's."""

    kind: Kind
    point: str
    difficulty: int
    source: Source
    stem: str
    options: tuple[str, ...]
    answer: str
    explanation: str
    cognition: str
    enemies: tuple[str, ...]
    fixed_order: bool


def list_items(
    bank_id: int, *, status: Status | None, words: str, page: int, size: int = 50
) -> Shelf:
    """Give one page of the items of a status that hold these words in stem, point or id."""
    counts = dict.fromkeys(Status, 0)
    found: list[Item] = []
    with banks.reading(bank_id) as store:
        for item in store.current():
            counts[item.status] += 1
            text = f"{item.id} {item.point} {item.stem}"
            if status in {None, item.status} and words in text:
                found.append(item)
    first = (page - 1) * size
    return Shelf(tuple(found[first : first + size]), counts, len(found))


def find_item(bank_id: int, item_id: str, *, account: Account) -> Dossier:
    """Give an item with everything a reviewer looks at; raises NoSuchItem."""
    with banks.reading(bank_id) as store:
        item = _known(store, item_id)
        history = tuple(workflow.history(store, item_id))
        similar = tuple(store.like(item)) if isinstance(item, Item) else ()
        return Dossier(item, history, similar, _is_own(item, history, account))


def next_to_review(bank_id: int, *, after: str, account: Account) -> str:
    """Name the next draft that this person may review, going round; empty when there is none."""
    with banks.reading(bank_id) as store:
        names = [
            item.id
            for item in _all(store)
            if item.status is Status.DRAFT
            and not _is_own(item, tuple(workflow.history(store, item.id)), account)
        ]
    later = [name for name in names if name > after]
    return (later or [name for name in names if name != after] or [""])[0]


def find_picture(bank_id: int, digest: str) -> tuple[bytes, str]:
    """Give a picture of a bank and its media type; raises NoSuchItem."""
    with banks.reading(bank_id) as store:
        picture = store.picture(digest)
    if picture is None or not picture.media_type:
        raise NoSuchItem(item=digest[:12])
    return picture.content, picture.media_type


def write_item(bank_id: int, item_id: str, wording: Wording, *, account: Account) -> AnyItem:
    """Enter a new item (no id) or an edit; either is a draft of its author until reviewed."""
    named = item_id or f"{wording.kind.value[0].upper()}{secrets.token_hex(7)}"

    def write(store: MemoryStore) -> Item:
        known = store.find(named)
        if item_id and known is None:
            raise NoSuchItem(item=item_id)
        fields = {name: getattr(wording, name) for name in Wording.__slots__}
        item = replace(known, **fields) if known else Item(id=named, **fields)
        return workflow.submit(store, item, by=account.actor, at=_now())

    return _change(bank_id, write, act=Action.ITEM_WRITTEN, account=account)


def review_item(bank_id: int, item_id: str, *, account: Account, note: str = "") -> AnyItem:
    """Find a draft good; raises OwnWork for whoever wrote any version of it, BankRefusal."""

    def review(store: MemoryStore) -> AnyItem:
        _check_is_other(store, item_id, account)
        return workflow.review(store, item_id, by=account.actor, at=_now(), note=note)

    return _change(bank_id, review, act=Action.ITEM_REVIEWED, account=account)


def send_back(bank_id: int, item_id: str, *, account: Account, note: str) -> AnyItem:
    """Give an item back to its author, saying what to change."""

    def back(store: MemoryStore) -> AnyItem:
        _check_is_other(store, item_id, account)
        return workflow.send_back(store, item_id, by=account.actor, at=_now(), note=note)

    return _change(bank_id, back, act=Action.ITEM_SENT_BACK, account=account)


def retire_item(bank_id: int, item_id: str, *, account: Account, note: str) -> AnyItem:
    """Take an item out of use; papers that hold it keep their version."""
    return _change(
        bank_id,
        lambda store: workflow.retire(store, item_id, by=account.actor, at=_now(), note=note),
        act=Action.ITEM_RETIRED,
        account=account,
    )


def reopen_item(bank_id: int, item_id: str, *, account: Account, note: str) -> AnyItem:
    """Take a retired item up again as a draft."""
    return _change(
        bank_id,
        lambda store: workflow.reopen(store, item_id, by=account.actor, at=_now(), note=note),
        act=Action.ITEM_REOPENED,
        account=account,
    )


def declare_enemies(
    bank_id: int, item_ids: Sequence[str], group: str, *, account: Account
) -> tuple[Item, ...]:
    """Say that a paper may hold one of these items only; raises UnusableForBank."""
    with unit_of_work() as work, banks.changing(work, bank_id) as store, bank_file.speaking():
        items = workflow.declare_enemies(store, item_ids, group, by=account.actor, at=_now())
        trace.append(
            Action.ENEMIES_DECLARED,
            subject=banks.find_bank(bank_id).code,
            by=account.actor,
            facts={"group": group, "items": [item.id for item in items]},
        )
        return tuple(items)


def release_reviewed(bank_id: int, *, by: str) -> int:
    """Let assemblies draw every reviewed item; gives how many."""
    with unit_of_work() as work, banks.changing(work, bank_id) as store:
        ready = [item for item in _all(store) if item.status is Status.REVIEWED]
        for item in ready:
            workflow.release(store, item.id, by=by, at=_now())
        trace.append(
            Action.ITEMS_RELEASED,
            subject=banks.find_bank(bank_id).code,
            by=by,
            facts={"items": len(ready)},
        )
        return len(ready)


def _change(
    bank_id: int, step: Callable[[MemoryStore], AnyItem], *, act: Action, account: Account
) -> AnyItem:
    with unit_of_work() as work, banks.changing(work, bank_id) as store, bank_file.speaking():
        item = step(store)
        trace.append(
            act,
            subject=f"{banks.find_bank(bank_id).code}/{item.id}",
            by=account.actor,
            facts={"item": item.id, "version": item.version, "digest": item.digest},
        )
        return item


def _check_is_other(store: MemoryStore, item_id: str, account: Account) -> None:
    item = _known(store, item_id)
    if _is_own(item, tuple(workflow.history(store, item_id)), account):
        raise OwnWork(name=account.name)


def _is_own(item: AnyItem, history: tuple[workflow.Act, ...], account: Account) -> bool:
    wrote = any(act.by == account.actor and act.act in {"write", "edit"} for act in history)
    who = {"actor": account.actor, "login": account.login, "name": account.name}
    return wrote or is_own_work(item.author, **who)


def _all(store: MemoryStore) -> Iterator[AnyItem]:
    yield from store.current()
    yield from store.practicals()


def _known(store: MemoryStore, item_id: str) -> AnyItem:
    item = store.find(item_id) or store.find_practical(item_id)
    if item is None:
        raise NoSuchItem(item=item_id)
    return item


def _now() -> str:
    return clock.rfc3339(clock.now())
