"""
Pictures out of what a scanner leaves: JPEG, PNG, TIFF with many pages, or a PDF of scans.

A scanned PDF is one picture a page; that picture is taken out as it is, nothing is rendered.
Size is read from the header before anything is unfolded, so that a small file cannot become a
wall of pixels.
"""

import io
import warnings
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from examday.i18n import gettext as _
from examday.scoring.adapters.locating import Picture
from examday.scoring.rules.refusals import BadScan

MOST_PIXELS = 60_000_000
MOST_PAGES = 500
_FORMATS = ("JPEG", "PNG", "TIFF")
_PDF = b"%PDF-"
_DEEPEST = 50
_DEVICE_CHANNELS = {"/DeviceGray": 1, "/DeviceRGB": 3, "/CalGray": 1, "/CalRGB": 3}
_EIGHT_BITS = 8


def pictures_in(content: bytes) -> Iterator[Picture | BadScan]:
    """
    Give each page of a file as a grey picture, one at a time, or why this page gives none.

    Raises BadScan for a file that cannot be read at all.
    """
    if content.lstrip()[:5] == _PDF:
        yield from _pages_of_pdf(content)
    else:
        yield from _frames(content)


def _frames(content: bytes) -> Iterator[Picture]:
    with warnings.catch_warnings():
        # Pillow warns of large pictures; they are refused below by our own measure.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            opened = Image.open(io.BytesIO(content), formats=_FORMATS)
            frames = getattr(opened, "n_frames", 1)
            if frames > MOST_PAGES:
                raise BadScan(reason=_("too many pages"))
            for frame in range(frames):
                opened.seek(frame)
                _check_size(*opened.size)
                yield _grey(content) if opened.format == "JPEG" else _of_pillow(opened)
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
            raise BadScan(reason=_("it is no JPEG, PNG, TIFF or PDF of scans")) from error


def _pages_of_pdf(content: bytes) -> Iterator[Picture | BadScan]:
    try:
        pages = list(_leaves(PdfFileReader(io.BytesIO(content), strict=False).root["/Pages"], 0))
        if len(pages) > MOST_PAGES:
            raise BadScan(reason=_("too many pages"))
    except (PdfError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BadScan(reason=_("the PDF cannot be read; scan to JPEG or TIFF")) from error
    for page in pages:
        try:
            yield _picture_of(page)
        except BadScan as refusal:
            yield refusal
        except (PdfError, KeyError, TypeError, ValueError, AttributeError, OSError):
            yield BadScan(reason=_("the PDF cannot be read; scan to JPEG or TIFF"))


def _leaves(reference: Any, depth: int) -> Iterator[Any]:
    node = reference.get_object() if hasattr(reference, "get_object") else reference
    if depth > _DEEPEST:
        raise ValueError(depth)
    if "/Kids" not in node:
        yield node
        return
    for kid in node["/Kids"]:
        yield from _leaves(kid, depth + 1)


def _picture_of(page: Any) -> Picture:
    """Take the one large picture out of a page, turned as the page says."""
    objects = page.get("/Resources", {}).get("/XObject", {})
    # Only access by name follows references.
    images = [objects[name] for name in objects if objects[name].get("/Subtype") == "/Image"]
    if not images:
        raise BadScan(reason=_("a page of the PDF holds no scanned picture"))
    largest = max(images, key=lambda one: int(one["/Width"]) * int(one["/Height"]))
    _check_size(int(largest["/Width"]), int(largest["/Height"]))
    picture = _decode(largest)
    turns = int(page.get("/Rotate", 0)) // 90 % 4
    return np.ascontiguousarray(np.rot90(picture, -turns))


def _decode(image: Any) -> Picture:
    filters = image.get("/Filter", ())
    names = [str(filters)] if not isinstance(filters, list) else [str(one) for one in filters]
    if names == ["/DCTDecode"]:
        return _grey(bytes(image.encoded_data))
    if names == ["/CCITTFaxDecode"]:
        return _fax(image)
    if names in ([], ["/FlateDecode"]):
        return _raw(image)
    raise BadScan(reason=_("the PDF is packed in a way that is not read; scan to JPEG or TIFF"))


def _raw(image: Any) -> Picture:
    width, height = int(image["/Width"]), int(image["/Height"])
    channels = _DEVICE_CHANNELS.get(str(image.get("/ColorSpace")), 0)
    bits = int(image.get("/BitsPerComponent", 1))
    data = np.frombuffer(bytes(image.data), np.uint8)
    if bits == 1 and channels == 1:
        rows = np.unpackbits(data.reshape(height, -1), axis=1)[:, :width]
        return np.asarray(rows * 255, np.uint8)
    if bits != _EIGHT_BITS or not channels:
        raise BadScan(reason=_("the PDF is packed in a way that is not read; scan to JPEG or TIFF"))
    pixels = data[: width * height * channels].reshape(height, width, channels)
    if channels == 1:
        return np.asarray(pixels[:, :, 0], np.uint8)
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def _fax(image: Any) -> Picture:
    """Unfold ITU-T T.6: a TIFF heading is put before the bytes, and Pillow reads it."""
    parameters = image.get("/DecodeParms", {})
    if int(parameters.get("/K", 0)) >= 0:
        raise BadScan(reason=_("the PDF is packed in a way that is not read; scan to JPEG or TIFF"))
    data = bytes(image.encoded_data)
    width, height = int(image["/Width"]), int(image["/Height"])
    white_is_zero = 0 if not parameters.get("/BlackIs1", False) else 1
    entries = [(256, 4, width), (257, 4, height), (258, 3, 1), (259, 3, 4), (262, 3, white_is_zero),
               (273, 4, 8 + 2 + 12 * 8 + 4), (278, 4, height), (279, 4, len(data))]  # fmt: skip
    head = b"II*\0" + (8).to_bytes(4, "little") + len(entries).to_bytes(2, "little")
    for tag, kind, value in entries:
        head += tag.to_bytes(2, "little") + kind.to_bytes(2, "little")
        head += (1).to_bytes(4, "little") + value.to_bytes(4, "little")
    return next(_frames(head + bytes(4) + data))


def _grey(content: bytes) -> Picture:
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise BadScan(reason=_("it is no JPEG, PNG, TIFF or PDF of scans"))
    return np.asarray(picture, np.uint8)


def _of_pillow(opened: Image.Image) -> Picture:
    return np.asarray(opened.convert("L"), np.uint8)


def _check_size(width: int, height: int) -> None:
    if width < 1 or height < 1 or width * height > MOST_PIXELS:
        raise BadScan(reason=_("the picture is too large; use 150 to 300 dpi"))
