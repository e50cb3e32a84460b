"""
Statutory forms are data: one TOML file each in config/forms/<province>/ (ARCHITECTURE §5).

title    as the notice prints it            source   the notice and annex it comes from
rows     a row source (`rows.ROW_TYPES`)    columns  heading + attribute path, or a two-row group
header   lines or a grid of label and value, tick boxes included
totals   a last row that sums columns       footer   text, or label and text
stage    the step of the batch from which the form can be filled
print    paper, landscape
Every name is checked when the file is loaded; an unknown one is refused with file and line.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

from examday.filing.rules.errors import BadForm
from examday.filing.rules.rows import ROW_TYPES, FormContext

STAGES = ("planned", "signed", "publicised", "approved", "certified")
Align = Literal["center", "left", "right"]
ALIGNMENTS: tuple[Align, ...] = get_args(Align)
PLACEHOLDER = re.compile(r"\{([a-z_.]+)\}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading and the attribute path of the row it shows; width in characters."""

    heading: str
    field: str = ""
    width: int = 12
    align: Align = "center"
    columns: tuple["Column", ...] = ()

    def leaves(self) -> tuple["Column", ...]:
        """Give the columns that hold values: itself, or those below its group heading."""
        return self.columns or (self,)


@dataclass(frozen=True, slots=True)
class HeaderField:
    """A label with its value or tick boxes; span = (columns of the label, of the value)."""

    label: str
    span: tuple[int, int]
    field: str = ""
    ticks: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """The block above the table: plain `line`s, or a ruled `grid` that is part of the table."""

    style: str = "line"
    rows: tuple[tuple[HeaderField, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """The last row: a label and the sums of the named columns."""

    label: str
    sum: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Footer:
    """A line below the table, or with a label a ruled row of it; height in points, 0 = one line."""

    text: str
    label: str = ""
    height: int = 0


@dataclass(frozen=True, slots=True)
class PrintSetup:
    """Paper and orientation."""

    paper: str = "A4"
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class StatutoryForm:
    """备案表, 汇总表: a table the notice prescribes. `name` is province/file."""

    name: str
    title: str
    source: str
    stage: str
    rows: str
    columns: tuple[Column, ...]
    clauses: tuple[str, ...] = ()
    period: str = "batch"
    header: Header = Header()
    totals: Totals | None = None
    footer: tuple[Footer, ...] = ()
    print: PrintSetup = PrintSetup()

    def leaves(self) -> tuple[Column, ...]:
        """Give every column that holds values, from left to right."""
        return tuple(leaf for column in self.columns for leaf in column.leaves())


def load_forms(folder: Path) -> dict[str, StatutoryForm]:
    """Read every form definition; the file's path is the form's name."""
    return {form.name: form for form in map(load_form, sorted(folder.glob("*/*.toml")))}


def load_form(path: Path) -> StatutoryForm:
    """Read and check one definition; anything unknown is refused with file and line."""
    text = path.read_text("utf-8")
    name = f"{path.parent.name}/{path.stem}"
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise BadForm(file=path.name, line=line[1] if line else 1, reason=error) from error
    reader = _Reader(path, text)
    form: StatutoryForm = reader.build(StatutoryForm, {"name": name, **given})
    reader.check(form)
    return form


def borrowed_forms(folder: Path) -> tuple[str, ...]:
    """Name the forms a province takes from others when it has none of its own (default.toml)."""
    return tuple(tomllib.loads((folder / "default.toml").read_text("utf-8"))["forms"])


def forms_of(
    province: str, forms: Mapping[str, StatutoryForm], borrowed: tuple[str, ...]
) -> tuple[StatutoryForm, ...]:
    """Choose a province's forms: its own first, then each borrowed one it does not replace."""
    own = [form for name, form in forms.items() if name.split("/")[0] == province]
    names = {form.name.split("/")[1] for form in own}
    lent = [forms[name] for name in borrowed if name.split("/")[1] not in names]
    return tuple(sorted((*own, *lent), key=lambda form: STAGES.index(form.stage)))


def paths(owner: type) -> Iterator[str]:
    """List the attribute paths a dataclass offers, nested ones with a dot."""
    hints = get_type_hints(owner)
    for each in fields(owner):
        if is_dataclass(hints[each.name]):
            yield from (f"{each.name}.{below}" for below in paths(hints[each.name]))
        else:
            yield each.name
    yield from (name for name, value in vars(owner).items() if isinstance(value, property))


class _Reader:
    """Turns TOML tables into the dataclasses above, knowing where each word stands."""

    nested: Mapping[str, type] = {
        "columns": Column,
        "header": Header,
        "totals": Totals,
        "footer": Footer,
        "print": PrintSetup,
    }

    def __init__(self, path: Path, text: str) -> None:
        self.file = f"{path.parent.name}/{path.name}"
        self.lines = text.splitlines()

    def fail(self, word: object, reason: str) -> BadForm:
        """Say what is wrong and on which line the word stands."""
        line = next((n for n, each in enumerate(self.lines, 1) if str(word) in each), 1)
        return BadForm(file=self.file, line=line, reason=f"{reason}: {word}")

    def build(self, owner: type, given: Mapping[str, Any]) -> Any:
        """Make one dataclass, its tables first."""
        known = {each.name for each in fields(owner)}
        for key in given:
            if key not in known:
                raise self.fail(key, "unknown key")
        try:
            return owner(**{key: self._value(owner, key, value) for key, value in given.items()})
        except TypeError as error:
            raise BadForm(file=self.file, line=1, reason=error) from error

    def _value(self, owner: type, key: str, value: Any) -> Any:
        if owner is Header and key == "rows":
            return tuple(tuple(self.build(HeaderField, each) for each in row) for row in value)
        if key == "options":
            return tuple((code, label) for code, label in value)
        if key in self.nested and isinstance(value, dict):
            return self.build(self.nested[key], value)
        if key in self.nested and isinstance(value, list):
            return tuple(self.build(self.nested[key], each) for each in value)
        return tuple(value) if isinstance(value, list) else value

    def check(self, form: StatutoryForm) -> None:
        """Check the names: row source, stage, columns, totals, header, footer; then the spans."""
        if not form.source.strip():
            raise self.fail("source", "a form names its notice")
        for word, allowed, reason in self._names(form):
            if word not in allowed:
                raise self.fail(word, reason)
        width = len(form.leaves())
        for row in form.header.rows:
            if sum(sum(each.span) for each in row) != width:
                raise self.fail(row[0].label, f"spans do not add up to {width} columns")

    def _names(self, form: StatutoryForm) -> Iterator[tuple[str, frozenset[str], str]]:
        context = frozenset(paths(FormContext))
        yield form.stage, frozenset(STAGES), "unknown stage"
        yield form.rows, frozenset(ROW_TYPES), "unknown row source"
        row = frozenset(paths(ROW_TYPES[form.rows]))
        for leaf in form.leaves():
            yield leaf.field, row, "unknown column"
            yield leaf.align, frozenset(ALIGNMENTS), "unknown alignment"
        for path in form.totals.sum if form.totals else ():
            yield path, row, "unknown column"
        for each in (each for line in form.header.rows for each in line):
            name = each.field or each.ticks
            if name:
                yield name, context, "unknown field"
        for footer in form.footer:
            for name in PLACEHOLDER.findall(footer.text):
                yield name, context, "unknown field"
