"""Pages of planning: batches, roster, arrangement, the body with its scope, the rules."""

from examday.planning.views import arrangement, batches, body, documents, roster  # noqa: F401 (routes)
from examday.planning.views.blueprint import bp

__all__ = ["bp"]
