"""Statistics that come back from the site after the day, and what they say about the bank."""

from dataclasses import dataclass
from typing import Any

from examday.wire.canonical import parse_canonical
from question_bank.errors import BadInput
from question_bank.i18n import gettext as _
from question_bank.items.behaviour import Advice, Behaviour, advise
from question_bank.store import Store

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Measured:
    """What was taken in: how many items, which are not of this bank, and what is odd."""

    batch: str
    taken: int
    unknown: tuple[str, ...]
    odd: tuple[tuple[str, int, tuple[Advice, ...]], ...]


def take_statistics(store: Store, content: bytes) -> Measured:
    """Keep the statistics of a batch and say which items to look at; raises BadInput."""
    batch, lines = _read(content)
    current = {item.id: item for item in store.current()}
    known = [one for one in lines if one.item_id in current]
    store.keep_behaviour(known)
    odd = []
    for one in known:
        item = current[one.item_id]
        if item.version == one.version:
            advice = advise(item, store.behaviour(item.id, item.version))
            if advice:
                odd.append((item.id, item.version, advice))
    unknown = tuple(one.item_id for one in lines if one.item_id not in current)
    return Measured(batch, len(known), unknown, tuple(odd))


def _read(content: bytes) -> tuple[str, list[Behaviour]]:
    try:
        document = parse_canonical(content)
        _whole(document["v"], FORMAT, FORMAT)
        batch = _text(document["batch"])
        return batch, [_line(batch, one) for one in document["items"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(why=_("these are no item statistics of a site")) from error


def _line(batch: str, one: dict[str, Any]) -> Behaviour:
    told = one["discrimination_milli"]
    return Behaviour(
        item_id=_text(one["item"]),
        version=_whole(one["version"], 1, 10**6),
        batch=batch,
        candidates=_whole(one["candidates"], 0, 10**7),
        p_milli=_whole(one["p_milli"], 0, 1000),
        discrimination_milli=None if told is None else _whole(told, -1000, 1000),
        chosen={_text(k): _whole(v, 0, 10**7) for k, v in one["chosen"].items()},
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _whole(value: object, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(value)
    return value
