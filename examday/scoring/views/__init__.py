"""Pages of scoring: overview, the marker's table, differences and who decides them."""

from examday.scoring.views import (  # noqa: F401 (routes)
    answers,
    importing,
    marking,
    overview,
    panel,
    rubrics,
    settling,
    statistics,
    written,
)
from examday.scoring.views.blueprint import bp

__all__ = ["bp"]
