"""
What an office does with an open store: draw papers, and draw them again to check.

The store's snapshot is frozen first, so the draw can be recomputed after the bank has moved
on. With a batch code the use of every item is remembered, and a later draw spreads exposure.
"""

from question_bank.assembly import (
    AssemblyRun,
    Recomputed,
    Request,
    assemble_snapshot,
    recompute_certificate,
)
from question_bank.blueprint import Blueprint
from question_bank.errors import BadInput
from question_bank.i18n import gettext as _
from question_bank.model import Model
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
) -> AssemblyRun:
    """
    Draw `papers` parallel papers A, B, … (from the third on spares).

    A repeated draw needs a new `run` number and a `reason`. Raises Infeasible with what is
    short, BadBlueprint with the node, BadInput for a count or seed that cannot be.
    """
    if not 1 <= papers <= MOST_PAPERS:
        raise BadInput(why=_("between 1 and 26 papers can be drawn"))
    if len(seed) < SHORTEST_SEED:
        raise BadInput(why=_("the seed needs at least 8 bytes"))
    if run < 1 or (run > 1 and not reason.strip()):
        raise BadInput(why=_("a draw repeated needs a number and a reason"))
    request = Request(
        blueprint=blueprint,
        model=model,
        papers=papers,
        seed=seed,
        run=run,
        batch=batch,
        reason=reason,
    )
    outcome = assemble_snapshot(store.snapshot(batch=batch), request)
    if batch:
        store.record_use(
            batch,
            {one.form: [(item.id, item.version) for item in one.items] for one in outcome.papers},
        )
    return outcome


def recompute(store: Store, certificate: bytes) -> Recomputed:
    """Draw what a certificate speaks of again; `same` says whether all bytes are equal."""
    return recompute_certificate(certificate, store.find_snapshot)
