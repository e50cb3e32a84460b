"""Pages of papers: the bank and its draws, custody, opening, printing, hand-overs, the room."""

from examday.papers.views import (  # noqa: F401 (routes)
    bank,
    chain,
    copies,
    custody,
    draws,
    items,
    practicals,
    room,
)
from examday.papers.views.blueprint import bp

__all__ = ["bp"]
