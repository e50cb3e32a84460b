"""Pages of planning: batches, roster, arrangement, the body with its scope, the rules."""

from examday.planning.views import (  # noqa: F401 (routes)
    arrangement,
    batches,
    body,
    documents,
    duties,
    equipment,
    roster,
)
from examday.planning.views.blueprint import bp

__all__ = ["bp"]
