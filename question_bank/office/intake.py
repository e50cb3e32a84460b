"""
Intake: files in, items into the store, and everything else on the quarrel list.

Found = accepted + practicals + listed, always. The same text twice (after unifying widths,
spaces and punctuation) enters once; the second is listed with the reason. A text much like
another is shown in `similar`: `preview_files` shows it before anything enters, and with
`hold_similar` it is listed until a person has said that both are wanted.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from question_bank.errors import UnreadableFile
from question_bank.i18n import gettext as _
from question_bank.items import Item, Kind
from question_bank.items.likeness import is_near, places_of
from question_bank.items.pictures import Picture
from question_bank.items.practicals import PracticalItem
from question_bank.sources import (
    Defaults,
    Draft,
    Listed,
    PracticalDraft,
    Reason,
    read_drafts,
    settle,
    settle_practical,
)
from question_bank.store import MOST_COMPARED, Store

STEP = 100
Progress = Callable[[int, int], None]


def unheard(_done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """An item of this import, and another that asks much the same."""

    item: Item
    other: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of every item found: `accepted` and `practicals` are in the store."""

    found: int
    accepted: tuple[Item, ...]
    listed: tuple[Listed, ...]
    practicals: tuple[PracticalItem, ...] = ()
    similar: tuple[Similar, ...] = ()

    @property
    def kinds(self) -> dict[Kind, int]:
        """Count accepted items by kind."""
        counts = Counter(item.kind for item in self.accepted)
        return {kind: counts[kind] for kind in Kind if counts[kind]}


def import_files(
    store: Store,
    paths: Sequence[Path],
    *,
    defaults: Defaults | None = None,
    mapping: Mapping[str, str] | None = None,
    hold_similar: bool = False,
    progress: Progress = unheard,
) -> ImportReport:
    """
    Read bank files into the store, all files or none; `progress` hears how many drafts are done.

    `mapping` gives headings of foreign workbooks our names. Raises BadInput for a file that
    cannot be read at all or holds no item; then nothing of the other files is kept either.
    """
    sorting = _Sorting(store, defaults or Defaults(), hold_similar=hold_similar)
    sorting.take_all(paths, mapping or {}, progress)
    store.put_pictures(sorting.pictures)
    accepted = store.put(sorting.items)
    practicals = store.put_practicals(sorting.practicals)
    return sorting.report(tuple(accepted), tuple(practicals))


def preview_files(
    store: Store,
    paths: Sequence[Path],
    *,
    defaults: Defaults | None = None,
    mapping: Mapping[str, str] | None = None,
    progress: Progress = unheard,
) -> ImportReport:
    """Say what an import would do, and what is similar, without keeping anything."""
    sorting = _Sorting(store, defaults or Defaults(), hold_similar=False)
    sorting.take_all(paths, mapping or {}, progress)
    return sorting.report(tuple(sorting.items), tuple(sorting.practicals))


@dataclass(slots=True)
class _Known:
    """Ids and texts of this import so far, and of the store."""

    store: Mapping[str, str]
    texts: dict[str, str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)


class _Sorting:
    """Drafts go in by file; items, practical items, pictures and the quarrel list come out."""

    def __init__(self, store: Store, defaults: Defaults, *, hold_similar: bool) -> None:
        self.items: list[Item] = []
        self.practicals: list[PracticalItem] = []
        self.pictures: list[Picture] = []
        self._listed: list[Listed] = []
        self._similar: list[Similar] = []
        self._found = 0
        self._store = store
        self._defaults = defaults
        self._hold_similar = hold_similar
        self._known = _Known(store.fingerprints())
        self._bands: dict[int, list[Item]] = {}

    def take_all(
        self, paths: Sequence[Path], mapping: Mapping[str, str], progress: Progress
    ) -> None:
        """Sort the drafts of all files; raises BadInput for an unusable one."""
        drafts = [(path.name, list(read_drafts(path, mapping=mapping))) for path in paths]
        total = sum(len(found) for _file, found in drafts)
        for file, found in drafts:
            if not found:
                raise UnreadableFile(file=file, why=_("no item was found in it"))
            for draft in found:
                if self._found % STEP == 0:
                    progress(self._found, total)
                self._found += 1
                if isinstance(draft, PracticalDraft):
                    self._take_practical(draft, file)
                else:
                    self._take_item(draft, file)
        progress(total, total)

    def report(
        self, accepted: tuple[Item, ...], practicals: tuple[PracticalItem, ...]
    ) -> ImportReport:
        """Sum up."""
        return ImportReport(
            found=self._found,
            accepted=accepted,
            practicals=practicals,
            listed=tuple(self._listed),
            similar=tuple(self._similar),
        )

    def _take_item(self, draft: Draft, file: str) -> None:
        settled = settle(draft, self._defaults)
        if not isinstance(settled, list):
            similar = self._like(settled)
            reasons = self._lost_pictures(draft) or self._repeats(settled, draft.id)
            if not reasons and similar and self._hold_similar:
                reasons = [Reason.NEAR_DUPLICATE]
            if not reasons:
                self._keep(settled, draft, similar)
                return
            settled = reasons
        self._listed.append(draft.listed(file, settled))

    def _take_practical(self, draft: PracticalDraft, file: str) -> None:
        settled = settle_practical(draft, self._defaults)
        if not isinstance(settled, list):
            if settled.id not in self._known.ids:
                self._known.ids.add(settled.id)
                self.practicals.append(settled)
                return
            settled = [Reason.DUPLICATE_IN_FILE]
        self._listed.append(draft.listed(file, settled))

    def _keep(self, item: Item, draft: Draft, similar: list[Item]) -> None:
        self._known.texts[item.fingerprint] = item.id
        self._known.ids.add(item.id)
        self.items.append(item)
        self.pictures += draft.pictures
        self._similar += [Similar(item=item, other=other) for other in similar]
        for place in places_of(item):
            band = self._bands.setdefault(place, [])
            if len(band) < MOST_COMPARED:
                band.append(item)

    def _like(self, item: Item) -> list[Item]:
        """Give the items, in the store or earlier in this import, that ask much the same."""
        bands = [self._bands.get(place, []) for place in places_of(item)]
        alike = {one.id: one for band in bands for one in band}
        near = {one.id: one for one in alike.values() if is_near(item, one)}
        near |= {one.id: one for one in self._store.like(item) if one.id not in self._known.ids}
        return [near[name] for name in sorted(near) if name != item.id]

    def _lost_pictures(self, draft: Draft) -> list[str]:
        lost = [name for name in draft.picture_names.split() if self._store.picture(name) is None]
        return [Reason.PICTURE_LOST] if lost else []

    def _repeats(self, item: Item, own_id: str) -> list[str]:
        """Say whether the text is already there; an edit under its own id is no repetition."""
        if item.fingerprint in self._known.texts:
            return [Reason.DUPLICATE_IN_FILE]
        if own_id and item.id in self._known.ids:
            return [Reason.ID_IN_FILE]
        if self._known.store.get(item.fingerprint, own_id) != own_id:
            return [Reason.ALREADY_IN_BANK]
        return []
