"""
Swaps: replacing drawn items by hand, as 冀职鉴字〔2021〕7号 allows, recorded and checked again.

The paper afterwards says how many of its items were swapped; the record names what went, what
came, why and by whom, and yields the same papers again from the certificate.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from examday.wire.canonical import Malformed, canonical, parse_canonical
from question_bank.demands.blueprint import Blueprint
from question_bank.demands.model import Model
from question_bank.demands.relaxing import Relaxation
from question_bank.errors import BadCertificate, BadInput, Refusal
from question_bank.i18n import N_
from question_bank.i18n import gettext as _
from question_bank.items import Item
from question_bank.papers.checking import Violation, check_papers
from question_bank.papers.paper import Paper

TYPE = "question_bank:swaps"


class SwapRefused(Refusal):
    """The papers would no longer meet blueprint and model; `violations` says where."""

    code = "swap_refused"
    message = N_("With this swap the paper no longer holds: %(why)s")

    def __init__(self, violations: Sequence[Violation]) -> None:
        """Keep what does not hold."""
        why = "; ".join(
            f"{one.form} {one.constraint} {one.wanted} {one.real}" for one in violations
        )
        super().__init__(why=why)
        self.violations = tuple(violations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """Item `out` of paper `form` gives way to `into`; both are named by id and version."""

    form: str
    out: str
    out_version: int
    into: str
    into_version: int
    reason: str
    by: str


@dataclass(frozen=True)
class Swapped:
    """The papers afterwards, and the record's canonical bytes."""

    papers: tuple[Paper, ...]
    record: bytes


def apply_swaps(
    papers: Sequence[Paper],
    swaps: Sequence[Swap],
    items: Mapping[tuple[str, int], Item],
    *,
    certificate: bytes,
    blueprint: Blueprint,
    model: Model,
    ages: Mapping[str, int],
    relaxations: Sequence[Relaxation] = (),
) -> Swapped:
    """
    Swap items and check all papers of the run again, without the solver.

    `items` holds what comes in, by id and version. Raises SwapRefused with what no longer
    holds, BadInput for an item that is not on the paper, or a swap without reason or name.
    """
    changed = {paper.form: paper for paper in papers}
    for swap in swaps:
        changed[swap.form] = _swapped(changed.get(swap.form), swap, items)
    after = tuple(changed[paper.form] for paper in papers)
    violations = check_papers(after, blueprint, model, ages=ages, relaxations=relaxations)
    if violations:
        raise SwapRefused(violations)
    return Swapped(after, _record(papers, after, swaps, certificate))


def swaps_in(record: bytes, *, certificate: bytes) -> list[Swap]:
    """Read the swaps of a record; raises BadCertificate if it belongs to another certificate."""
    try:
        wire: Any = parse_canonical(record)
        if wire["type"] != TYPE:
            raise BadCertificate(file="swaps", why=_("it is not a record of swaps"))
        swaps = [Swap(**one) for one in wire["swaps"]]
        named = wire["certificate_sha256"]
    except (Malformed, KeyError, TypeError) as error:
        raise BadCertificate(file="swaps", why=_("it is not a record of swaps")) from error
    if named != hashlib.sha256(certificate).hexdigest():
        raise BadCertificate(file="swaps", why=_("it belongs to another certificate"))
    return swaps


def _swapped(paper: Paper | None, swap: Swap, items: Mapping[tuple[str, int], Item]) -> Paper:
    into = items.get((swap.into, swap.into_version))
    known = paper is not None and any(
        (item.id, item.version) == (swap.out, swap.out_version) for item in paper.items
    )
    if paper is None or not known:
        raise BadInput(why=_("%(item)s is not on paper %(form)s") % _named(swap, swap.out))
    if into is None:
        raise BadInput(why=_("there is no item %s") % swap.into)
    if not (swap.reason.strip() and swap.by.strip()):
        raise BadInput(why=_("a swap needs a reason and a name"))
    sections = tuple(
        (section, tuple(into if item.id == swap.out else item for item in chosen))
        for section, chosen in paper.sections
    )
    return replace(paper, sections=sections, swaps=paper.swaps + 1)


def _named(swap: Swap, item: str) -> dict[str, str]:
    return {"item": item, "form": swap.form}


def _record(
    before: Sequence[Paper], after: Sequence[Paper], swaps: Sequence[Swap], certificate: bytes
) -> bytes:
    return canonical(
        {
            "v": 1,
            "type": TYPE,
            "certificate_sha256": hashlib.sha256(certificate).hexdigest(),
            "swaps": [asdict(swap) for swap in swaps],
            "papers": [
                {
                    "form": new.form,
                    "swaps": new.swaps,
                    "drawn_sha256": old.digest,
                    "paper_sha256": new.digest,
                    "key_sha256": new.key.digest,
                }
                for old, new in zip(before, after, strict=True)
            ],
        }
    )
