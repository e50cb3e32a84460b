"""Filled forms as a PDF, ready to sign and stamp: each form begins a page of its own."""

import hashlib
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from examday.documents import count_pages, typeset
from examday.filing.prints.paging import INSET, pages_of, row_of
from examday.filing.rules import FilledForm, FormCell

log = logging.getLogger(__name__)

# Points: a sheet of A4, the margins of the template across and down, title, a line of the head.
_A4, _MARGINS, _TITLE, _LINE = (595.3, 841.9), (68.0, 85.0), 48.0, 26.0
# Lines of a heading in em, and what is left free so that a rounding breaks no page.
_HEAD_LINES, _SLACK = 2.6, 8.0
_MANY_COLUMNS = 12
_LONG = 200  # lines from which a form is broken into pages here
_TEMPLATE = Path(__file__).with_name("form.typ")
_ELSEWHERE = {"title", "body"}  # set by the page's heading, or line by line


def print_page(forms: tuple[FilledForm, ...], *, at: datetime) -> bytes:
    """Typeset the forms; the same forms and instant give the same bytes."""
    printed = [_form(form) for form in forms]
    pictures = {
        _name(cell.picture): cell.picture for form in forms for cell in form.cells if cell.picture
    }
    plan = _plan(forms[0], printed[0]) if len(forms) == 1 else {}
    if plan:
        page = typeset(_TEMPLATE, _data(forms, printed, **plan), assets=pictures, timestamp=at)
        if count_pages(page) == len(plan["pages"]):
            return page
        log.warning("form %s: not the %s pages reckoned", forms[0].name, len(plan["pages"]))
    return typeset(_TEMPLATE, _data(forms, printed), assets=pictures, timestamp=at)


def _data(
    forms: tuple[FilledForm, ...],
    printed: list[dict[str, Any]],
    *,
    pages: Sequence[int] = (),
    heights: Sequence[float] = (),
) -> dict[str, Any]:
    one = forms[0]
    return {
        "title": one.title,
        "source": one.source,
        "paper": one.print.paper.lower(),
        "flipped": one.print.landscape,
        "widths": list(one.widths),
        "size": _size(one),
        "forms": printed,
        "pages": list(pages),
        "heights": list(heights),
    }


def _size(form: FilledForm) -> float:
    """Give the size of the type in points."""
    if len(form.widths) > _MANY_COLUMNS:
        return 7.5
    return 9 if form.print.landscape else 10


def _plan(form: FilledForm, printed: dict[str, Any]) -> dict[str, Any]:
    """Reckon the pages of a long form on A4; nothing for a short one, or one with a side label."""
    texts = printed["rows"]
    if len(texts) <= _LONG or any(cell.part == "side" for cell in form.cells):
        return {}
    size, (across, down) = _size(form), _A4[:: -1 if form.print.landscape else 1]
    unit = (across - _MARGINS[0]) / sum(form.widths)
    rooms = [
        unit * sum(form.widths[cell.column : cell.column + cell.columns])
        for cell in next(_lines(form))
    ]
    rows = [row_of(line, rooms, size=size) for line in texts]
    first, last = form.head
    head = (last - first + 1) * (2 * INSET + _HEAD_LINES * size) + _SLACK
    room = down - _MARGINS[1] - head
    parts = Counter(cell.part for cell in form.cells)
    above = _TITLE + _LINE * first + sum(cell.height for cell in form.cells if cell.row < first)
    tail = _LINE * (parts["note"] + parts["value"] + 1) + sum(
        cell.height for cell in form.cells if cell.row > last and cell.part != "body"
    )
    return {
        "pages": pages_of(rows, first=room - above, rest=room, tail=tail),
        "heights": [row.height if row.is_sure else 0 for row in rows],
    }


def _name(picture: bytes) -> str:
    return f"{hashlib.sha256(picture).hexdigest()}.jpg" if picture else ""


def _form(form: FilledForm) -> dict[str, Any]:
    first, last = form.head
    lines = list(_lines(form))
    return {
        "title": form.title,
        "head": {"first": first, "last": last},
        "columns": [
            {"align": cell.align, "span": cell.columns} for cell in (lines[0] if lines else ())
        ],
        # Tens of thousands of cells: their texts alone, the rest is the column's.
        "rows": [[str(cell.value) for cell in line] for line in lines],
        "cells": [
            {
                "x": cell.column,
                "y": cell.row,
                "text": str(cell.value),
                "part": cell.part,
                "colspan": cell.columns,
                "rowspan": cell.rows,
                "align": cell.align,
                "height": cell.height,
                "picture": _name(cell.picture),
            }
            for cell in form.cells
            if cell.part not in _ELSEWHERE
        ],
    }


def _lines(form: FilledForm) -> Iterator[list[FormCell]]:
    body = (cell for cell in form.cells if cell.part == "body")
    return (list(line) for _, line in groupby(body, key=attrgetter("row")))
