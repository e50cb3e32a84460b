"""Commands on the bank itself: files in, files out, a sample."""

import argparse
from pathlib import Path

from question_bank.commands.arguments import Add, Answer, column
from question_bank.i18n import gettext as _
from question_bank.items import Source, Status
from question_bank.office.exports import export_bank, write_quarrels
from question_bank.office.intake import ImportReport, import_files, preview_files
from question_bank.sample import write_sample
from question_bank.sources import Defaults
from question_bank.store import open_store


def _import(given: argparse.Namespace) -> Answer:
    defaults = Defaults(
        source=Source(given.source),
        status=Status.DRAFT if given.draft else Status.LIVE,
        author=given.author,
        reviewer=given.reviewer,
        point=given.point,
    )
    mapping = dict(column(text) for text in given.column)
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
    if given.list_to is not None:
        given.list_to.write_bytes(write_quarrels(report.listed))
    return _reported(report)


def _reported(report: ImportReport) -> Answer:
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


def register(add: Add) -> None:
    """Add these commands to the parser."""
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
    command.add_argument(
        "--list-to", type=Path, metavar="FILE", help=_("write what was listed into a workbook")
    )
    command.add_argument("--draft", action="store_true", help=_("items wait for review"))
    for option in ("--author", "--reviewer", "--point"):
        command.add_argument(option, default="")

    command = add("export", _export, _("write the items of a store to a file"))
    command.add_argument("--store", required=True, type=Path)
    command.add_argument("--to", required=True, type=Path, metavar="FILE")

    command = add("sample", _sample, _("write a sample bank, blueprint and model"))
    command.add_argument("folder", type=Path)
    command.add_argument("--seed", type=int, default=1)
