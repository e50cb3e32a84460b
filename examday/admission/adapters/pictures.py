"""
Pictures from outside, made harmless: looked at before they are decoded, and written anew.

Nothing of the file that came is kept: no name, no EXIF, no bytes after the picture. What decodes
to more pixels than a camera gives is refused by its header, before memory is spent on it.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from PIL import Image, ImageOps, UnidentifiedImageError

from examday.admission.rules import BadPhoto, TooManyPhotos

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
MOST_FILES = 2000
_FEWEST_SIDE = 100
# 一寸 at 300 dpi is 295 x 413; larger is kept up to this, smaller is not blown up.
_PHOTO = (480, 640)
_THUMBNAIL = (180, 240)
_KINDS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture written anew as JPEG, and a small one for the kiosks."""

    photo: bytes
    thumbnail: bytes


def clean_picture(content: bytes) -> CleanPicture:
    """Decode and write anew; raises BadPhoto for what is no such picture, or a hostile one."""
    if len(content) > MOST_BYTES:
        raise BadPhoto(reason=f"> {MOST_BYTES >> 20} MiB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_KINDS) as opened:
                _check_header(opened)
                upright = ImageOps.exif_transpose(opened).convert("RGB")
    except BadPhoto:
        raise
    except (
        UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning,
        OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError,
    ) as error:  # fmt: skip
        raise BadPhoto(reason="JPEG, PNG, WebP") from error
    return CleanPicture(_jpeg(upright, _PHOTO, 88), _jpeg(upright, _THUMBNAIL, 78))


def files_of(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """
    Give (name, bytes) of an uploaded picture, or of each file in an uploaded ZIP.

    Names are looked at and never become paths. A member that unpacks to more than it says, or to
    more than a picture may have, is given cut short, which no picture survives.
    """
    if not name.lower().endswith(".zip"):
        yield PurePosixPath(name.replace("\\", "/")).name, content
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_FILES:
                raise TooManyPhotos(limit=MOST_FILES)
            for member in members:
                short = PurePosixPath(member.filename.replace("\\", "/")).name
                if short.startswith((".", "__MACOSX")) or member.flag_bits & 1:
                    continue
                try:
                    with archive.open(member) as file:
                        yield short, file.read(MOST_BYTES + 1)
                except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
                    yield short, b""
    except zipfile.BadZipFile as error:
        raise BadPhoto(reason="ZIP") from error


def _check_header(opened: Image.Image) -> None:
    wide, high = opened.size
    if wide * high > MOST_PIXELS or min(wide, high) < _FEWEST_SIDE:
        raise BadPhoto(reason=f"{wide} x {high}")
    if getattr(opened, "n_frames", 1) > 1:
        raise BadPhoto(reason="animated")


def _jpeg(picture: Image.Image, most: tuple[int, int], quality: int) -> bytes:
    small = picture.copy()
    small.thumbnail(most, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
