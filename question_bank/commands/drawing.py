"""Commands that draw: committed to or not, and drawn again by whoever doubts it."""

import argparse
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from question_bank.assembly import AssemblyRun, Infeasible, Request
from question_bank.assembly.commitment import Commitment, check_reveal, commit, draw_committed
from question_bank.commands.arguments import (
    Add,
    Answer,
    custodian,
    hexadecimal,
    read_bytes,
    read_relaxations,
)
from question_bank.demands.blueprint_files import load_blueprint
from question_bank.demands.model import load_model
from question_bank.errors import BadInput
from question_bank.i18n import gettext as _
from question_bank.items.pictures import Picture
from question_bank.office.delivery import write_plain, write_sealed
from question_bank.office.drawing import ask, assemble, recompute, remember
from question_bank.office.verifying import verify_papers
from question_bank.store import open_store


def _assemble(given: argparse.Namespace) -> Answer:
    blueprint, model = load_blueprint(given.blueprint), load_model(given.model)
    custodians = dict(custodian(text) for text in given.custodian)
    if custodians and given.not_before is None:
        raise BadInput(why=_("sealing needs --not-before"))
    relaxations = read_relaxations(given.relax)
    try:
        with open_store(given.store, create=False) as store:
            run = assemble(
                store,
                blueprint,
                model,
                papers=given.papers,
                seed=hexadecimal(given.seed),
                run=given.run_number,
                reason=given.reason,
                batch=given.batch,
                relaxations=relaxations,
            )
            pictures = store.pictures_of(item for paper in run.papers for item in paper.items)
            violations = verify_papers(store, run.certificate, [one.content for one in run.papers])
    except Infeasible as short:
        return _short(short)
    files = _delivered(run, given, custodians, pictures)
    answer: dict[str, object] = {
        "papers": [
            {"form": one.form, "spare": one.spare, "sha256": one.digest, "items": len(one.items)}
            for one in run.papers
        ],
        "files": [str(one) for one in files],
        "violations": [
            {"form": one.form, "constraint": one.constraint, "wanted": one.wanted, "real": one.real}
            for one in violations
        ],
    }
    return (1 if violations else 0), answer, [str(one) for one in files]


def _delivered(
    run: AssemblyRun,
    given: argparse.Namespace,
    custodians: dict[str, bytes],
    pictures: Mapping[str, Picture],
) -> list[Path]:
    if not custodians:
        return write_plain(run, given.out, pictures)
    return write_sealed(
        run,
        given.out,
        batch=given.batch,
        custodians=custodians,
        threshold=given.threshold,
        not_before=given.not_before,
        pictures=pictures,
    )


def _short(short: Infeasible) -> Answer:
    answer: dict[str, object] = {
        "error": short.code,
        "form": short.params["form"],
        "shortages": [
            {
                "constraint": one.constraint,
                "needed": _number(one.needed),
                "available": _number(one.available),
            }
            for one in short.shortages
        ],
        "commission": [
            {
                "count": one.count,
                "kind": one.kind.value,
                "range": one.range,
                "importance": one.importance,
                "difficulty": one.difficulty,
                "source": one.source.value,
            }
            for one in short.commission
        ],
        "relaxations": [one.to_wire() for one in short.relaxations],
    }
    lines = [short.text()]
    lines += [
        _("%(constraint)s: %(needed)s needed, %(available)s available")
        % {"constraint": one.constraint, "needed": one.needed, "available": one.available}
        for one in short.shortages
    ]
    lines += [
        _(
            "write %(count)s of kind %(kind)s for range %(range)s,"
            " importance %(importance)s, difficulty %(difficulty)s, source %(source)s"
        )
        % {
            "count": one.count,
            "kind": one.kind.value,
            "range": one.range,
            "importance": one.importance,
            "difficulty": one.difficulty,
            "source": one.source.value,
        }
        for one in short.commission
    ]
    lines += [
        _("or relax %(constraint)s to %(least)s to %(most)s")
        % {"constraint": one.constraint, "least": one.least, "most": one.most}
        for one in short.relaxations
    ]
    return 1, answer, lines


def _number(printed: str) -> int | float:
    """Give a count or a sum of marks as a JSON number."""
    return float(printed) if "." in printed else int(printed)


