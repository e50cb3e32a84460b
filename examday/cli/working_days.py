"""`examday working-days`: the date n working days on, by the State Council's calendar."""

import argparse
from datetime import date
from typing import Any

from examday import workdays
from examday.cli.printing import Commands, add_json, print_json
from examday.i18n import gettext as _
from examday.settings import config_folder


def add_to(commands: "Commands[Any]") -> None:
    """Declare the command."""
    parser = commands.add_parser("working-days", help=_("count working days"))
    parser.add_argument("--from", dest="start", type=date.fromisoformat, required=True)
    parser.add_argument("--add", type=int, required=True, metavar="N")
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the date; an unknown year is unusable input that says which file to add."""
    calendar = workdays.Calendar.load(config_folder() / "calendar")
    count: int = arguments.add
    if count < 0:
        reached = calendar.subtract(arguments.start, -count)
    else:
        reached = calendar.add(arguments.start, count)
    if arguments.json:
        print_json({"from": arguments.start, "add": count, "date": reached})
    else:
        print(reached.isoformat())
    return 0
