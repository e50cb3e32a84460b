"""Pages of papers: custody, opening, printing, hand-overs, and the unsealing in the room."""

from examday.papers.views import chain, custody, room  # noqa: F401 (routes)
from examday.papers.views.blueprint import bp

__all__ = ["bp"]