def _request(given: argparse.Namespace) -> Request:
    """Read what is to be drawn: the same for a commitment and for its draw."""
    return ask(
        load_blueprint(given.blueprint),
        load_model(given.model),
        papers=given.papers,
        run=given.run_number,
        reason=given.reason,
        batch=given.batch,
        relaxations=read_relaxations(given.relax),
    )


def _commit(given: argparse.Namespace) -> Answer:
    request = _request(given)
    with open_store(given.store, create=False) as store:
        made = commit(store, request, source=given.source)
    given.out.mkdir(parents=True, exist_ok=True)
    public, secret = given.out / "commitment.json", given.out / "commitment.secret.json"
    public.write_bytes(made.public)
    secret.touch(mode=0o600)
    secret.write_bytes(made.secret)
    answer: dict[str, object] = {"commitment": made.digest, "files": [str(public), str(secret)]}
    return 0, answer, [made.digest]


def _draw(given: argparse.Namespace) -> Answer:
    request = _request(given)
    with open_store(given.store, create=False) as store:
        run = draw_committed(store, _commitment(given), request, entropy=given.entropy)
        remember(store, run, request)
        pictures = store.pictures_of(item for paper in run.papers for item in paper.items)
    files = [str(one) for one in write_plain(run, given.out, pictures)]
    return 0, {"files": files, "papers": {one.form: one.digest for one in run.papers}}, files


def _recompute(given: argparse.Namespace) -> Answer:
    certificate = read_bytes(given.certificate)
    with open_store(given.store, create=False) as store:
        again = recompute(store, certificate)
    if given.out is not None:
        write_plain(again.run, given.out)
    answer: dict[str, object] = {
        "same": again.same,
        "papers": {one.form: one.digest for one in again.run.papers},
        "solver": again.solver,
    }
    line = _("Drawn again: the same bytes.") if again.same else _("Drawn again: NOT the same.")
    return (0 if again.same else 1), answer, [line]


def _reveal(given: argparse.Namespace) -> Answer:
    certificate = read_bytes(given.certificate)
    with open_store(given.store, create=False) as store:
        again = recompute(store, certificate)
        frozen = store.find_snapshot(again.snapshot)
        found = check_reveal(_commitment(given), certificate, frozen)
    found += [] if again.same else [_("Drawn again: NOT the same.")]
    lines = found or [_("The papers follow from the commitment and the entropy.")]
    return (1 if found else 0), {"valid": not found, "findings": found}, lines


def _commitment(given: argparse.Namespace) -> Commitment:
    return Commitment(read_bytes(given.commitment), read_bytes(given.secret))


def register(add: Add) -> None:
    """Add these commands to the parser."""
    command = add("assemble", _assemble, _("draw parallel papers"))
    _add_run(command)
    command.add_argument("--seed", required=True, metavar="HEX")
    command.add_argument("--custodian", action="append", default=[], metavar="LOGIN=HEX")
    command.add_argument("--threshold", type=int, default=2)
    command.add_argument("--not-before", type=datetime.fromisoformat, metavar="TIME")

    command = add("commit", _commit, _("freeze the bank and commit to a draw"))
    _add_run(command)
    command.add_argument("--source", required=True)

    command = add("draw", _draw, _("draw what was committed to, now that the source has spoken"))
    _add_run(command)
    command.add_argument("--entropy", required=True)
    _add_commitment(command)

    command = add("recompute", _recompute, _("draw again what a certificate speaks of"))
    command.add_argument("certificate", type=Path)
    command.add_argument("--store", required=True, type=Path)
    command.add_argument("--out", type=Path)

    command = add("reveal", _reveal, _("check a draw against its commitment"))
    command.add_argument("certificate", type=Path)
    command.add_argument("--store", required=True, type=Path)
    _add_commitment(command)


def _add_run(command: argparse.ArgumentParser) -> None:
    for option in ("--store", "--blueprint", "--model", "--out"):
        command.add_argument(option, required=True, type=Path)
    command.add_argument("--papers", type=int, default=3)
    command.add_argument("--run-number", type=int, default=1)
    command.add_argument("--relax", type=Path, metavar="FILE", help=_("relaxations agreed to"))
    for option in ("--reason", "--batch"):
        command.add_argument(option, default="")


def _add_commitment(command: argparse.ArgumentParser) -> None:
    for option in ("--commitment", "--secret"):
        command.add_argument(option, required=True, type=Path)
