"""How roster files are written: the headings and words of config/roster.toml."""

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from examday.errors import BadInput
from examday.i18n import N_


class BadLayout(BadInput):
    """The file that says how rosters are read is wrong."""

    code = "bad_layout"
    message = N_("The file %(file)s is wrong: %(reason)s")


class NoHeadings(BadInput):
    """No row of the file looks like the heading of a roster."""

    code = "no_headings"
    message = N_(
        "No heading row was found. The file needs these columns: %(columns)s. Download the empty "
        "roster from this page and fill it in."
    )


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the headings that name it, whether it must be there and be filled, its width."""

    headings: tuple[str, ...]
    required: bool = False
    filled: bool = False
    width: int = 12


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the heading row stands (0-based) and which column holds which field."""

    row: int
    places: Mapping[str, int]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns by field, and per field the words that stand for a value."""

    columns: Mapping[str, Column]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]
    max_rows: int
    header_within: int

    def find_heading(self, rows: Sequence[Sequence[str]]) -> Heading:
        """Find the first row that names every required column."""
        for at, row in enumerate(rows[: self.header_within]):
            places = self._places(row)
            if all(field in places for field, column in self.columns.items() if column.required):
                names = {field: row[place].strip() for field, place in places.items()}
                return Heading(row=at, places=places, names=names)
        needed = [column.headings[0] for column in self.columns.values() if column.required]
        raise NoHeadings(columns=", ".join(needed))

    def value(self, field: str, text: str) -> str | None:
        """Give the value that a word stands for, or None."""
        wanted = plain(text)
        for value, words in self.words[field].items():
            if wanted in words:
                return value
        return None

    def printed(self, field: str, value: str) -> str:
        """Give the first word of a value: the one that forms print."""
        return self.words[field][value][0]

    def _places(self, row: Sequence[str]) -> dict[str, int]:
        places: dict[str, int] = {}
        for place, text in enumerate(row):
            for field, column in self.columns.items():
                if plain(text) in column.headings and field not in places:
                    places[field] = place
        return places


def plain(text: str) -> str:
    """Write full-width signs half-width and drop blanks, so that headings can be compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def load_layout(path: Path) -> Layout:
    """Read config/roster.toml."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
        return Layout(
            columns={
                field: Column(**{**column, "headings": tuple(map(plain, column["headings"]))})
                for field, column in content["columns"].items()
            },
            words={
                field: {value: tuple(words) for value, words in values.items()}
                for field, values in content["words"].items()
            },
            max_rows=content["max_rows"],
            header_within=content["header_within"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadLayout(file=path.name, reason=error) from error
