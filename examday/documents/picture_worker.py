"""
Decode pictures in a process of its own: `python -I picture_worker.py`, strangers' bytes in.

Limits on memory, processor time and written bytes are set and the network is left before the
first byte is looked at. It knows nothing of examday. In: b"P" for a photo or b"S" for a scanned
page, length (4 bytes, big-endian) and the picture, again and again. Out, for each: b"+" and two
JPEGs of a photo, or b"+" and the grey bytes of a page, PAGE_WIDTH to a row; b"-" and why not.
"""

import ctypes
import io
import resource
import sys
import warnings
from typing import BinaryIO

from PIL import Image, ImageOps

MOST_BYTES = {b"P": 8 << 20, b"S": 32 << 20}
# A page of A4 at 600 dpi has 35 million pixels.
MOST_PIXELS = 40_000_000
# An A4 page of this width has 150 dpi.
PAGE_WIDTH = 1240
_TALLEST = 4
_FEWEST_SIDE = 100
# 一寸 at 300 dpi is 295 x 413; larger is kept up to this, smaller is not blown up.
_PHOTO = (480, 640)
_THUMBNAIL = (180, 240)
_KINDS = ("JPEG", "PNG", "WEBP")
_MEMORY = 768 << 20
_CPU_SECONDS = 20
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # linux/sched.h


class Unusable(Exception):
    """No picture, or one that must not be decoded."""


def read(task: bytes, content: bytes) -> list[bytes]:
    """Decode by the header's leave and give what the task asks for. Raises Unusable."""
    if len(content) > MOST_BYTES[task]:
        raise Unusable(f"> {MOST_BYTES[task] >> 20} MiB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_KINDS) as opened:
                _check_header(opened)
                upright = ImageOps.exif_transpose(opened).convert("L" if task == b"S" else "RGB")
    except Unusable:
        raise
    except Exception as error:
        raise Unusable("JPEG, PNG, WebP") from error
    if task == b"S":
        return [_grey(upright)]
    return [_jpeg(upright, _PHOTO, 88), _jpeg(upright, _THUMBNAIL, 78)]


def main() -> int:
    """Read pictures until there are no more."""
    Image.preinit()  # loads the decoders, while files may still be opened
    Image.init()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    # A user of a name space of its own may make the other; without root that is the only way.
    any(libc.unshare(flags) == 0 for flags in (_NEW_USER | _NEW_NET, _NEW_NET))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while task := source.read(1):
        _allow_time()
        content = source.read(int.from_bytes(source.read(4), "big"))
        try:
            made = read(task, content)
        except Unusable as error:
            sink.write(b"-")
            _write(sink, str(error).encode())
        else:
            sink.write(b"+")
            for one in made:
                _write(sink, one)
        sink.flush()
    return 0


def _allow_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + _CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _write(sink: BinaryIO, content: bytes) -> None:
    sink.write(len(content).to_bytes(4, "big"))
    sink.write(content)


def _check_header(opened: Image.Image) -> None:
    wide, high = opened.size
    if wide * high > MOST_PIXELS or min(wide, high) < _FEWEST_SIDE:
        raise Unusable(f"{wide} x {high}")
    if getattr(opened, "n_frames", 1) > 1:
        raise Unusable("animated")


def _grey(page: Image.Image) -> bytes:
    height = round(page.height * PAGE_WIDTH / page.width)
    if not 0 < height <= _TALLEST * PAGE_WIDTH:
        raise Unusable(f"{page.width} x {page.height}")
    return page.resize((PAGE_WIDTH, height), Image.Resampling.BOX).tobytes()


def _jpeg(picture: Image.Image, most: tuple[int, int], quality: int) -> bytes:
    small = picture.copy()
    small.thumbnail(most, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
