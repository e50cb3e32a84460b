"""Pages of filing: a batch's forms, approval, certificates and archive; the retention list."""

from examday.filing.views import archive, batch
from examday.filing.views.blueprint import bp

__all__ = ["archive", "batch", "bp"]
