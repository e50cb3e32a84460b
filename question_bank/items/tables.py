r"""
Tables in a text: lines between bars, as many cells in each; a line of dashes sets off a head.

    | 电压/V | 电流/A |
    |---|---|
    | 220 | 5 |

A bar inside a cell is written `\|`. Two lines make a table; one line is words with bars.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FEWEST_ROWS = 2
_BAR = re.compile(r"(?<!\\)\|")
_DASHES = re.compile(r":?-+:?")


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table by row; with a head the first row is it."""

    rows: tuple[tuple[str, ...], ...]
    has_head: bool = False


def split_tables(text: str) -> list[str | Table]:
    """Part a text into words and tables, in reading order; line breaks beside a table go."""
    parts: list[str | Table] = []
    words: list[str] = []
    run: list[str] = []
    for line in [*text.split("\n"), None]:
        if (
            line is not None
            and (cells := _cells(line))
            and (not run or len(cells) == len(_cells(run[0])))
        ):
            run.append(line)
            continue
        table = _table(run)
        if table is None:
            words += run
        else:
            parts += ["\n".join(words)] if words else []
            parts.append(table)
            words = []
        run = [line] if line is not None and _cells(line) else []
        words += [] if line is None or run else [line]
    return parts + (["\n".join(words)] if words else [])


def write_table(rows: Iterable[Sequence[str]], *, has_head: bool = False) -> str:
    """Write cells as the lines of a table; a line break in a cell becomes a space."""
    lines = []
    for number, row in enumerate(rows):
        cells = [" ".join(cell.replace("|", "\\|").split()) for cell in row]
        lines.append("| " + " | ".join(cells) + " |")
        if has_head and not number:
            lines.append("|" + "---|" * len(cells))
    return "\n".join(lines)


def with_tables(text: str) -> str:
    """Write neighbouring lines of equally many cells between tabs as a table."""
    lines: list[str] = []
    run: list[list[str]] = []
    for line in [*text.split("\n"), None]:
        cells = line.split("\t") if line is not None and "\t" in line else []
        if cells and (not run or len(cells) == len(run[0])):
            run.append(cells)
            continue
        lines += [write_table(run)] if len(run) >= FEWEST_ROWS else ["\t".join(r) for r in run]
        run = [cells] if cells else []
        lines += [] if line is None or cells else [line]
    return "\n".join(lines)


def _cells(line: str) -> list[str]:
    bare = line.strip()
    if len(bare) < len("|a|") or not bare.startswith("|") or not bare.endswith("|"):
        return []
    cells = [cell.strip().replace("\\|", "|") for cell in _BAR.split(bare[1:-1])]
    return cells if len(cells) > 1 else []


def _table(run: list[str]) -> Table | None:
    rows = [tuple(_cells(line)) for line in run]
    has_head = len(rows) > 1 and all(_DASHES.fullmatch(cell) for cell in rows[1])
    if has_head:
        del rows[1]
    if len(rows) < FEWEST_ROWS:
        return None
    return Table(tuple(rows), has_head)
