"""What this room wraps: pictures that come from outside."""

from examday.admission.adapters.pictures import (
    CleanPicture,
    PictureJail,
    clean_picture,
    files_of,
)

__all__ = ["CleanPicture", "PictureJail", "clean_picture", "files_of"]
