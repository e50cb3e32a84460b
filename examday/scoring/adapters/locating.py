"""
Find an answer sheet on a picture: four ArUco markers, the QR, the page laid flat.

Markers are looked for in the four corners first with one threshold window (10 ms), on the whole
page only when that fails (160 ms): a covered corner or a sheet upside down still registers,
since each marker names its corner. Fewer than three markers, or a picture coarser than 3 px/mm,
is refused: what cannot be placed is not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from examday.i18n import gettext as _
from examday.scoring.rules.answer_sheet import (
    HEIGHT_MM,
    MARKER_CENTRES,
    MARKER_MM,
    QR_CORNER,
    QR_MM,
    WIDTH_MM,
)
from examday.scoring.rules.refusals import BadScan

Picture = NDArray[np.uint8]
PX_PER_MM = 5  # of the page laid flat: 127 dpi
COARSEST_PX_PER_MM = 3.0
_FEWEST_MARKERS = 3
_CORNER_WIDTH, _CORNER_HEIGHT = 0.26, 0.20
_FARTHEST_PX = 4.0
_LEAST_INLIERS = 0.9
_WINDOW = 23
_TALLEST = 2000
_QR_ONLY = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


@dataclass(frozen=True, slots=True)
class LocatedPage:
    """A page laid flat at 5 px/mm, grey; what its QR says ("" unread), and how fine the scan was."""

    flat: Picture
    code: str
    px_per_mm: float
    markers: int


def locate(picture: Picture) -> LocatedPage:
    """Lay a grey picture flat; raises BadScan saying what is wrong with it."""
    working, shrunk = _shrink(picture)
    corners = _find_markers(working)
    if len(corners) < _FEWEST_MARKERS:
        raise BadScan(reason=_("the corner marks were not found; scan the whole sheet"))
    side = np.mean(
        [np.linalg.norm(np.roll(four, 1, axis=0) - four, axis=1) for four in corners.values()]
    )
    fineness = float(side) / MARKER_MM / shrunk
    if fineness < COARSEST_PX_PER_MM:
        raise BadScan(reason=_("the scan is too coarse; use 150 dpi or more"))
    plane = _plane(corners)
    flat = cv2.warpPerspective(
        working,
        plane,
        (int(WIDTH_MM * PX_PER_MM), int(HEIGHT_MM * PX_PER_MM)),
        flags=cv2.INTER_LINEAR,
        borderValue=255,
    )
    code = _read_code(working, plane) or (_read_code(picture, plane @ _scale(shrunk)))
    return LocatedPage(np.asarray(flat, np.uint8), code, fineness, len(corners))


def _shrink(picture: Picture) -> tuple[Picture, float]:
    height, width = picture.shape[:2]
    if min(height, width) < HEIGHT_MM:
        raise BadScan(reason=_("the scan is too coarse; use 150 dpi or more"))
    share = _TALLEST / max(height, width)
    if share >= 1:
        return picture, 1.0
    size = (round(width * share), round(height * share))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8), share


def _find_markers(picture: Picture) -> dict[int, NDArray[np.float32]]:
    quick = cv2.aruco.DetectorParameters()
    quick.adaptiveThreshWinSizeMin = quick.adaptiveThreshWinSizeMax = _WINDOW
    quick.minMarkerPerimeterRate = 0.1
    quick.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    found: dict[int, NDArray[np.float32]] = {}
    for left, top, part in _corners(picture):
        found |= _detect(part, quick, offset=(left, top))
    if len(found) < len(MARKER_CENTRES):
        thorough = cv2.aruco.DetectorParameters()
        thorough.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
        found = _detect(picture, thorough, offset=(0, 0)) | found
    return found


def _corners(picture: Picture) -> Iterator[tuple[int, int, Picture]]:
    height, width = picture.shape[:2]
    across, down = int(width * _CORNER_WIDTH), int(height * _CORNER_HEIGHT)
    for top in (0, height - down):
        for left in (0, width - across):
            yield left, top, picture[top : top + down, left : left + across]


def _detect(
    part: Picture, parameters: "cv2.aruco.DetectorParameters", *, offset: tuple[int, int]
) -> dict[int, NDArray[np.float32]]:
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    found: Any = cv2.aruco.ArucoDetector(dictionary, parameters).detectMarkers(part)
    squares, ids = found[:2]
    if ids is None:
        return {}
    return {
        int(number): square.reshape(4, 2).astype(np.float32) + np.array(offset, np.float32)
        for number, square in zip(ids.flatten(), squares, strict=True)
        if int(number) in MARKER_CENTRES
    }


def _plane(corners: dict[int, NDArray[np.float32]]) -> NDArray[np.float64]:
    """Give the homography from picture to flat page, or refuse points that do not fit one."""
    half = MARKER_MM / 2
    square = np.array([(-half, -half), (half, -half), (half, half), (-half, half)])
    there = np.concatenate([np.array(MARKER_CENTRES[number]) + square for number in corners])
    here = np.concatenate(list(corners.values()))
    plane, inliers = cv2.findHomography(here, there * PX_PER_MM, cv2.RANSAC, _FARTHEST_PX)
    if plane is None or inliers.mean() < _LEAST_INLIERS:
        raise BadScan(reason=_("the corner marks do not fit a flat sheet"))
    laid = np.asarray(plane, np.float64)
    if not _is_sane(laid, here):
        raise BadScan(reason=_("the corner marks do not fit a flat sheet"))
    return laid


def _is_sane(plane: NDArray[np.float64], here: NDArray[np.float32]) -> bool:
    # A mirrored sheet, or one turned inside out, has a negative or wild determinant.
    area = np.linalg.det(plane[:2, :2])
    shown = cv2.perspectiveTransform(here.reshape(-1, 1, 2).astype(np.float64), plane)
    return bool(area > 0 and np.isfinite(shown).all())


def _scale(share: float) -> NDArray[np.float64]:
    return np.diag([share, share, 1.0])


def _read_code(picture: Picture, plane: NDArray[np.float64]) -> str:
    """Read the QR from its place, enlarged: small modules need it (ASSEMBLY-OMR 4.3)."""
    quiet, fine = 4.0, 16.0
    left, top = QR_CORNER
    shift = np.array(
        [
            [fine / PX_PER_MM, 0, -(left - quiet) * fine],
            [0, fine / PX_PER_MM, -(top - quiet) * fine],
            [0, 0, 1],
        ]
    )
    size = int((QR_MM + 2 * quiet) * fine)
    part = cv2.warpPerspective(
        picture, shift @ plane, (size, size), flags=cv2.INTER_CUBIC, borderValue=255
    )
    for one in (part, cv2.GaussianBlur(part, (0, 0), 3), cv2.resize(part, None, fx=0.5, fy=0.5)):
        found = zxingcpp.read_barcodes(one, formats=_QR_ONLY)
        if found:
            return str(found[0].text)
    return ""
