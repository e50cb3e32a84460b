"""
The bank's commands: parse, call, print, exit.

Exit status 0 done, 1 findings or a refusal, 2 unusable input with one line on stderr.
With --json the last line of stdout is one JSON object.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from question_bank.assembly import AssemblyRun
from question_bank.blueprint import check
from question_bank.blueprint_files import load_blueprint
from question_bank.checking import check_papers
from question_bank.commands import Answer, read_bytes, read_relaxations, register
from question_bank.delivery import write_plain, write_sealed
from question_bank.errors import BadInput, BankError, Infeasible
from question_bank.exports import export_bank
from question_bank.i18n import gettext as _
from question_bank.intake import import_files, preview_files
from question_bank.items import Source, Status
from question_bank.model import load_model
from question_bank.office import assemble, recompute
from question_bank.sample import write_sample
from question_bank.sources import Defaults
from question_bank.store import open_store

Run = Callable[[argparse.Namespace], Answer]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give its exit status."""
    given = _parser().parse_args(arguments)
    try:
        status, answer, lines = given.run(given)
    except BankError as error:
        print(f"question-bank: {error.text()}", file=sys.stderr)
        if given.json and error.exit_status == 1:
            print(json.dumps({"error": error.code, "text": error.text()}, ensure_ascii=False))
        return error.exit_status
    except OSError as error:
        print(f"question-bank: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    for line in lines:
        print(line)
    if given.json:
        print(json.dumps(answer, ensure_ascii=False))
    return int(status)


def _import(given: argparse.Namespace) -> Answer:
    defaults = Defaults(
        source=Source(given.source),
        status=Status.DRAFT if given.draft else Status.LIVE,
        author=given.author,
        reviewer=given.reviewer,
        point=given.point,
    )
    mapping = dict(_column(text) for text in given.column)
    with open_store(given.store) as store:
        if given.preview:
            report = preview_files(store, given.files, defaults=defaults, mapping=mapping)
        else:
            report = import_files(
                store,
                given.files,
                defaults=defaults,
                mapping=mapping,
                hold_similar=given.hold_similar,
            )
    listed = [
        {"file": one.file, "line": one.line, "reason": one.reason, "text": one.text}
        for one in report.listed
    ]
    kinds = {kind.value: number for kind, number in report.kinds.items()}
    answer: dict[str, object] = {
        "found": report.found,
        "items": len(report.accepted),
        "kinds": kinds,
        "practicals": len(report.practicals),
        "listed": listed,
        "similar": [
            {"item": one.item.id, "stem": one.item.stem, "other": one.other.id}
            | {"other_stem": one.other.stem}
            for one in report.similar
        ],
    }
    lines = [f"{one.file}:{one.line}: {one.reason}" for one in report.listed]
    lines += [
        _("%(item)s is much like %(other)s: %(stem)s")
        % {"item": one.item.id, "other": one.other.id, "stem": one.item.stem}
        for one in report.similar
    ]
    lines.append(
        _("%(found)s found, %(items)s entered, %(listed)s listed")
        % {
            "found": report.found,
            "items": len(report.accepted) + len(report.practicals),
            "listed": len(listed),
        }
    )
    return (1 if listed else 0), answer, lines


def _export(given: argparse.Namespace) -> Answer:
    with open_store(given.store, create=False) as store:
        number = export_bank(store, given.to)
    return 0, {"items": number, "file": str(given.to)}, [str(given.to)]


def _check_blueprint(given: argparse.Namespace) -> Answer:
    blueprint = load_blueprint(given.file)
    findings = check(blueprint)
    answer: dict[str, object] = {
        "valid": not findings,
        "ranges": len(blueprint.ranges),
        "points": len(blueprint.points),
        "findings": [
            {"node": one.node, "name": one.name, "reason": one.reason} for one in findings
        ],
    }
    lines = [f"{one.node} {one.name}: {one.reason}".strip() for one in findings]
    if not findings:
        lines.append(_("The blueprint holds: %(points)s points.") % {"points": answer["points"]})
    return (1 if findings else 0), answer, lines


def _assemble(given: argparse.Namespace) -> Answer:
    blueprint, model = load_blueprint(given.blueprint), load_model(given.model)
    custodians = dict(_custodian(text) for text in given.custodian)
    relaxations = read_relaxations(given.relax)
    try:
        with open_store(given.store, create=False) as store:
            run = assemble(
                store,
                blueprint,
                model,
                papers=given.papers,
                seed=_hex(given.seed),
                run=given.run_number,
                reason=given.reason,
                batch=given.batch,
                relaxations=relaxations,
            )
    except Infeasible as short:
        return _short(short)
    violations = check_papers(run.papers, blueprint, model, relaxations=relaxations)
    files = _delivered(run, given, custodians)
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
    run: AssemblyRun, given: argparse.Namespace, custodians: dict[str, bytes]
) -> list[Path]:
    if not custodians:
        return write_plain(run, given.out)
    if given.not_before is None:
        raise BadInput(why=_("sealing needs --not-before"))
    return write_sealed(
        run,
        given.out,
        batch=given.batch,
        custodians=custodians,
        threshold=given.threshold,
        not_before=given.not_before,
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
        _("or relax %(constraint)s to %(least)s to %(most)s")
        % {"constraint": one.constraint, "least": one.least, "most": one.most}
        for one in short.relaxations
    ]
    return 1, answer, lines


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


