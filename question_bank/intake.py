"""
Intake: files in, items into the store, and everything else on the quarrel list.

Found = accepted + listed, always. The same text twice (after unifying widths, spaces and
punctuation) enters once; the second is listed with the reason.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from question_bank.errors import UnreadableFile
from question_bank.i18n import gettext as _
from question_bank.items import Item, Kind
from question_bank.sources import Defaults, Draft, Listed, Reason, read_drafts, settle
from question_bank.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of every item found: `accepted` are in the store, `listed` are not."""

    found: int
    accepted: tuple[Item, ...]
    listed: tuple[Listed, ...]

    @property
    def kinds(self) -> dict[Kind, int]:
        """Count accepted items by kind."""
        counts = Counter(item.kind for item in self.accepted)
        return {kind: counts[kind] for kind in Kind if counts[kind]}


def import_files(
    store: Store, paths: Sequence[Path], *, defaults: Defaults | None = None
) -> ImportReport:
    """
    Read bank files into the store, all files or none.

    Raises BadInput for a file that cannot be read at all or holds no item; then nothing of
    the other files is kept either.
    """
    known = store.fingerprints()
    seen: dict[str, str] = {}
    outcomes: list[Item | Listed] = []
    for path in paths:
        for draft in _drafts(path):
            settled = settle(draft, defaults or Defaults())
            reasons = (
                settled if isinstance(settled, list) else _repeats(settled, draft, known, seen)
            )
            outcomes.append(
                draft.listed(path.name, reasons)
                if reasons or isinstance(settled, list)
                else settled
            )
    accepted = store.put(one for one in outcomes if isinstance(one, Item))
    listed = [one for one in outcomes if isinstance(one, Listed)]
    return ImportReport(found=len(outcomes), accepted=tuple(accepted), listed=tuple(listed))


def _drafts(path: Path) -> list[Draft]:
    drafts = list(read_drafts(path))
    if not drafts:
        raise UnreadableFile(file=path.name, why=_("no item was found in it"))
    return drafts


def _repeats(item: Item, draft: Draft, known: Mapping[str, str], seen: dict[str, str]) -> list[str]:
    """Say whether the text is already there; an edit under its own id is no repetition."""
    if item.fingerprint in seen:
        return [Reason.DUPLICATE_IN_FILE]
    if draft.id and item.id in seen.values():
        return [Reason.ID_IN_FILE]
    if item.fingerprint in known and known[item.fingerprint] != draft.id:
        return [Reason.ALREADY_IN_BANK]
    seen[item.fingerprint] = item.id
    return []
