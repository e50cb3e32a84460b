"""Bank files as other programs write them: Word documents, Moodle and QTI, pictures."""

import io
import struct
import zipfile
import zlib


def png(shade=0):
    """A sound picture of one grey pixel."""

    def chunk(name, content):
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixel = zlib.compress(bytes([0, shade]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def docx(build):
    """The bytes of a Word file that `build(document)` fills."""
    from docx import Document

    document = Document()
    build(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def package(**parts):
    """A zip of named parts, packed hard; `parts` may hold slashes in a dict passed with **."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return buffer.getvalue()


def repacked(content, **parts):
    """The same archive with some parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        kept = {name: source.read(name) for name in source.namelist()}
    return package(**kept | parts)
