"""
A camera for tests that speaks RTSP as cameras do: `python rtsp_camera.py PORT`.

RFC 2326 over TCP with interleaved RTP, H.264 in packets of RFC 6184 (single NAL units and FU-A),
pictures in real time until it is killed. Written from the RFCs, so that the recorder meets the
protocol and not another half of ffmpeg.
"""

import base64
import random
import socketserver
import struct
import sys
import time
from fractions import Fraction

import av
import numpy as np

PACE = 5
_CLOCK = 90_000
_LARGEST = 1400
_FU_A = 28


class Camera(socketserver.StreamRequestHandler):
    """One viewer: DESCRIBE, SETUP, PLAY, then pictures."""

    def handle(self):
        self.started = time.monotonic()
        self.encoder = av.CodecContext.create("libx264", "w")
        self.encoder.width, self.encoder.height, self.encoder.pix_fmt = 320, 240, "yuv420p"
        self.encoder.framerate, self.encoder.time_base = PACE, Fraction(1, PACE)
        self.encoder.options = {"tune": "zerolatency", "g": "5", "bf": "0"}
        self.pictures = self.film()
        first = next(self.pictures)
        sps, pps = (next(nal for nal in first[1] if nal[0] & 31 == kind) for kind in (7, 8))
        sets = ",".join(base64.b64encode(nal).decode() for nal in (sps, pps))
        sdp = (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=camera\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
            f"m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/{_CLOCK}\r\na=control:track1\r\n"
            f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}\r\n"
        )
        while request := self.rfile.readline().split():
            headers = {}
            while line := self.rfile.readline().strip():
                name, _, value = line.decode().partition(":")
                headers[name.lower()] = value.strip()
            self.answer(request[0].decode(), headers, sdp)
            if request[0] == b"PLAY":
                self.play(first)
                return

    def answer(self, method, headers, sdp):
        lines, body = [f"CSeq: {headers['cseq']}", "Session: 7;timeout=60"], ""
        if method == "OPTIONS":
            lines.append("Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN")
        elif method == "DESCRIBE":
            lines += ["Content-Type: application/sdp", f"Content-Length: {len(sdp)}"]
            body = sdp
        elif method == "SETUP":
            lines.append("Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
        self.wfile.write(("\r\n".join(["RTSP/1.0 200 OK", *lines, "", ""]) + body).encode())

    def film(self):
        """Give (number, NAL units) for each picture; each second one that stands alone."""
        noise, number = np.random.default_rng(1), 0
        while True:
            picture = noise.integers(0, 255, (240, 320, 3), np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, PACE)
            for packet in self.encoder.encode(frame):
                units = bytes(packet).replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")
                yield number, [unit for unit in units if unit]
            number += 1

    def play(self, picture):
        self.sequence, self.source = random.getrandbits(16), random.getrandbits(32)
        while True:
            number, units = picture
            time.sleep(max(self.started + number / PACE - time.monotonic(), 0))
            parts = [part for unit in units for part in fragments(unit)]
            for part in parts:
                self.send(part, number, last=part is parts[-1])
            picture = next(self.pictures)

    def send(self, payload, number, *, last):
        self.sequence = (self.sequence + 1) & 0xFFFF
        header = struct.pack(
            ">BBHII", 0x80, 96 | last << 7, self.sequence, number * _CLOCK // PACE, self.source
        )
        self.wfile.write(struct.pack(">cBH", b"$", 0, len(header + payload)) + header + payload)


def fragments(unit):
    """Split a NAL unit into RTP payloads (RFC 6184 §5.6, §5.8)."""
    if len(unit) <= _LARGEST:
        return [unit]
    rest = [unit[at : at + _LARGEST] for at in range(1, len(unit), _LARGEST)]
    kind = unit[0] & 31
    return [
        bytes([unit[0] & 0xE0 | _FU_A, (n == 0) << 7 | (n == len(rest) - 1) << 6 | kind]) + part
        for n, part in enumerate(rest)
    ]


class Server(socketserver.ThreadingTCPServer):
    """A camera serves whoever asks, and comes up again on its old port."""

    allow_reuse_address, daemon_threads = True, True


if __name__ == "__main__":
    with Server(("127.0.0.1", int(sys.argv[1])), Camera) as server:
        server.serve_forever()
