"""What the commands take, from strings and files; each reader raises BadInput."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from question_bank.demands.relaxing import Relaxation
from question_bank.errors import BadInput, UnreadableFile
from question_bank.i18n import gettext as _

Answer = tuple[int, dict[str, object], list[str]]  # exit status, JSON, lines
Add = Callable[[str, Callable[[argparse.Namespace], Answer], str], argparse.ArgumentParser]


def read_bytes(path: Path) -> bytes:
    """Read a file; raises UnreadableFile."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(file=path.name, why=error.strerror or str(error)) from error


def read_relaxations(path: Path | None) -> tuple[Relaxation, ...]:
    """Read relaxations as an infeasible assembly proposed them; raises BadInput."""
    if path is None:
        return ()
    try:
        return tuple(map(Relaxation.from_wire, json.loads(read_bytes(path))))
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(why=_("%s is no list of relaxations") % path.name) from error


def column(text: str) -> tuple[str, str]:
    """Read HEADING=NAME; raises BadInput."""
    heading, equals, name = text.partition("=")
    if not (heading and equals):
        raise BadInput(why=_("--column takes HEADING=NAME"))
    return heading, name


def custodian(text: str) -> tuple[str, bytes]:
    """Read LOGIN=HEX; raises BadInput."""
    login, equals, key = text.partition("=")
    if not (login and equals):
        raise BadInput(why=_("--custodian takes LOGIN=HEX"))
    return login, hexadecimal(key)


def hexadecimal(text: str) -> bytes:
    """Read bytes written as hexadecimal; raises BadInput."""
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise BadInput(why=_("%s is not hexadecimal") % repr(text)) from error
