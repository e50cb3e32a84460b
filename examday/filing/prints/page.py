"""A filled form as a PDF page, ready to sign and stamp."""

from datetime import datetime
from pathlib import Path
from typing import Any

from examday.documents import typeset
from examday.filing.rules import FilledForm

_TEMPLATE = Path(__file__).with_name("form.typ")


def print_page(form: FilledForm, *, at: datetime) -> bytes:
    """Typeset the form; the same form and instant give the same bytes."""
    first, last = form.head
    data: dict[str, Any] = {
        "title": form.title,
        "source": form.source,
        "paper": form.print.paper.lower(),
        "flipped": form.print.landscape,
        "widths": list(form.widths),
        "head": {"first": first, "last": last},
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
            }
            for cell in form.cells
            if cell.part != "title"
        ],
    }
    return typeset(_TEMPLATE, data, timestamp=at)
