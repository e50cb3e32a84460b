"""
Commands beyond drawing: what the bank lacks, commitments before a draw, changes after it.

Each takes parsed arguments and gives exit status, JSON answer and lines to print.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from question_bank.blueprint_files import load_blueprint
from question_bank.commitment import Commitment, check_reveal, commit, draw_committed
from question_bank.delivery import write_plain
from question_bank.errors import BadInput, UnreadableFile
from question_bank.forms import form_record, shuffled
from question_bank.i18n import gettext as _
from question_bank.model import load_model
from question_bank.office import ask, recompute, remember, report_capacity, report_coverage, swap
from question_bank.relaxing import Relaxation
from question_bank.store import open_store
from question_bank.swaps import Swap

Answer = tuple[int, dict[str, object], list[str]]
Add = Callable[[str, Callable[[argparse.Namespace], Answer], str], argparse.ArgumentParser]


def read_bytes(path: Path) -> bytes:
    """Read a file; raises UnreadableFile."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(file=path.name, why=error.strerror or str(error)) from error


def read_relaxations(path: Path | None) -> tuple[Relaxation, ...]:
    """Read relaxations as an infeasible assembly proposed them; raises BadInput."""
    if path is None:
        return ()
    try:
        return tuple(map(Relaxation.from_wire, json.loads(read_bytes(path))))
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(why=_("%s is no list of relaxations") % path.name) from error


def _coverage(given: argparse.Namespace) -> Answer:
    blueprint, model = load_blueprint(given.blueprint), load_model(given.model)
    with open_store(given.store, create=False) as store:
        report = report_coverage(store, blueprint)
    kinds = [section.kind for section in model.sections]
    thin = [
        {"point": one.point, "name": one.name, "items": one.items, "missing": one.missing}
        for one in report.thin
    ]
    by_kind = [
        {"point": one.point, "kind": one.kind, "items": one.items}
        for one in report.gaps(kinds, fewest=1)
    ]
    heat = report.heat([one.code for one in blueprint.ranges_at(model.weight_depth)])
    answer: dict[str, object] = {
        "points": len(report.points),
        "thin": thin,
        "without_kind": by_kind,
        "elsewhere": list(report.elsewhere),
        "unrated": list(report.unrated),
        "heat": {
            code: {f"{kind}:{level}": number for (kind, level), number in cells.items() if number}
            for code, cells in heat.items()
        },
    }
    lines = [
        _("%(point)s %(name)s: %(items)s items, %(missing)s more are needed") % one for one in thin
    ]
    return (1 if thin else 0), answer, lines


def _capacity(given: argparse.Namespace) -> Answer:
    blueprint, model = load_blueprint(given.blueprint), load_model(given.model)
    with open_store(given.store, create=False) as store:
        found = report_capacity(store, blueprint, model)
    answer: dict[str, object] = {"at_most": found.at_most, "limited_by": list(found.limited_by)}
    line = _("at most %(papers)s disjoint papers; first to run out: %(what)s")
    named = {"papers": found.at_most, "what": ", ".join(found.limited_by)}
    return 0, answer, [line % named]


def _commit(given: argparse.Namespace) -> Answer:
    request = ask(
        load_blueprint(given.blueprint),
        load_model(given.model),
        papers=given.papers,
        run=given.run_number,
        reason=given.reason,
        batch=given.batch,
        relaxations=read_relaxations(given.relax),
    )
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
    request = ask(
        load_blueprint(given.blueprint),
        load_model(given.model),
        papers=given.papers,
        run=given.run_number,
        reason=given.reason,
        batch=given.batch,
        relaxations=read_relaxations(given.relax),
    )
    with open_store(given.store, create=False) as store:
        run = draw_committed(store, _commitment(given), request, entropy=given.entropy)
        remember(store, run.papers, batch=given.batch)
    files = [str(one) for one in write_plain(run, given.out)]
    return 0, {"files": files, "papers": {one.form: one.digest for one in run.papers}}, files


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


