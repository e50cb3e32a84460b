"""`examday checkup`: ready, or what is missing."""

import argparse
from pathlib import Path
from typing import Any

from examday.cli.printing import Commands, add_home, add_json, print_json
from examday.i18n import gettext as _


def add_to(commands: "Commands[Any]") -> None:
    """Declare the command."""
    parser = commands.add_parser("checkup", help=_("say whether the site is ready"))
    add_home(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print each check; exit 1 when one is bad."""
    from examday import checkup
    from examday.app import create_app
    from examday.settings import load_settings

    home: Path = arguments.home
    if not home.is_dir():
        raise FileNotFoundError(home)
    settings = load_settings(home)
    with create_app(settings).app_context():
        checks = checkup.run(settings)
    ready = checkup.is_ready(checks)
    if arguments.json:
        print_json(
            {
                "ready": ready,
                "checks": [
                    {"name": check.name, "tone": check.tone, "text": check.text} for check in checks
                ],
            }
        )
    else:
        marks = {checkup.Tone.OK: "✓", checkup.Tone.WARN: "!", checkup.Tone.BAD: "✗"}
        for check in checks:
            print(marks[check.tone], f"{check.name:<10}", check.text)
        print(_("Ready.") if ready else _("Not ready."))
    return 0 if ready else 1
