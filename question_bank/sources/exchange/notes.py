"""Notes: an item's attributes as `name:value` words, for formats that have no place for them."""

from collections.abc import Iterable

from question_bank.items import Item, Kind
from question_bank.items.wording import shadow
from question_bank.sources.draft import Draft
from question_bank.sources.vocabulary import vocabulary

_PLAIN = ("point", "difficulty", "source", "author", "reviewer", "status", "cognition")


def notes_of(item: Item) -> dict[str, str]:
    """Give everything of an item that a foreign format cannot say in its own way."""
    notes = {name: str(getattr(item, name) or "") for name in _PLAIN}
    notes |= {"id": item.id, "kind": item.kind.value, "enemies": " ".join(item.enemies)}
    notes["fixed"] = "yes" if item.fixed_order else ""
    return {name: value for name, value in notes.items() if value}


def take_notes(draft: Draft, notes: Iterable[tuple[str, str]]) -> None:
    """Put `name:value` words into a draft; names may be ours or their Chinese labels."""
    words = vocabulary()
    for written, value in notes:
        name = words.labels.get(shadow(written).strip(), written.strip().lower())
        if name in {*_PLAIN, "id", "enemies"}:
            setattr(draft, name, value.strip())
        elif name == "fixed":
            draft.is_fixed = value.strip() == "yes"
        elif name == "kind":
            known = {kind.value: kind for kind in Kind}
            draft.kind = known.get(value.strip()) or words.kind_in(shadow(value)) or draft.kind


def split_note(text: str) -> tuple[str, str]:
    """Split `name:value`; a word without a colon is a name without a value."""
    name, _colon, value = shadow(text).partition(":")
    return name, value
