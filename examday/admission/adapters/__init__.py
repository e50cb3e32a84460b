"""What this room wraps: pictures that come from outside."""

from examday.admission.adapters.pictures import files_of

__all__ = ["files_of"]
