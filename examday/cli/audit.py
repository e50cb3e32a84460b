"""`examday audit`: is the database still what was traced, from the log down to each mark?"""

import argparse
from pathlib import Path
from typing import Any

from examday.cli.printing import Commands, add_home, add_json, print_json
from examday.i18n import gettext as _


def add_to(commands: "Commands[Any]") -> None:
    """Declare the command."""
    parser = commands.add_parser("audit", help=_("compare the database with the trace"))
    parser.add_argument("--batch", help=_("only the batch of this code"))
    add_home(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Name each row that differs; exit status 1 when there is one."""
    from examday.app import create_app
    from examday.settings import load_settings

    home: Path = arguments.home
    if not home.is_dir():
        raise FileNotFoundError(home)
    with create_app(load_settings(home)).app_context():
        found = _findings(arguments.batch)
    if arguments.json:
        print_json({"valid": not found, "findings": found})
    else:
        for one in found:
            print(f"✗ {one['code']}  {one['where']}  {one['text']}")
        print(_("Valid.") if not found else _("NOT valid: %(n)s findings.") % {"n": len(found)})
    return 1 if found else 0


def _findings(batch_code: str | None) -> list[dict[str, str]]:
    from examday.planning import service as planning
    from examday.proctoring import service as proctoring
    from examday.results import service as results
    from examday.trace import service as trace

    batches = planning.list_batches()
    if batch_code and not any(one.code == batch_code for one in batches):
        raise ValueError(batch_code)
    found = [{"code": "TRACE", "where": one.where, "text": one.what} for one in trace.audit()]
    found += [
        {"code": "RECORD_ALTERED", "where": one.where, "text": ", ".join(one.columns)}
        for one in proctoring.check_records()
    ]
    for batch in batches:
        if batch_code in {None, batch.code}:
            found += [
                {"code": one.code, "where": batch.code, "text": one.text}
                for one in results.check_batch(batch.id)
            ]
    return found
