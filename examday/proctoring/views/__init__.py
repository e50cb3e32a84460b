"""Pages of proctoring: rooms, footage, exceptions, incidents, and the public clock page."""

from examday.proctoring.views import (  # noqa: F401 (routes)
    beacons,
    cameras,
    exceptions,
    footage,
    incidents,
    rooms,
    supervision,
    uploads,
    words,
)
from examday.proctoring.views.blueprint import bp

__all__ = ["bp"]
