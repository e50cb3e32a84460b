"""
The operator's commands: read arguments, call the house, print, exit.

Exit status: 0 done or valid, 1 findings, 2 unusable input (one clear line on stderr).
With --json the last line of stdout is one JSON object.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from examday.errors import BadInput, ExamdayError
from examday.i18n import gettext as _

# Which file declares which commands; only what is asked for is imported.
COMMANDS = {
    "demo": "demo",
    "serve": "serve",
    "record": "record",
    "checkup": "checkup",
    "backup": "keep",
    "restore": "keep",
    "verify": "verify",
    "check": "check",
    "working-days": "working_days",
    "witness": "witness",
    "trace-of": "trace_of",
    "audit": "audit",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    given = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="examday", description=_("Runs the assessment day."))
    commands = parser.add_subparsers(dest="command", required=True)
    asked = COMMANDS.get(given[0]) if given else None
    for name in dict.fromkeys([asked] if asked else COMMANDS.values()):
        import_module(f"examday.cli.{name}").add_to(commands)
    arguments = parser.parse_args(given)
    try:
        status: int = arguments.run(arguments)
    except BadInput as error:
        print(error.text(), file=sys.stderr)
        return 2
    except ExamdayError as error:
        print(error.text(), file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(_("Unusable: %(reason)s") % {"reason": error}, file=sys.stderr)
        return 2
    return status
