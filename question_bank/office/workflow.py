"""
The way of an item: draft → reviewed → live → retired; every step is a new version and is kept.

Written and practical items go the same way. Nobody reviews an item of their own. An edit is a
new version that begins as a draft again, so what was reviewed is what is drawn. Items that give
each other away are declared enemies.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from question_bank.errors import BadInput, Refusal
from question_bank.i18n import N_
from question_bank.i18n import gettext as _
from question_bank.items import Item, Status, defects
from question_bank.items.likeness import is_near
from question_bank.items.practicals import PracticalItem, faults
from question_bank.store import Store

AnyItem = Item | PracticalItem

_NEXT = {
    "review": (Status.DRAFT, Status.REVIEWED),
    "release": (Status.REVIEWED, Status.LIVE),
    "retire": (Status.LIVE, Status.RETIRED),
    "reopen": (Status.RETIRED, Status.DRAFT),
}


class NotYetThere(Refusal):
    """A step that does not follow from where the item stands."""

    code = "not_yet_there"
    message = N_("%(item)s is %(status)s; this step needs it to be %(needed)s.")


class OwnItem(Refusal):
    """A review by the author."""

    code = "own_item"
    message = N_("%(by)s wrote %(item)s and cannot review it.")


class ReasonMissing(Refusal):
    """A step that somebody will ask about, without a reason."""

    code = "reason_missing"
    message = N_("%(item)s: this step needs a reason.")


@dataclass(frozen=True, slots=True)
class Act:
    """One step of one version: who did what, why, and when (as the caller wrote it)."""

    item_id: str
    version: int
    act: str
    by: str
    note: str
    at: str


def submit(store: Store, item: Item, *, by: str, at: str) -> Item:
    """Enter a new item, or an edit of a known one, as a draft of its author; raises BadInput."""
    found = defects(replace(item, author=by, reviewer=""))
    if found:
        raise BadInput(why=f"{item.id}: {'; '.join(_(defect) for defect in found)}")
    act = "edit" if store.find(item.id) else "write"
    fresh = replace(item, author=by, reviewer="", status=Status.DRAFT)
    return store.step(fresh, act=act, by=by, note="", at=at)


def submit_task(store: Store, task: PracticalItem, *, by: str, at: str) -> PracticalItem:
    """Enter a new practical item, or an edit, as a draft of its author; raises BadInput."""
    fresh = replace(task, author=by, reviewer="", status=Status.DRAFT)
    found = faults(fresh)
    if found:
        raise BadInput(why=f"{task.title}: {'; '.join(_(fault) for fault in found)}")
    act = "edit" if store.find_practical(task.id) else "write"
    return store.step_practical(fresh, act=act, by=by, note="", at=at)


def review(store: Store, item_id: str, *, by: str, at: str, note: str = "") -> AnyItem:
    """Find a draft good; raises OwnItem for its author, NotYetThere if it is no draft."""
    item = _standing(store, item_id, "review")
    if not by or by in _authors(store, item):
        raise OwnItem(by=by, item=item_id)
    reviewed = replace(item, reviewer=by, status=Status.REVIEWED)
    return _step(store, reviewed, act="review", by=by, note=note, at=at)


def send_back(store: Store, item_id: str, *, by: str, at: str, note: str) -> AnyItem:
    """Give a reviewed item or a draft back to its author; the note says what to change."""
    item = _known(store, item_id)
    if item.status not in {Status.DRAFT, Status.REVIEWED}:
        raise NotYetThere(item=item_id, status=item.status, needed=Status.REVIEWED)
    _reasoned(item_id, note)
    back = replace(item, reviewer="", status=Status.DRAFT)
    return _step(store, back, act="send_back", by=by, note=note, at=at)


def release(store: Store, item_id: str, *, by: str, at: str) -> AnyItem:
    """Let assemblies draw a reviewed item."""
    item = _standing(store, item_id, "release")
    return _step(store, replace(item, status=Status.LIVE), act="release", by=by, note="", at=at)


def retire(store: Store, item_id: str, *, by: str, at: str, note: str) -> AnyItem:
    """Take an item out of use; papers that hold it keep their version."""
    item = _standing(store, item_id, "retire")
    _reasoned(item_id, note)
    return _step(store, replace(item, status=Status.RETIRED), act="retire", by=by, note=note, at=at)


def reopen(store: Store, item_id: str, *, by: str, at: str, note: str) -> AnyItem:
    """Take a retired item up again, as a draft."""
    item = _standing(store, item_id, "reopen")
    _reasoned(item_id, note)
    draft = replace(item, reviewer="", status=Status.DRAFT)
    return _step(store, draft, act="reopen", by=by, note=note, at=at)


def declare_enemies(
    store: Store, item_ids: Iterable[str], group: str, *, by: str, at: str
) -> list[Item]:
    """Say that a paper may hold one of these items only; the group's name is free."""
    if not group.strip() or set(group) & set(" ,;"):
        raise BadInput(why=_("a group of enemies needs a name without spaces"))
    items = [_known_written(store, name) for name in dict.fromkeys(item_ids)]
    if len(items) < 2:  # noqa: PLR2004  a pair
        raise BadInput(why=_("enemies are at least two items"))
    return [
        store.step(
            replace(item, enemies=tuple(sorted({*item.enemies, group}))),
            act="enemies",
            by=by,
            note=group,
            at=at,
        )
        for item in items
    ]


def history(store: Store, item_id: str) -> list[Act]:
    """Give every step of an item, oldest first."""
    return [Act(*row) for row in store.acts(item_id)]


def near_duplicates(store: Store) -> list[tuple[Item, Item]]:
    """Give the pairs of current items that ask much the same, for a person to decide."""
    found = []
    for item in store.current():
        found += [
            (item, one) for one in store.like(item) if one.id > item.id and is_near(item, one)
        ]
    return found


def _step(store: Store, item: AnyItem, *, act: str, by: str, note: str, at: str) -> AnyItem:
    if isinstance(item, PracticalItem):
        return store.step_practical(item, act=act, by=by, note=note, at=at)
    return store.step(item, act=act, by=by, note=note, at=at)


def _standing(store: Store, item_id: str, act: str) -> AnyItem:
    item = _known(store, item_id)
    needed = _NEXT[act][0]
    if item.status is not needed:
        raise NotYetThere(item=item_id, status=item.status, needed=needed)
    return item


def _known(store: Store, item_id: str) -> AnyItem:
    return store.find_practical(item_id) or _known_written(store, item_id)


def _known_written(store: Store, item_id: str) -> Item:
    item = store.find(item_id)
    if item is None:
        raise BadInput(why=_("there is no item %s") % item_id)
    return item


def _authors(store: Store, item: AnyItem) -> set[str]:
    """The author named, and whoever wrote or edited any version of it."""
    wrote = {act.by for act in history(store, item.id) if act.act in {"write", "edit"}}
    return wrote | {item.author}


def _reasoned(item_id: str, note: str) -> None:
    if not note.strip():
        raise ReasonMissing(item=item_id)
