"""The scanner on frames as a poor webcam gives them, beside OpenCV's own detector."""

import json

import cv2
import numpy as np
import pytest

from examday.documents import qr_png
from examday.wire import NumberRule, Token, parse_scan, ticket_secret
from kiosk import cli
from kiosk.camera import Folder, Pictures, read_picture
from kiosk.errors import BadPicture
from kiosk.scanner import read, scans

SIZE = (480, 640)


def token(serial):
    values = {"body": "21012001", "day": "261020", "batch": "1", "serial": str(serial)}
    number = NumberRule().number(values)
    return Token(number, ticket_secret(bytes(32), number, issue_no=1)).text()


def code(text):
    png = np.frombuffer(qr_png(text, module_px=8, level="Q"), dtype=np.uint8)
    return cv2.imdecode(png, cv2.IMREAD_GRAYSCALE)


def frame_of(text, rng):
    """Put a ticket's code into a 640x480 frame: turned, tilted, blurred, lit badly, compressed."""
    flat = code(text)
    side = rng.uniform(105, 230)
    corners = np.float32([[0, 0], [1, 0], [1, 1], [0, 1]]) * flat.shape[0]
    angle = rng.uniform(0, 2 * np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    target = (np.float32([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * side / 2) @ turn.T
    target += rng.uniform(-0.10, 0.10, (4, 2)) * side
    target += [SIZE[1] / 2 + rng.uniform(-120, 120), SIZE[0] / 2 + rng.uniform(-60, 60)]
    move = cv2.getPerspectiveTransform(corners, target.astype(np.float32))
    frame = cv2.warpPerspective(flat, move, SIZE[::-1], flags=cv2.INTER_AREA, borderValue=200)
    frame = cv2.GaussianBlur(frame, (0, 0), rng.uniform(0.3, 1.3)).astype(np.float32)
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    glare = np.hypot(x - target[:, 0].mean(), y - target[:, 1].mean() + 40)
    frame = frame * rng.uniform(0.35, 1.0) + rng.uniform(0, 70) * np.exp(-((glare / 120) ** 2))
    frame += rng.normal(0, rng.uniform(1, 8), SIZE)
    squeezed = cv2.imencode(
        ".jpg", np.clip(frame, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 55]
    )[1]
    return cv2.imdecode(squeezed, cv2.IMREAD_GRAYSCALE)


def opencv_reads(frame):
    try:
        return cv2.QRCodeDetector().detectAndDecode(frame)[0]
    except cv2.error:
        return ""


def test_distorted_frames_are_read_rightly_and_more_often_than_by_opencv(record_property):
    rng = np.random.default_rng(20261020)
    ours = theirs = wrong = 0
    spent = []
    for serial in range(1, 121):
        text = token(serial)
        frame = frame_of(text, rng)
        reading = read(frame, slowly=True)
        spent.append(reading.milliseconds)
        ours += reading.text == text
        wrong += reading.text not in ("", text)
        theirs += opencv_reads(frame) == text
    record_property("ours", ours)
    record_property("opencv", theirs)
    record_property("mean_ms", round(float(np.mean(spent)), 1))

    assert wrong == 0
    assert ours >= 108
    assert ours > theirs


def test_an_empty_room_says_nothing():
    rng = np.random.default_rng(1)
    for _ in range(10):
        assert read(rng.integers(0, 255, SIZE, dtype=np.uint8), slowly=True).text == ""


def test_the_same_code_in_many_frames_is_one_scan(tmp_path):
    frames = [code(token(1))] * 5 + [None] + [code(token(1))] + [code(token(2))] * 2

    class Film:
        def frames(self):
            yield from frames

    assert list(scans(Film())) == [token(1), token(1), token(2)]


def test_a_folder_shows_each_picture_once_and_waits_for_whole_files(tmp_path):
    (tmp_path / "1.png").write_bytes(qr_png(token(1)))
    (tmp_path / "2.png").write_bytes(qr_png(token(2))[:40])
    (tmp_path / "notes.txt").write_text("x")
    film = Folder(tmp_path, every_seconds=0.01).frames()

    seen = [frame for frame in (next(film) for _ in range(8)) if frame is not None]
    (tmp_path / "2.png").write_bytes(qr_png(token(2)))
    later = [frame for frame in (next(film) for _ in range(8)) if frame is not None]

    assert [read(frame).text for frame in seen] == [token(1)]
    assert [read(frame).text for frame in later] == [token(2)]


def test_decode_prints_a_line_for_each_picture(tmp_path, capsys):
    good, blank, text = tmp_path / "a.png", tmp_path / "b.png", tmp_path / "c.png"
    good.write_bytes(qr_png(token(1)))
    cv2.imwrite(str(blank), np.full((60, 60), 255, np.uint8))
    text.write_text("no picture")

    assert cli.main(["decode", "--json", str(good)]) == 0
    line = json.loads(capsys.readouterr().out)
    assert (line["file"], line["text"]) == (str(good), token(1))
    assert line["milliseconds"] >= 0
    assert parse_scan(line["text"]).number.startswith("21012001261020")
    assert cli.main(["decode", "--json", str(good), str(blank)]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[1])["text"] == ""
    assert cli.main(["decode", str(text)]) == 2
    assert capsys.readouterr().err.strip()


@pytest.mark.parametrize("content", [b"", b"ffconcat version 1.0", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_refused(tmp_path, content):
    path = tmp_path / "x.png"
    path.write_bytes(content)

    with pytest.raises(BadPicture):
        list(Pictures([path]).frames())
    with pytest.raises(BadPicture):
        read_picture(tmp_path / "missing.png")
