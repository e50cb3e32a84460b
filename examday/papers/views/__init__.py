"""Pages of papers: the bank and its draws, custody, opening, printing, hand-overs, the room."""

from examday.papers.views import bank, chain, copies, custody, draws, items, room  # noqa: F401 (routes)
from examday.papers.views.blueprint import bp

__all__ = ["bp"]
