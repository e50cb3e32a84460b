"""`examday witness serve`: the supervising centre's small process that co-signs checkpoints."""

import argparse
from pathlib import Path
from typing import Any

from examday.cli.printing import Commands
from examday.i18n import gettext as _


def add_to(commands: "Commands[Any]") -> None:
    """Declare the command."""
    parser = commands.add_parser("witness", help=_("run a witness of checkpoints"))
    verbs = parser.add_subparsers(dest="verb", required=True)
    serve = verbs.add_parser("serve", help=_("answer POST /add-checkpoint"))
    serve.add_argument("--home", type=Path, required=True, help=_("where its key and state live"))
    serve.add_argument("--name", required=True, help=_("name of the witness key"))
    serve.add_argument(
        "--log",
        action="append",
        default=[],
        metavar="VKEY",
        help=_("verifier key of a log to witness; may be given more than once"),
    )
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8099)
    serve.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Listen, print the witness's verifier key, and serve until stopped."""
    from examday.trace.adapters import witness

    app = witness.create_app(arguments.home, arguments.name, tuple(arguments.log))
    with witness.listen(app, arguments.host, arguments.port) as server:
        print(app.vkey, flush=True)
        server.serve_forever()
    return 0
