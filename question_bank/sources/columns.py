"""
Columns of a foreign workbook, to which a person gives our names before an import.

The workbook is read in the confined child. The names stand here in the order of a form.
"""

from collections.abc import Iterator
from pathlib import Path

from question_bank.items import LETTERS
from question_bank.sources.confined import ask_child

NAMES = (
    "stem",
    "answer",
    "options",
    *(f"option_{letter}" for letter in LETTERS),
    "kind",
    "point",
    "difficulty",
    "explanation",
    "source",
    "cognition",
    "enemies",
    "author",
    "reviewer",
    "id",
)


def columns_of(path: Path) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """
    Give every column of a workbook: heading, the name we would give it, a few of its values.

    Raises UnreadableFile or HostileFile as an import does.
    """
    answer = ask_child(path.read_bytes(), file=path.name, suffix=".xlsx", request="columns")
    return ((heading, name, tuple(values)) for heading, name, values in answer["columns"])
