"""
Archives: the parts of a ZIP package (XLSX, DOCX, QTI) that a stranger may have made.

Every part is unpacked once under a byte budget before any parser sees it: a bomb, a part whose
header lies, a document type declaration or macros end here, soon and small.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator

from question_bank.errors import HostileFile, UnreadableFile
from question_bank.i18n import gettext as _

LARGEST_FILE = 32 * 1024 * 1024
LARGEST_UNPACKED = 96 * 1024 * 1024
MOST_ENTRIES = 20_000
# Sheets of a real bank pack 10 to 40 times; a bomb packs a thousand times.
STEEPEST = 150
SMALL_PART = 4 * 1024 * 1024
_CHUNK = 1 << 18
_DAMAGED = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error, OSError)


def parts_of(
    content: bytes, *, file: str, marker: str, most: int = MOST_ENTRIES
) -> Iterator[tuple[str, bytes]]:
    """
    Give name and bytes of every part of a package that holds a part named `marker`.

    Raises UnreadableFile for what is no such package, HostileFile for one beyond the budget of
    LARGEST_FILE packed and LARGEST_UNPACKED bytes and `most` parts.
    """
    if len(content) > LARGEST_FILE:
        raise HostileFile(file=file, why=_("it is larger than 32 MiB"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _inspect(archive, file=file, marker=marker, most=most)
            for entry in archive.infolist():
                yield entry.filename, _unpacked(archive, entry, file=file)
    except _DAMAGED as error:
        raise UnreadableFile(file=file, why=_("it is not a sound archive")) from error


def _inspect(archive: zipfile.ZipFile, *, file: str, marker: str, most: int) -> None:
    names = archive.namelist()
    if len(names) > most or len(set(names)) < len(names):
        raise HostileFile(file=file, why=_("its archive holds too many parts"))
    if marker not in names:
        raise UnreadableFile(file=file, why=_("its archive holds no %s") % marker)
    entries = archive.infolist()
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise HostileFile(file=file, why=_("it carries macros"))
    steep = any(
        entry.file_size > SMALL_PART and entry.file_size > STEEPEST * entry.compress_size
        for entry in entries
    )
    if steep or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise HostileFile(file=file, why=_("it unpacks to far more than a bank can hold"))


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, file: str) -> bytes:
    """Unpack one part; no more than its header says, and the CRC catches a header that lies."""
    with archive.open(entry) as stream:
        unpacked = b"".join(iter(lambda: stream.read(_CHUNK), b""))
    if is_declared(unpacked) and not entry.filename.lower().endswith(_PICTURES):
        raise HostileFile(file=file, why=_("it carries a document type declaration"))
    return unpacked


_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".wmf", ".emf", ".bmp")


def is_declared(xml: bytes) -> bool:
    """Whether XML bytes declare a document type or an entity, in any of the usual encodings."""
    flat = xml.replace(b"\0", b"") if b"\0" in xml[:64] else xml
    return b"<!DOCTYPE" in flat or b"<!ENTITY" in flat
