"""What this room wraps: pictures that come from outside."""

from examday.admission.adapters.pictures import count_files, files_of

__all__ = ["count_files", "files_of"]
