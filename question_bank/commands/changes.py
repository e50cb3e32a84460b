"""Commands on drawn papers: items replaced by hand, and other forms of one paper."""

import argparse
from pathlib import Path

from question_bank.commands.arguments import Add, Answer, read_bytes
from question_bank.errors import BadInput
from question_bank.i18n import gettext as _
from question_bank.office.drawing import recompute, swap
from question_bank.papers.forms import form_record, shuffled
from question_bank.papers.swaps import Swap
from question_bank.store import open_store


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
    command = add("swap", _swap, _("replace drawn items by hand and check again"))
    _add_certificate(command)
    command.add_argument("--swap", action="append", required=True, metavar="FORM:OUT:IN")
    for option in ("--reason", "--by"):
        command.add_argument(option, required=True)
    command.add_argument("--batch", default="")

    command = add("form", _form, _("shuffle a drawn paper into another form"))
    _add_certificate(command)
    for option in ("--of", "--form"):
        command.add_argument(option, required=True)
    command.add_argument("--seed", required=True, metavar="HEX")


def _add_certificate(command: argparse.ArgumentParser) -> None:
    command.add_argument("certificate", type=Path)
    for option in ("--store", "--out"):
        command.add_argument(option, required=True, type=Path)
