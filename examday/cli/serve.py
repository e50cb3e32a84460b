"""`examday serve`: run the site until stopped."""

import argparse
from pathlib import Path
from typing import Any

from examday.cli.printing import Commands, add_home
from examday.i18n import gettext as _


def add_to(commands: "Commands[Any]") -> None:
    """Declare the command."""
    parser = commands.add_parser("serve", help=_("run the server"))
    add_home(parser)
    parser.add_argument("--host", help=_("address to listen on"))
    parser.add_argument("--port", type=int)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Set up what is missing, then serve."""
    from examday.cli.server import serve
    from examday.settings import load_settings

    home: Path = arguments.home
    home.mkdir(parents=True, exist_ok=True)
    settings = load_settings(home)
    serve(settings, host=arguments.host or settings.host, port=arguments.port or settings.port)
    return 0
