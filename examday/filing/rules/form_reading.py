"""Reading form definitions: a word that is not known is refused with file and line."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

from examday.filing.rules.errors import BadForm
from examday.filing.rules.forms import (
    ALIGNMENTS,
    PLACEHOLDER,
    ROW,
    STAGES,
    Column,
    Footer,
    Header,
    HeaderField,
    PrintSetup,
    Side,
    StatutoryForm,
    Totals,
)
from examday.filing.rules.rows import ROW_TYPES, FormContext


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


def paths(owner: type) -> Iterator[str]:
    """List the attribute paths a dataclass offers, nested ones with a dot."""
    hints = get_type_hints(owner)
    for each in fields(owner):
        if is_dataclass(hints[each.name]):
            yield from (f"{each.name}.{below}" for below in paths(hints[each.name]))
        else:
            yield each.name
    yield from (name for name, value in vars(owner).items() if isinstance(value, property))


def _line_type(form: StatutoryForm) -> type | None:
    """Give the type of a line of the form's table; None where its lines are empty."""
    row = ROW_TYPES[form.rows]
    if not form.each:
        return row
    if not form.inner:
        return None
    line: type = get_args(get_type_hints(row)[form.inner])[0]
    return line


class _Reader:
    """Turns TOML tables into the form dataclasses, knowing where each word stands."""

    nested: Mapping[str, type] = {
        "columns": Column,
        "header": Header,
        "side": Side,
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
        carried = [0] * len(form.header.rows)  # what fields of earlier lines reach down into
        for at, row in enumerate(form.header.rows):
            if sum(sum(each.span) for each in row) + carried[at] != form.width:
                raise self.fail(row[0].label, f"spans do not add up to {form.width} columns")
            for each in row:
                for below in range(at + 1, min(at + each.rows, len(carried))):
                    carried[below] += sum(each.span)

    def _names(self, form: StatutoryForm) -> Iterator[tuple[str, frozenset[str], str]]:
        yield form.stage, frozenset(STAGES), "unknown stage"
        yield form.rows, frozenset(ROW_TYPES), "unknown row source"
        context = frozenset(paths(FormContext))
        if form.each:
            context |= frozenset(f"{ROW}{path}" for path in paths(ROW_TYPES[form.rows]))
        if form.inner:
            yield f"{ROW}{form.inner}", context, "unknown inner lines"
        line = _line_type(form)
        row = frozenset(paths(line)) if line else frozenset({""})
        for leaf in form.leaves():
            yield leaf.field, row, "unknown column"
            yield leaf.align, frozenset(ALIGNMENTS), "unknown alignment"
        for path in form.totals.sum if form.totals else ():
            yield path, row, "unknown column"
        for each in (each for row_ in form.header.rows for each in row_):
            for name in filter(None, (each.field, each.ticks, each.picture)):
                yield name, context, "unknown field"
        texts = (each.text for row_ in form.header.rows for each in row_)
        for text in (form.title, *texts, *(footer.text for footer in form.footer)):
            for name in PLACEHOLDER.findall(text):
                yield name, context, "unknown field"
