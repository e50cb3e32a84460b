"""
The assembly certificate: everything a third party needs to draw the same papers again.

Canonical JSON with the digest of the bank's snapshot, blueprint and model in full, the seed,
the run number with its reason, the integer of each optimum, the relaxations agreed to, the
target-versus-real table and the digests of papers and keys. With the bank it yields the
papers, so it is as secret as they are until the exam is over; `public` is what may be shown
before: the seed is replaced by its SHA-256, a commitment.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from examday.wire.canonical import Malformed, canonical, parse_canonical
from question_bank.assembly.draw import Drawn, draw
from question_bank.assembly.pools import eligible
from question_bank.assembly.request import ALGORITHM, Request
from question_bank.assembly.shortages import shown
from question_bank.assembly.solver import version
from question_bank.demands.blueprint import blueprint_from, check
from question_bank.demands.model import model_from
from question_bank.demands.relaxing import Relaxation
from question_bank.errors import BadBlueprint, BadCertificate
from question_bank.i18n import gettext as _
from question_bank.papers.paper import FORMS_IN_USE, AnswerKey, Paper, lay_out
from question_bank.store.snapshot import Snapshot

TYPE = "question_bank:assembly"


@dataclass(frozen=True)
class AssemblyRun:
    """The outcome of one run: papers in the order A, B, …, and the certificate's bytes."""

    papers: tuple[Paper, ...]
    certificate: bytes

    @property
    def keys(self) -> tuple[AnswerKey, ...]:
        """The answer keys, in the order of the papers."""
        return tuple(paper.key for paper in self.papers)

    @cached_property
    def public(self) -> bytes:
        """The certificate with the seed withheld and committed to."""
        wire = parse_canonical(self.certificate)
        seed = bytes.fromhex(wire.pop("seed"))
        wire["seed_sha256"] = hashlib.sha256(seed).hexdigest()
        return canonical(wire)


@dataclass(frozen=True)
class Recomputed:
    """
    A run drawn again; `same` says whether every byte of the certificate came out equal.

    `snapshot` is the digest of the bank it was drawn from.
    """

    run: AssemblyRun
    same: bool
    solver: str
    snapshot: str


def assemble_snapshot(
    snapshot: Snapshot, request: Request, *, solver: str | None = None
) -> AssemblyRun:
    """
    Draw the papers of a request from a snapshot.

    Raises BadBlueprint naming the node if the blueprint contradicts itself, Infeasible if the
    bank lacks something. `solver` is the name to write down, this machine's unless recomputing.
    """
    findings = check(request.blueprint)
    if findings:
        first = findings[0]
        why = f"{first.node} {first.name}: {first.reason}"
        raise BadBlueprint(file=request.blueprint.title, why=why)
    drawn = draw(snapshot, request)
    order = {point.code: place for place, point in enumerate(request.blueprint.points)}
    papers = tuple(
        lay_out(
            one.items,
            request.model,
            form=one.form,
            spare=index >= FORMS_IN_USE,
            order=order,
        )
        for index, one in enumerate(drawn)
    )
    certificate = canonical(
        {
            "v": 1,
            "type": TYPE,
            "algorithm": ALGORITHM,
            "solver": solver or version(),
            "seed": request.seed.hex(),
            "commitment": request.commitment,
            "entropy": request.entropy,
            "run": request.run,
            "relaxations": [one.to_wire() for one in request.relaxations],
            "reason": request.reason,
            "batch": request.batch,
            "bank": {
                "digest": snapshot.digest,
                "items": len(snapshot),
                "eligible": len(eligible(snapshot, request)),
            },
            "blueprint": {
                "digest": request.blueprint.digest,
                "content": request.blueprint.to_wire(),
            },
            "model": {"digest": request.model.digest, "content": request.model.to_wire()},
            "papers": [
                _proof(one, paper, request) for one, paper in zip(drawn, papers, strict=True)
            ],
        }
    )
    return AssemblyRun(papers=papers, certificate=certificate)


def recompute_certificate(
    certificate: bytes, find_snapshot: Callable[[str], Snapshot], *, file: str = "certificate"
) -> Recomputed:
    """
    Draw the papers a certificate speaks of again, from its own inputs and the bank's snapshot.

    Raises BadCertificate for what is none, BadStore if the bank does not hold the snapshot.
    """
    wire, request = _read(certificate, file=file)
    snapshot = find_snapshot(str(wire["bank"]["digest"]))
    run = assemble_snapshot(snapshot, request, solver=str(wire["solver"]))
    same = run.certificate == certificate
    return Recomputed(run=run, same=same, solver=version(), snapshot=snapshot.digest)


def read_request(certificate: bytes, *, file: str = "certificate") -> tuple[Request, str]:
    """Give the request of a certificate, and the digest of the snapshot it was drawn from."""
    wire, request = _read(certificate, file=file)
    return request, str(wire["bank"]["digest"])


def _read(certificate: bytes, *, file: str) -> tuple[Mapping[str, Any], Request]:
    try:
        wire = parse_canonical(certificate)
        if wire["type"] != TYPE or wire["algorithm"] != ALGORITHM:
            raise BadCertificate(file=file, why=_("it was drawn by another method"))
        request = Request(
            blueprint=blueprint_from(wire["blueprint"]["content"], file=file),
            model=model_from(wire["model"]["content"], file=file),
            papers=len(wire["papers"]),
            seed=bytes.fromhex(wire["seed"]),
            run=int(wire["run"]),
            batch=str(wire["batch"]),
            reason=str(wire["reason"]),
            relaxations=tuple(map(Relaxation.from_wire, wire["relaxations"])),
            commitment=str(wire["commitment"]),
            entropy=str(wire["entropy"]),
        )
        str(wire["bank"]["digest"]), str(wire["solver"])
    except (Malformed, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadCertificate(file=file, why=_("it is not a certificate")) from error
    return wire, request


def _proof(one: Drawn, paper: Paper, request: Request) -> dict[str, object]:
    together = {"together": True} if one.together else {}
    return together | {
        "form": one.form,
        "spare": paper.spare,
        "code": paper.code,
        "paper_sha256": paper.digest,
        "key_sha256": paper.key.digest,
        "candidates": one.candidates,
        "pool": one.pool,
        "round": one.round,
        "looks_ahead": one.looks_ahead,
        "objective": one.objective,
        "only_optimum": True,
        "table": [
            {
                "constraint": demand.constraint,
                "least": shown(demand.low, demand.scale),
                "most": shown(demand.high, demand.scale),
                "real": shown(sum(map(demand.coefficient, paper.items)), demand.scale),
            }
            for demand in request.demands()
        ],
    }
