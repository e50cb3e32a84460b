"""A camera for tests: H.264 in MPEG-TS over TCP in real time. `python camera_stand_in.py PORT`."""

import sys
import time
from fractions import Fraction

import av
import numpy as np

PACE = 5


def main(port: str) -> None:
    """Wait for one viewer and send a moving picture until killed."""
    with av.open(f"tcp://127.0.0.1:{port}?listen=1", "w", format="mpegts") as out:
        stream = out.add_stream("libx264", rate=PACE, options={"tune": "zerolatency", "g": "5"})
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        noise = np.random.default_rng(1)
        start = time.monotonic()
        for number in range(10_000):
            picture = noise.integers(0, 255, (240, 320, 3), np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, PACE)
            out.mux(stream.encode(frame))
            time.sleep(max(start + (number + 1) / PACE - time.monotonic(), 0))


if __name__ == "__main__":
    main(sys.argv[1])
