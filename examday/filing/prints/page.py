"""Filled forms as a PDF, ready to sign and stamp: each form begins a page of its own."""

import hashlib
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from examday.documents import typeset
from examday.filing.rules import FilledForm

_TEMPLATE = Path(__file__).with_name("form.typ")
_ELSEWHERE = {"title", "body"}  # set by the page's heading, or line by line


def print_page(forms: tuple[FilledForm, ...], *, at: datetime) -> bytes:
    """Typeset the forms; the same forms and instant give the same bytes."""
    one = forms[0]
    data = {
        "title": one.title,
        "source": one.source,
        "paper": one.print.paper.lower(),
        "flipped": one.print.landscape,
        "widths": list(one.widths),
        "forms": [_form(form) for form in forms],
    }
    pictures = {
        _name(cell.picture): cell.picture for form in forms for cell in form.cells if cell.picture
    }
    return typeset(_TEMPLATE, data, assets=pictures, timestamp=at)


def _name(picture: bytes) -> str:
    return f"{hashlib.sha256(picture).hexdigest()}.jpg" if picture else ""


def _form(form: FilledForm) -> dict[str, Any]:
    first, last = form.head
    body = (cell for cell in form.cells if cell.part == "body")
    lines = [list(line) for _, line in groupby(body, key=attrgetter("row"))]
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
