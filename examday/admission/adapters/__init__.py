"""What this room wraps: pictures that come from outside."""

from examday.admission.adapters.pictures import CleanPicture, clean_picture, files_of

__all__ = ["CleanPicture", "clean_picture", "files_of"]
