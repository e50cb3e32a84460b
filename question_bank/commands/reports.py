"""Commands that only look: whether a blueprint holds, what the bank lacks, how long it lasts."""

import argparse
from pathlib import Path

from question_bank.commands.arguments import Add, Answer, read_bytes
from question_bank.demands.blueprint import check
from question_bank.demands.blueprint_files import load_blueprint
from question_bank.demands.model import load_model
from question_bank.i18n import gettext as _
from question_bank.office.drawing import report_capacity, report_coverage
from question_bank.office.measuring import take_statistics
from question_bank.office.verifying import verify_papers
from question_bank.store import open_store


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


def _check_papers(given: argparse.Namespace) -> Answer:
    papers = [read_bytes(path) for path in given.papers]
    with open_store(given.store, create=False) as store:
        found = verify_papers(store, read_bytes(given.certificate), papers)
    violations = [
        {"form": one.form, "constraint": one.constraint, "wanted": one.wanted, "real": one.real}
        for one in found
    ]
    lines = [f"{one.form} {one.constraint}: {one.wanted} ≠ {one.real}" for one in found]
    if not found:
        lines.append(_("Every demand holds for %(papers)s papers.") % {"papers": len(papers)})
    return (1 if found else 0), {"valid": not found, "violations": violations}, lines


def _runs(given: argparse.Namespace) -> Answer:
    with open_store(given.store, create=False) as store:
        runs = store.runs(given.batch)
    listed = [{"run": run, "reason": reason, "certificate": digest} for run, reason, digest in runs]
    return 0, {"runs": listed}, [f"{run} {digest} {reason}" for run, reason, digest in runs]


def _statistics(given: argparse.Namespace) -> Answer:
    content = read_bytes(given.file)
    with open_store(given.store, create=False) as store:
        done = take_statistics(store, content)
    answer: dict[str, object] = {
        "batch": done.batch,
        "taken": done.taken,
        "unknown": list(done.unknown),
        "odd": [
            {"item": item, "version": version, "advice": [one.name.lower() for one in advice]}
            for item, version, advice in done.odd
        ],
    }
    lines = [_("%(taken)s items measured in batch %(batch)s.") % answer]
    lines += [_("%s is not an item of this bank.") % one for one in done.unknown]
    lines += [
        f"{item} v{version}: " + "; ".join(_(one.value) for one in advice)
        for item, version, advice in done.odd
    ]
    return 0, answer, lines


def register(add: Add) -> None:
    """Add these commands to the parser."""
    command = add("statistics", _statistics, _("take in the item statistics of a batch"))
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--store", required=True, type=Path)
    command = add("check-papers", _check_papers, _("check papers against their certificate"))
    command.add_argument("certificate", type=Path)
    command.add_argument("papers", type=Path, nargs="+", metavar="PAPER")
    command.add_argument("--store", required=True, type=Path)
    command = add("runs", _runs, _("list the draws of a batch"))
    command.add_argument("--store", required=True, type=Path)
    command.add_argument("--batch", required=True)
    command = add("check-blueprint", _check_blueprint, _("check weights and counts of a blueprint"))
    command.add_argument("file", type=Path, metavar="FILE")
    for name, run, help_ in (
        ("coverage", _coverage, _("say which points have too few items")),
        ("capacity", _capacity, _("say how many disjoint papers the bank still holds")),
    ):
        command = add(name, run, help_)
        for option in ("--store", "--blueprint", "--model"):
            command.add_argument(option, required=True, type=Path)
