"""Pictures that are evidence: looked at by their head only, kept under their own digest."""

import io
from hashlib import sha256
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from examday.proctoring.rules.refusals import NotAPicture

_MAX_MEGABYTES = 20
_MAX_PIXELS = 60_000_000
_SUFFIX = {"JPEG": ".jpg", "PNG": ".png"}


def keep(picture: bytes, *, home: Path, folder: str) -> str:
    """
    Keep a JPEG or PNG as home/evidence/<folder>/<SHA-256>; gives its path relative to home.

    Raises NotAPicture.
    """
    if len(picture) > _MAX_MEGABYTES << 20:
        raise NotAPicture(megabytes=_MAX_MEGABYTES)
    try:
        # Reading the head is enough: nobody decodes a bomb here.
        with Image.open(io.BytesIO(picture), formats=list(_SUFFIX)) as image:
            suffix, pixels = _SUFFIX[str(image.format)], image.width * image.height
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise NotAPicture(megabytes=_MAX_MEGABYTES) from error
    if pixels > _MAX_PIXELS:
        raise NotAPicture(megabytes=_MAX_MEGABYTES)
    path = Path("evidence") / folder / f"{sha256(picture).hexdigest()}{suffix}"
    whole = home / path
    whole.parent.mkdir(parents=True, exist_ok=True)
    if not whole.exists():
        partial = whole.with_suffix(".part")
        partial.write_bytes(picture)
        partial.chmod(0o440)
        partial.rename(whole)
    return str(path)