def _sample(given: argparse.Namespace) -> Answer:
    files = write_sample(given.folder, seed=given.seed)
    answer: dict[str, object] = {
        "texts": [str(one) for one in files.texts],
        "workbook": str(files.workbook),
        "blueprint": str(files.blueprint),
        "model": str(files.model),
        "items": files.items,
        "planted_bad": files.planted_bad,
    }
    return 0, answer, [str(given.folder)]


def _column(text: str) -> tuple[str, str]:
    heading, equals, name = text.partition("=")
    if not (heading and equals):
        raise BadInput(why=_("--column takes HEADING=NAME"))
    return heading, name


def _custodian(text: str) -> tuple[str, bytes]:
    login, equals, key = text.partition("=")
    if not (login and equals):
        raise BadInput(why=_("--custodian takes LOGIN=HEX"))
    return login, _hex(key)


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise BadInput(why=_("%s is not hexadecimal") % repr(text)) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="question-bank", description=_("The question bank."))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Run, help_: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help_, description=help_)
        command.set_defaults(run=run)
        command.add_argument("--json", action="store_true", help=_("end with one JSON object"))
        return command

    command = add("import", _import, _("read bank files into a store"))
    command.add_argument("files", nargs="+", type=Path, metavar="FILE")
    command.add_argument("--store", required=True, type=Path)
    command.add_argument("--source", default="authored", choices=[one.value for one in Source])
    command.add_argument("--preview", action="store_true", help=_("say what would happen only"))
    command.add_argument(
        "--hold-similar", action="store_true", help=_("list items much like others, too")
    )
    command.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="HEADING=NAME",
        help=_("what a column of a foreign workbook holds: stem, answer, option_A, options, …"),
    )
    command.add_argument("--draft", action="store_true", help=_("items wait for review"))
    for option in ("--author", "--reviewer", "--point"):
        command.add_argument(option, default="")

    command = add("export", _export, _("write the items of a store to a file"))
    command.add_argument("--store", required=True, type=Path)
    command.add_argument("--to", required=True, type=Path, metavar="FILE")

    command = add("check-blueprint", _check_blueprint, _("check weights and counts of a blueprint"))
    command.add_argument("file", type=Path, metavar="FILE")

    command = add("assemble", _assemble, _("draw parallel papers"))
    for option in ("--store", "--blueprint", "--model", "--out"):
        command.add_argument(option, required=True, type=Path)
    command.add_argument("--papers", type=int, default=3)
    command.add_argument("--seed", required=True, metavar="HEX")
    command.add_argument("--run-number", type=int, default=1)
    command.add_argument("--reason", default="")
    command.add_argument("--batch", default="")
    command.add_argument("--custodian", action="append", default=[], metavar="LOGIN=HEX")
    command.add_argument("--threshold", type=int, default=2)
    command.add_argument("--not-before", type=datetime.fromisoformat, metavar="TIME")

    command.add_argument("--relax", type=Path, metavar="FILE", help=_("relaxations agreed to"))
    register(add)

    command = add("recompute", _recompute, _("draw again what a certificate speaks of"))
    command.add_argument("certificate", type=Path)
    command.add_argument("--store", required=True, type=Path)
    command.add_argument("--out", type=Path)

    command = add("sample", _sample, _("write a sample bank, blueprint and model"))
    command.add_argument("folder", type=Path)
    command.add_argument("--seed", type=int, default=1)
    return parser


def _number(printed: str) -> int | float:
    """Give a count or a sum of marks as a JSON number."""
    return float(printed) if "." in printed else int(printed)
