"""
Read one video file in a process of its own: `python -I media_worker.py LIMITS < file`.

The file comes in as standard input, already open, so nothing here has a path to follow: no
playlist can name a neighbour, no protocol can be reached. Limits on memory, CPU time and
written bytes are set, and the network is left, before the first byte is parsed. It knows nothing of examday and prints
one JSON object; a file it cannot read gives {"error": ...} and exit status 3.

Facts come from demuxing all packets, never from header arithmetic (EVIDENCE §3.2); black,
frozen and beacon spans from the key frames.
"""

import ctypes
import itertools
import json
import resource
import statistics
import sys
from dataclasses import dataclass, field
from typing import Any

_BLACK_LUMA = 24
_FROZEN_DIFFERENCE = 0.35
_MIN_GAP_MS = 500
_SMALL = 8
_UNREADABLE = 3
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # linux/sched.h


@dataclass
class Packets:
    """What demuxing saw: presentation times and lengths in ms, and what was broken."""

    times: list[float] = field(default_factory=list)
    lengths: list[float] = field(default_factory=list)
    count: int = 0
    corrupt: int = 0
    last_corrupt: bool = False


@dataclass
class Looks:
    """What the key frames showed: (ms, is black), spans without change, beacon texts."""

    black: list[tuple[float, bool]] = field(default_factory=list)
    frozen_ms: float = 0
    beacons: list[dict[str, Any]] = field(default_factory=list)
    errors: int = 0
    decoded: int = 0


def limit(*, memory: int, cpu_seconds: int) -> None:
    """Take away what a parser does not need: memory above a limit, CPU time, writing files."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def isolate() -> bool:
    """Leave the network behind: a namespace of its own has no line out. False where forbidden."""
    libc = ctypes.CDLL(None, use_errno=True)
    # A user of a name space of its own may make the other; without root that is the only way.
    return any(libc.unshare(flags) == 0 for flags in (_NEW_USER | _NEW_NET, _NEW_NET))


def read(source: Any, *, container_format: str, deep: bool) -> dict[str, Any]:
    """Demux all of `source`, decode its key frames (all frames when `deep`), give the facts."""
    import av

    packets, looks = Packets(), Looks()
    with av.open(source, format=container_format) as container:
        video = container.streams.video[0]
        video.thread_type = "NONE"
        decoder = video.codec_context
        previous: list[Any] = []
        for packet in container.demux(video):
            if packet.size:
                _count(packets, packet)
            if packet.is_keyframe or deep or not packet.size:
                _look(decoder, packet, looks, previous, deep=deep)
        facts = {
            "format": container.format.name,
            "codec": decoder.name,
            "w": decoder.width,
            "h": decoder.height,
        }
    return facts | _measure(packets, looks)


def _count(packets: Packets, packet: Any) -> None:
    # MPEG-PS packets of some recorders carry no time of their own: counted, not timed.
    packets.count += 1
    packets.last_corrupt = bool(packet.is_corrupt)
    packets.corrupt += packets.last_corrupt
    if packet.pts is not None:
        # A program stream's packets do not always carry their own unit.
        unit = packet.time_base or packet.stream.time_base
        packets.times.append(float(packet.pts * unit) * 1000)
        if packet.duration:
            packets.lengths.append(float(packet.duration * unit) * 1000)


def _look(decoder: Any, packet: Any, looks: Looks, previous: list[Any], *, deep: bool) -> None:
    import av

    try:
        frames = decoder.decode(packet if packet.size else None)
    except (av.error.InvalidDataError, av.error.EOFError):
        looks.errors += bool(packet.size)
        return
    for frame in frames:
        looks.decoded += 1
        looks.errors += bool(getattr(frame, "is_corrupt", False))
        if frame.key_frame or not deep:
            unit = frame.time_base or packet.stream.time_base
            at = float(frame.pts * unit) * 1000 if frame.pts is not None else 0.0
            _judge(frame, at, looks, previous)


def _judge(frame: Any, at: float, looks: Looks, previous: list[Any]) -> None:
    import numpy as np

    plane = frame.planes[0]
    luma = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[:, : frame.width]
    small = luma[::_SMALL, ::_SMALL].astype(np.int16)
    is_black = bool(small.mean() < _BLACK_LUMA)
    looks.black.append((at, is_black))
    if previous and not is_black:
        then, picture = previous[0]
        if picture.shape == small.shape and np.abs(picture - small).mean() < _FROZEN_DIFFERENCE:
            looks.frozen_ms += at - then
    previous[:] = [(at, small)]
    if not is_black:
        looks.beacons.extend({"at_ms": round(at), "text": text} for text in _codes(luma))


def _codes(luma: Any) -> list[str]:
    import numpy as np
    import zxingcpp

    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(luma),
        formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]),
        try_downscale=False,
    )
    return [code.text for code in found if len(code.text) <= 64]  # noqa: PLR2004 (a beacon has 29)


def _measure(packets: Packets, looks: Looks) -> dict[str, Any]:
    times = sorted(packets.times)
    steps = [later - earlier for earlier, later in itertools.pairwise(times)]
    # A frame lasts as long as its packet says; recorders that do not say keep a steady pace.
    pace = statistics.median(packets.lengths or steps or [0.0])
    widest = max(_MIN_GAP_MS, 1.5 * pace)
    holes = [
        [round(earlier + pace), round(later)]
        for earlier, later in itertools.pairwise(times)
        if later - earlier >= widest
    ]
    first, last = (times[0], times[-1] + pace) if times else (0.0, 0.0)
    return {
        "frames": packets.count,
        "timed_frames": len(times),
        "first_pts_ms": round(first),
        "last_pts_ms": round(times[-1]) if times else 0,
        "length_ms": round(last - first),
        "max_gap_ms": round(max(steps, default=0.0)),
        "holes_ms": holes,
        "corrupt_packets": packets.corrupt,
        "is_cut": packets.last_corrupt,
        "decode_errors": looks.errors,
        "decoded": looks.decoded,
        "black_ms": round(_black_ms(looks.black, end=last)),
        "frozen_ms": round(looks.frozen_ms),
        "codes": looks.beacons,
    }


def _black_ms(pictures: list[tuple[float, bool]], *, end: float) -> float:
    ends = [at for at, _ in pictures[1:]] + [end]
    return sum(
        until - at for (at, is_black), until in zip(pictures, ends, strict=False) if is_black
    )


def main() -> int:
    """Read standard input under the limits given as one JSON argument."""
    order = json.loads(sys.argv[1])
    isolate()
    limit(memory=order["memory"], cpu_seconds=order["cpu_seconds"])
    try:
        facts = read(sys.stdin.buffer, container_format=order["format"], deep=order["deep"])
    except Exception as error:  # noqa: BLE001 (whatever a hostile file provokes is a reading error)
        print(json.dumps({"error": f"{type(error).__name__}: {error}"[:300]}))  # noqa: T201
        return _UNREADABLE
    print(json.dumps(facts))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
