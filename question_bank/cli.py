"""
The bank's commands: parse, call, print, exit.

Exit status 0 done, 1 findings or a refusal, 2 unusable input with one line on stderr.
With --json the last line of stdout is one JSON object.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence

from question_bank.commands import bank, changes, drawing, reports
from question_bank.commands.arguments import Answer
from question_bank.errors import BankError
from question_bank.i18n import gettext as _


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give its exit status."""
    given = _parser().parse_args(arguments)
    try:
        status, answer, lines = given.run(given)
    except BankError as error:
        print(f"question-bank: {error.text()}", file=sys.stderr)
        if given.json and error.exit_status == 1:
            print(json.dumps({"error": error.code, "text": error.text()}, ensure_ascii=False))
        return error.exit_status
    except OSError as error:
        print(f"question-bank: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    for line in lines:
        print(line)
    if given.json:
        print(json.dumps(answer, ensure_ascii=False))
    return int(status)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="question-bank", description=_("The question bank."))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str, run: Callable[[argparse.Namespace], Answer], help_: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help_, description=help_)
        command.set_defaults(run=run)
        command.add_argument("--json", action="store_true", help=_("end with one JSON object"))
        return command

    for part in (bank, reports, drawing, changes):
        part.register(add)
    return parser
