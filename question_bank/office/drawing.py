"""
What an office does with an open store: draw papers, and draw them again to check.

The store's snapshot is frozen first, so the draw can be recomputed after the bank has moved
on. With a batch code the use of every item is remembered, and a later draw spreads exposure.
"""

import hashlib
from collections.abc import Sequence

from question_bank.assembly import (
    AssemblyRun,
    Capacity,
    Recomputed,
    Request,
    assemble_snapshot,
    capacity,
    read_request,
    recompute_certificate,
)
from question_bank.demands.blueprint import Blueprint
from question_bank.demands.coverage import Coverage, coverage
from question_bank.demands.model import Model
from question_bank.demands.relaxing import Relaxation
from question_bank.errors import BadInput
from question_bank.i18n import gettext as _
from question_bank.papers.paper import Paper
from question_bank.papers.swaps import Swap, Swapped, apply_swaps
from question_bank.store import Store

MOST_PAPERS = 26
SHORTEST_SEED = 8


def assemble(
    store: Store,
    blueprint: Blueprint,
    model: Model,
    *,
    papers: int = 3,
    seed: bytes,
    run: int = 1,
    reason: str = "",
    batch: str = "",
    relaxations: Sequence[Relaxation] = (),
) -> AssemblyRun:
    """
    Draw `papers` parallel papers A, B, … (from the third on spares).

    A repeated draw needs a new `run` number and a `reason`, and a batch keeps count of its runs;
    `relaxations`, which only rows the model calls soft can have, need a reason too. Raises
    Infeasible with what is short, BadBlueprint with the node, RunTaken for a number that is
    taken, BadInput for a count or seed that cannot be.
    """
    request = ask(
        blueprint,
        model,
        papers=papers,
        seed=seed,
        run=run,
        reason=reason,
        batch=batch,
        relaxations=relaxations,
    )
    outcome = assemble_snapshot(store.snapshot(batch=batch), request)
    remember(store, outcome, request)
    return outcome


def ask(
    blueprint: Blueprint,
    model: Model,
    *,
    papers: int,
    seed: bytes = bytes(SHORTEST_SEED),
    run: int = 1,
    reason: str = "",
    batch: str = "",
    relaxations: Sequence[Relaxation] = (),
) -> Request:
    """Put a request together; raises BadInput for one that nobody could defend."""
    if not 1 <= papers <= MOST_PAPERS:
        raise BadInput(why=_("between 1 and 26 papers can be drawn"))
    if len(seed) < SHORTEST_SEED:
        raise BadInput(why=_("the seed needs at least 8 bytes"))
    if run < 1 or (run > 1 and not reason.strip()):
        raise BadInput(why=_("a draw repeated needs a number and a reason"))
    hard = [one.constraint for one in relaxations if not model.is_soft(one.constraint)]
    if hard:
        raise BadInput(why=_("the model does not call %s soft") % ", ".join(hard))
    if relaxations and not reason.strip():
        raise BadInput(why=_("to relax a row needs a reason"))
    return Request(
        blueprint=blueprint,
        model=model,
        papers=papers,
        seed=seed,
        run=run,
        batch=batch,
        reason=reason,
        relaxations=tuple(relaxations),
    )


def remember(store: Store, outcome: AssemblyRun, request: Request) -> None:
    """
    Keep the run and which items its batch uses, so that later draws spread exposure.

    Without a batch there is no memory. Raises RunTaken for a batch drawn again under the number
    of another run.
    """
    if request.batch:
        store.record_run(
            request.batch,
            request.run,
            _used(outcome.papers),
            reason=request.reason,
            certificate=hashlib.sha256(outcome.certificate).hexdigest(),
        )


def _used(papers: Sequence[Paper]) -> dict[str, list[tuple[str, int]]]:
    return {one.form: [(item.id, item.version) for item in one.items] for one in papers}


def swap(store: Store, run: AssemblyRun, swaps: Sequence[Swap], *, batch: str = "") -> Swapped:
    """
    Replace drawn items by hand and check every paper of the run again.

    Raises SwapRefused with what would no longer hold, BadInput for a swap that cannot be.
    """
    request, digest = read_request(run.certificate)
    frozen = store.find_snapshot(digest, audit=False)
    ages = {frozen.id_at(at): int(age) for at, age in enumerate(frozen.arrays["ages"]) if age}
    wanted = {(one.into, one.into_version) for one in swaps}
    found = {(name, version): store.find(name, version) for name, version in wanted}
    swapped = apply_swaps(
        run.papers,
        swaps,
        {key: item for key, item in found.items() if item is not None},
        certificate=run.certificate,
        blueprint=request.blueprint,
        model=request.model,
        ages=ages,
        relaxations=request.relaxations,
    )
    if batch:
        store.record_use(batch, _used(swapped.papers))
    return swapped


def report_coverage(store: Store, blueprint: Blueprint) -> Coverage:
    """Count the live items of a store at the points of a blueprint."""
    return coverage(store.current(), blueprint)


def report_capacity(store: Store, blueprint: Blueprint, model: Model) -> Capacity:
    """Reckon how many disjoint papers of a model the store can give at most."""
    return capacity(store.snapshot(), ask(blueprint, model, papers=1))


def recompute(store: Store, certificate: bytes) -> Recomputed:
    """Draw what a certificate speaks of again; `same` says whether all bytes are equal."""
    return recompute_certificate(certificate, store.find_snapshot)
