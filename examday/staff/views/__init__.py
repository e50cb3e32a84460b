"""Pages of staff: the door, one's own account, the list of people, training, declarations."""

from examday.staff.views import account, door, people, serving  # noqa: F401 (routes)
from examday.staff.views.blueprint import bp

__all__ = ["bp"]
