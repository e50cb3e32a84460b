"""`examday trace-of`: what a certificate or ticket rests on, or who rests on a thing."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from examday.cli.printing import Commands, add_home, add_json, print_json
from examday.i18n import gettext as _

_BY = "job:trace-of"
_KINDS = ("item", "paper", "kiosk", "clip")


def add_to(commands: "Commands[Any]") -> None:
    """Declare the command."""
    parser = commands.add_parser("trace-of", help=_("follow a result back to its evidence"))
    parser.add_argument("reference", help=_("certificate or ticket number, or with --from a thing"))
    parser.add_argument("--from", dest="kind", choices=_KINDS, help=_("say who rests on it"))
    add_home(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the trail link by link, or who rests on the thing; exit 1 when nobody does."""
    from examday.app import create_app
    from examday.board import service, trails
    from examday.settings import load_settings

    home: Path = arguments.home
    if not home.is_dir():
        raise FileNotFoundError(home)
    with create_app(load_settings(home)).app_context():
        if arguments.kind:
            found = trails.resting_on(arguments.kind, arguments.reference, by=_BY)
            if arguments.json:
                print_json({"resting": [asdict(one) for one in found]})
            for one in () if arguments.json else found:
                print(one.batch_code, one.ticket_no, one.certificate_no or "-", one.how)
            return 0 if found else 1
        trail = trails.trail_of(arguments.reference, by=_BY)
        if arguments.json:
            print_json(asdict(trail))
            return 0
        for link in trail.links:
            entry = "" if link.entry_index is None else f"  #{link.entry_index}"
            print(f"{service.trail_word(link.kind)}{entry}")
            for name, value in link.facts:
                print(f"    {service.trail_word(name)}: {service.trail_value(name, value)}")
    return 0
