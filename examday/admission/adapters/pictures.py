"""Pictures from outside, alone or many in a ZIP; nothing is decoded here."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from examday.admission.rules import BadPhoto, TooManyPhotos
from examday.documents import MOST_PICTURE_BYTES
from examday.i18n import gettext as _

MOST_FILES = 2000


def count_files(name: str, content: bytes) -> int:
    """Count the files of an upload by the ZIP's own list, for a progress bar; 0 for a broken one."""
    if not name.lower().endswith(".zip"):
        return 1
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(not member.is_dir() for member in archive.infolist())
    except zipfile.BadZipFile:
        return 0


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
                        yield short, file.read(MOST_PICTURE_BYTES + 1)
                except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
                    yield short, b""
    except zipfile.BadZipFile as error:
        raise BadPhoto(reason=_("the ZIP is damaged; pack the photos anew")) from error
