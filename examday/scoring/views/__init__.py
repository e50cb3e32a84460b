"""Pages of scoring: overview, the marker's table, differences and who decides them."""

from examday.scoring.views import answers, marking, overview, rubrics, settling  # noqa: F401 (routes)
from examday.scoring.views.blueprint import bp

__all__ = ["bp"]
