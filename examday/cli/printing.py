"""What commands share on the way out."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from examday.i18n import gettext as _

DEFAULT_HOME = Path(".examday")

Commands = argparse._SubParsersAction  # noqa: SLF001 (argparse has no public name for it)


def add_home(parser: argparse.ArgumentParser) -> None:
    """Let the operator say which site folder is meant."""
    parser.add_argument(
        "--home", type=Path, default=DEFAULT_HOME, help=_("the site's folder (default .examday)")
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Let a machine read the answer."""
    parser.add_argument("--json", action="store_true", help=_("one JSON object as the last line"))


def print_json(answer: Mapping[str, Any]) -> None:
    """Print one JSON object on one line."""
    print(json.dumps(answer, ensure_ascii=False, default=str))
