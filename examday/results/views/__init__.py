"""Pages of results: sheets, one sheet, signing it, correcting it."""

from examday.results.views import correcting, sheets, signing  # noqa: F401 (routes)
from examday.results.views.blueprint import bp

__all__ = ["bp"]
