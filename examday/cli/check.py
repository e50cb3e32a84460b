"""`examday check`: parse and validate certificate, filing, ID and credit-code numbers."""

import argparse
from typing import Any

from examday.cli.printing import Commands, add_json, print_json
from examday.errors import ExamdayError
from examday.i18n import gettext as _
from examday.planning.rules import numbers

KINDS = {
    "certificate": numbers.parse_certificate_no,
    "filing-no": numbers.parse_filing_no,
    "id-number": numbers.parse_id_number,
    "uscc": numbers.parse_uscc,
}


def add_to(commands: "Commands[Any]") -> None:
    """Declare the command."""
    parser = commands.add_parser("check", help=_("check a number and say why it is wrong"))
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("values", nargs="+", metavar="VALUE")
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print each value with its parts or the reason; exit 1 when one is wrong."""
    answers = [_check(arguments.kind, value) for value in arguments.values]
    if arguments.json:
        print_json({"kind": arguments.kind, "results": answers})
    else:
        for answer in answers:
            mark = "✓" if answer["valid"] else "✗"
            print(mark, answer["value"], answer.get("reason") or answer.get("parts") or "")
    return 0 if all(answer["valid"] for answer in answers) else 1


def _check(kind: str, value: str) -> dict[str, Any]:
    try:
        parts = KINDS[kind](value)
    except ExamdayError as error:
        return {"value": value, "valid": False, "code": error.code, "reason": error.text()}
    return {"value": value, "valid": True, "parts": _fields(parts)}


def _fields(parts: object) -> dict[str, Any]:
    """Give the parts of a number by name; a number within it (the filing number) by its own."""
    found = {name: getattr(parts, name) for name in getattr(parts, "__slots__", ())}
    return {
        name: _fields(part) if hasattr(part, "__slots__") else str(part)
        for name, part in found.items()
    }