def _swap(given: argparse.Namespace) -> Answer:
    certificate = read_bytes(given.certificate)
    with open_store(given.store, create=False) as store:
        run = recompute(store, certificate).run
        out = {item.id: item for paper in run.papers for item in paper.items}
        swaps = []
        for text in given.swap:
            form, one, other = (*text.split(":"), "", "", "")[:3]
            old, new = out.get(one), store.find(other)
            if old is None or new is None:
                raise BadInput(why=_("there is no item %s") % (one if old is None else other))
            swaps.append(
                Swap(
                    form=form,
                    out=old.id,
                    out_version=old.version,
                    into=new.id,
                    into_version=new.version,
                    reason=given.reason,
                    by=given.by,
                )
            )
        swapped = swap(store, run, swaps, batch=given.batch)
    given.out.mkdir(parents=True, exist_ok=True)
    for paper in swapped.papers:
        (given.out / f"paper-{paper.form}.json").write_bytes(paper.content)
        (given.out / f"key-{paper.form}.json").write_bytes(paper.key.content)
    (given.out / "swaps.json").write_bytes(swapped.record)
    papers = {one.form: {"sha256": one.digest, "swaps": one.swaps} for one in swapped.papers}
    return 0, {"papers": papers}, [str(given.out / "swaps.json")]


def _form(given: argparse.Namespace) -> Answer:
    try:
        seed = bytes.fromhex(given.seed)
    except ValueError as error:
        raise BadInput(why=_("%s is not hexadecimal") % repr(given.seed)) from error
    with open_store(given.store, create=False) as store:
        papers = recompute(store, read_bytes(given.certificate)).run.papers
    paper = next((one for one in papers if one.form == given.of), None)
    if paper is None:
        raise BadInput(why=_("there is no paper %s") % given.of)
    made = shuffled(paper, seed=seed, form=given.form)
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / f"paper-{made.form}.json").write_bytes(made.content)
    (given.out / f"key-{made.form}.json").write_bytes(made.key.content)
    (given.out / f"form-{made.form}.json").write_bytes(form_record(paper, made, seed=seed))
    return 0, {"form": made.form, "of": paper.form, "sha256": made.digest}, [made.digest]


def register(add: Add) -> None:
    """Add these commands to the parser."""
    for name, run, help_ in (
        ("coverage", _coverage, _("say which points have too few items")),
        ("capacity", _capacity, _("say how many disjoint papers the bank still holds")),
        ("commit", _commit, _("freeze the bank and commit to a draw")),
        ("draw", _draw, _("draw what was committed to, now that the source has spoken")),
    ):
        command = add(name, run, help_)
        for option in ("--store", "--blueprint", "--model"):
            command.add_argument(option, required=True, type=Path)
        if name in {"commit", "draw"}:
            _add_run(command)
        if name == "commit":
            command.add_argument("--source", required=True)
        if name == "draw":
            command.add_argument("--entropy", required=True)
            _add_commitment(command)
    command = add("reveal", _reveal, _("check a draw against its commitment"))
    command.add_argument("certificate", type=Path)
    command.add_argument("--store", required=True, type=Path)
    _add_commitment(command)
    command = add("swap", _swap, _("replace drawn items by hand and check again"))
    command.add_argument("certificate", type=Path)
    for option in ("--store", "--out"):
        command.add_argument(option, required=True, type=Path)
    command.add_argument("--swap", action="append", required=True, metavar="FORM:OUT:IN")
    for option in ("--reason", "--by"):
        command.add_argument(option, required=True)
    command.add_argument("--batch", default="")
    command = add("form", _form, _("shuffle a drawn paper into another form"))
    command.add_argument("certificate", type=Path)
    for option in ("--store", "--out"):
        command.add_argument(option, required=True, type=Path)
    for option in ("--of", "--form"):
        command.add_argument(option, required=True)
    command.add_argument("--seed", required=True, metavar="HEX")


def _add_run(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", required=True, type=Path)
    command.add_argument("--papers", type=int, default=3)
    command.add_argument("--run-number", type=int, default=1)
    command.add_argument("--relax", type=Path, metavar="FILE")
    for option in ("--reason", "--batch"):
        command.add_argument(option, default="")


def _add_commitment(command: argparse.ArgumentParser) -> None:
    for option in ("--commitment", "--secret"):
        command.add_argument(option, required=True, type=Path)
