"""Pages of supervision: the draw, the check list of a sitting, what supervisors opened."""

from examday.supervision.views import desk, ledger
from examday.supervision.views.blueprint import bp

__all__ = ["bp", "desk", "ledger"]
