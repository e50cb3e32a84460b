"""
Statutory forms are data: one TOML file each in config/forms/<province>/ (ARCHITECTURE §5).

title    as the notice prints it            source   the notice and annex it comes from
rows     a row source (`rows.ROW_TYPES`)    columns  heading + attribute path, or a two-row group
each     one form for every row of the source (申报表: one per candidate); its table then shows the
         row's own `inner` lines, or `blank` empty ones to fill in by hand
header   lines or a grid of label and value, tick boxes included
side     a label left of the table
totals   a last row that sums columns       footer   text, or label and text
stage    the step of the batch from which the form can be filled
print    paper, landscape
Every name is checked when the file is loaded (`form_reading`); an unknown one is refused with
file and line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

STAGES = ("planned", "signed", "publicised", "approved", "certified")
Align = Literal["center", "left", "right"]
ALIGNMENTS: tuple[Align, ...] = get_args(Align)
PLACEHOLDER = re.compile(r"\{([a-z_.]+)\}")
ROW = "row."


@dataclass(frozen=True, slots=True)
class Column:
    """
    A column: its heading and the attribute path of the row it shows.

    `width` in characters; `span`: over how many columns of the form's grid it reaches.
    """

    heading: str
    field: str = ""
    width: int = 12
    align: Align = "center"
    span: int = 1
    columns: tuple["Column", ...] = ()

    def leaves(self) -> tuple["Column", ...]:
        """Give the columns that hold values: itself, or those below its group heading."""
        return self.columns or (self,)


@dataclass(frozen=True, slots=True)
class HeaderField:
    """
    A label with its value, tick boxes or a sentence with {fields}.

    span = (columns of the label, of the value), either may be 0; rows: how far it reaches down;
    height in points, 0 = one line; plain: a line that stands free above a ruled grid; picture: the
    field that holds a JPEG, which then stands in place of the label (一寸照片, HE-19).
    """

    label: str
    span: tuple[int, int]
    field: str = ""
    ticks: str = ""
    text: str = ""
    options: tuple[tuple[str, str], ...] = ()
    align: Align = "left"
    rows: int = 1
    height: int = 0
    plain: bool = False
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """A label left of the table, as high as its heading and lines (工作经历培训经历)."""

    label: str
    width: int = 12


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
    align: Align = "right"


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
    each: bool = False
    inner: str = ""
    blank: int = 0
    clauses: tuple[str, ...] = ()
    period: str = "batch"
    header: Header = Header()
    side: Side | None = None
    totals: Totals | None = None
    footer: tuple[Footer, ...] = ()
    print: PrintSetup = PrintSetup()

    def leaves(self) -> tuple[Column, ...]:
        """Give every column that holds values, from left to right."""
        return tuple(leaf for column in self.columns for leaf in column.leaves())

    @property
    def width(self) -> int:
        """Count the columns of the form's grid."""
        return self.left + sum(leaf.span for leaf in self.leaves())

    @property
    def left(self) -> int:
        """Give the grid column in which the table begins: beside its label, if it has one."""
        return int(self.side is not None)


def forms_of(
    province: str, forms: Mapping[str, StatutoryForm], borrowed: tuple[str, ...]
) -> tuple[StatutoryForm, ...]:
    """Choose a province's forms: its own first, then each borrowed one it does not replace."""
    own = [form for name, form in forms.items() if name.split("/")[0] == province]
    names = {form.name.split("/")[1] for form in own}
    lent = [forms[name] for name in borrowed if name.split("/")[1] not in names]
    return tuple(sorted((*own, *lent), key=lambda form: STAGES.index(form.stage)))
