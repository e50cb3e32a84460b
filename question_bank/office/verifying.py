"""
Verifying papers without drawing them: every demand, every word and every digest, and no solver.

What a regulator or a candidate's adviser runs: bank, certificate and papers in, findings out.
"""

from collections.abc import Sequence
from typing import Any

from examday.wire.canonical import Malformed, parse_canonical
from question_bank.assembly import Request, read_request
from question_bank.errors import BadInput
from question_bank.i18n import gettext as _
from question_bank.items import Item
from question_bank.papers.checking import Violation, check_papers
from question_bank.papers.forms import reordered
from question_bank.papers.paper import Paper
from question_bank.store import Store


def verify_papers(store: Store, certificate: bytes, papers: Sequence[bytes]) -> list[Violation]:
    """
    Name every demand of the certificate's blueprint and model that these papers do not meet.

    The papers are read anew: their items come from the bank, a word that differs is a violation,
    and so is a paper of the certificate with another digest, unless it says of itself that it was
    swapped or shuffled. Raises BadInput for what is no paper of this bank.
    """
    request, digest = read_request(certificate)
    frozen = store.find_snapshot(digest)
    ages = {frozen.id_at(at): int(age) for at, age in enumerate(frozen.arrays["ages"]) if age}
    read = [_read(store, content, request) for content in papers]
    found = [
        Violation(paper.form, "text", _("as in the bank"), _("altered"))
        for paper, content in zip(read, papers, strict=True)
        if paper.content != content
    ]
    found += _other_digests(certificate, read)
    drawn = [paper for paper in read if not paper.shuffled_from]
    for group in (drawn, *([paper] for paper in read if paper.shuffled_from)):
        found += check_papers(
            group,
            request.blueprint,
            request.model,
            ages=ages,
            relaxations=request.relaxations,
        )
    return found


def _other_digests(certificate: bytes, papers: Sequence[Paper]) -> list[Violation]:
    named = {one["form"]: one["paper_sha256"] for one in parse_canonical(certificate)["papers"]}
    return [
        Violation(paper.form, "certificate", named.get(paper.form, ""), paper.digest)
        for paper in papers
        if not (paper.swaps or paper.shuffled_from) and named.get(paper.form) != paper.digest
    ]


def _read(store: Store, content: bytes, request: Request) -> Paper:
    """Build a paper again from what its bytes name; its own words are not used."""
    try:
        wire: Any = parse_canonical(content)
        printed = [one for section in wire["sections"] for one in section["items"]]
        orders = {str(one["item"]): str(one["order"]) for one in printed if "order" in one}
        items = [_item(store, str(one["item"]), int(one["version"]), orders) for one in printed]
        return Paper(
            form=str(wire["form"]),
            spare=bool(wire["spare"]),
            sections=tuple(
                (section, tuple(item for item in items if item.kind is section.kind))
                for section in request.model.sections
            ),
            model=request.model,
            code=str(wire["code"]),
            swaps=int(wire["swaps"]),
            shuffled_from=str(wire["shuffled_from"]),
            orders=orders,
        )
    except (Malformed, KeyError, TypeError, ValueError) as error:
        raise BadInput(why=_("a file is not a paper")) from error


def _item(store: Store, name: str, version: int, orders: dict[str, str]) -> Item:
    item = store.find(name, version)
    if item is None:
        raise BadInput(why=_("there is no item %s") % name)
    return reordered(item, orders[name]) if name in orders else item
