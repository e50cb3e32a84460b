"""
Answer sheets as they come from a scanner: printed by our own template, filled in and distorted.

blank_page(layout, page) draws the printed page; fill(page, layout, answers, hand) puts marks on
it; distort(picture, profile, rng) scans it badly. All is drawn from one seed, so a sheet that
reads wrongly can be made again.
"""

import io
from dataclasses import dataclass, field
from functools import cache

import cv2
import numpy as np

from examday.documents import qr_png
from examday.documents.fonts import load_fonts
from examday.scoring.prints import answer_sheet as prints
from examday.scoring.rules.answer_sheet import (
    BUBBLE_MM,
    SheetKind,
    SheetLayout,
    flag_spots,
    layout_of,
    section_of,
)

PPI = 200
SCALE = PPI / 25.4
WORDS = {"absent": "缺考", "misconduct": "违纪"}


def usual_layout(single: int = 60, multiple: int = 20, judge: int = 20) -> SheetLayout:
    """60 单选, 20 多选 of five options, 20 判断: 100 items on one page."""
    sections = [section_of("single", first=1, count=single, options=4)]
    if multiple:
        sections.append(section_of("multiple", first=single + 1, count=multiple, options=5))
    if judge:
        sections.append(section_of("judge", first=single + multiple + 1, count=judge, options=2))
    return layout_of(sections)


@cache
def blank_page(layout: SheetLayout, page: int, code: str) -> np.ndarray:
    """Typeset one page with the real template and give it as a grey picture at 200 ppi."""
    import typst

    heading = prints.SheetHeading("电工四级理论知识", "示范企业", "示范考点", "电工", WORDS)
    sheet = prints.PrintedSheet(
        "000123", tuple(code for _ in layout.pages), "张三", "21012001261020010001", "A", "R1", "07"
    )
    data = prints.sheet_data(layout, [sheet], heading)
    import json
    import tempfile
    from pathlib import Path

    template = Path(prints.__file__).with_name("answer_sheet.typ")
    house = Path(prints.__file__).parents[2] / "documents" / "house.typ"
    with tempfile.TemporaryDirectory() as folder:
        for name in data["sheets"][0]["codes"]:
            (Path(folder) / name).write_bytes(qr_png(code, module_px=4, quiet_modules=0, level="Q"))
        files = {
            "main.typ": template.read_bytes(),
            "house.typ": house.read_bytes(),
            "data.json": json.dumps(data, ensure_ascii=False).encode(),
        }
        pages = typst.compile(
            files, root=folder, font_paths=load_fonts(), ignore_system_fonts=True, format="png",
            ppi=PPI,
        )  # fmt: skip
    png = pages[page - 1] if isinstance(pages, list) else pages
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)


@dataclass
class Filled:
    """A page with marks, and what was meant: number -> letters ("" left blank)."""

    picture: np.ndarray
    meant: dict[int, str]
    odd: set[int] = field(default_factory=set)  # items nobody could read for sure


class Hand:
    """One candidate's way of marking."""

    def __init__(self, rng: np.random.Generator, style: str) -> None:
        self.rng, self.style = rng, style
        self.grey = {
            "pen": (10, 60), "pencil": (60, 110), "light": (120, 160), "faint": (165, 200),
            "cross": (20, 80), "tick": (20, 80), "blob": (30, 100), "line": (20, 90),
        }[style]  # fmt: skip

    def mark(self, picture: np.ndarray, x: float, y: float, *, strength: float = 1.0) -> None:
        """Put one mark around a centre in millimetres."""
        rng = self.rng
        layer = np.full_like(picture, 255)
        grey = float(rng.uniform(*self.grey))
        px, py = x * SCALE + rng.normal(0, 1.5), y * SCALE + rng.normal(0, 1.2)
        w, h = BUBBLE_MM[0] / 2 * SCALE, BUBBLE_MM[1] / 2 * SCALE
        ink = int(grey)
        if self.style in {"pen", "pencil", "light", "faint"}:
            share = rng.uniform(0.75, 1.05)
            cv2.ellipse(
                layer, (int(px), int(py)), (int(w * share), int(h * share)), 0, 0, 360, ink, -1
            )
        elif self.style == "blob":
            cv2.ellipse(
                layer, (int(px), int(py)), (int(w * 0.6), int(h * 0.75)), 0, 0, 360, ink, -1
            )
        elif self.style == "line":
            cv2.line(
                layer, (int(px - w), int(py)), (int(px + w), int(py)), ink, int(rng.integers(4, 8))
            )
        elif self.style == "cross":
            for s in (-1, 1):
                cv2.line(
                    layer,
                    (int(px - w * 0.9), int(py - s * h)),
                    (int(px + w * 0.9), int(py + s * h)),
                    ink,
                    int(rng.integers(3, 5)),
                )
        else:
            points = np.array(
                [(px - w, py), (px - w * 0.2, py + h), (px + w * 1.1, py - h * 1.1)], np.int32
            )
            cv2.polylines(
                layer, [points], isClosed=False, color=ink, thickness=int(rng.integers(3, 5))
            )
        # Hatching leaves paper showing; a rubber takes most of it away.
        box = (
            slice(max(int(py - 3 * h), 0), int(py + 3 * h)),
            slice(max(int(px - 3 * w), 0), int(px + 3 * w)),
        )
        texture = rng.normal(1.0, 0.10, layer[box].shape)
        dark = (255 - layer[box].astype(np.float32)) * texture * strength
        picture[box] = np.clip(picture[box].astype(np.float32) - dark, 0, 255).astype(np.uint8)


def fill(
    page: np.ndarray, layout: SheetLayout, rng: np.random.Generator, *, style: str,
    number: int = 1, blanks: float = 0.02, erased: float = 0.03, doubled: float = 0.01,
    flags: tuple[str, ...] = (),
) -> Filled:  # fmt: skip
    """Fill one page in at random: now and then blank, erased and changed, or marked twice."""
    filled = Filled(page.copy(), {})
    hand = Hand(rng, style)
    for item in layout.items_of(number):
        spots = list(item.spots)
        if rng.random() < blanks:
            filled.meant[item.no] = ""
            continue
        count = int(rng.integers(2, len(spots) + 1)) if item.kind is SheetKind.MULTIPLE else 1
        chosen = sorted(rng.choice(len(spots), count, replace=False))
        for at in chosen:
            hand.mark(filled.picture, spots[at].x, spots[at].y)
        filled.meant[item.no] = "".join(spots[at].letter for at in chosen)
        others = [at for at in range(len(spots)) if at not in chosen]
        if others and rng.random() < erased:
            at = int(rng.choice(others))
            hand.mark(
                filled.picture, spots[at].x, spots[at].y, strength=float(rng.uniform(0.06, 0.4))
            )
            filled.odd.add(item.no)
        elif others and item.kind is not SheetKind.MULTIPLE and rng.random() < doubled:
            at = int(rng.choice(others))
            hand.mark(filled.picture, spots[at].x, spots[at].y)
            filled.meant[item.no] = "?"  # no reading of it is right
    for flag, spot in flag_spots().items():
        if flag.value in flags:
            hand.mark(filled.picture, spot.x, spot.y)
    return filled


@dataclass(frozen=True)
class Profile:
    """How badly a sheet is scanned."""

    name: str
    ppi: tuple[int, int] = (150, 150)
    turn: float = 3.0
    perspective: float = 0.0
    blur: tuple[float, float] = (0.3, 0.9)
    noise: tuple[float, float] = (1, 5)
    jpeg: tuple[int, int] = (55, 92)
    gradient: float = 0.10
    contrast: tuple[float, float] = (0.85, 1.05)
    copied: bool = False
    upside_down: bool = False
    covered: bool = False


PROFILES = {
    one.name: one
    for one in (
        Profile("scan"),
        Profile("scan 200", ppi=(200, 200), turn=2.0),
        Profile("coarse", ppi=(96, 110), blur=(0.4, 0.8)),
        Profile("dirty", noise=(6, 12), gradient=0.25, jpeg=(40, 60), turn=5.0),
        Profile("photocopy", copied=True, blur=(0.6, 1.2), contrast=(1.0, 1.3)),
        Profile("washed out", contrast=(0.55, 0.7), gradient=0.15),
        Profile("upside down", upside_down=True),
        Profile("corner covered", covered=True),
        Profile("camera", perspective=0.03, gradient=0.3, turn=4.0, blur=(0.5, 1.2)),
    )
}


def distort(picture: np.ndarray, profile: Profile, rng: np.random.Generator) -> bytes:
    """Scan a page: resample, turn, blur, shade, copy, add grain; gives a JPEG."""
    img = picture.copy()
    if profile.covered:
        corner = int(26 * SCALE)
        img[-corner:, :corner] = 90
    if profile.copied:
        img = cv2.GaussianBlur(img, (0, 0), float(rng.uniform(0.5, 1.0)))
        img = np.clip((img.astype(np.float32) - 128) * rng.uniform(1.1, 1.5) + 150, 0, 255)
        for _ in range(int(rng.integers(20, 120))):
            x, y = int(rng.integers(img.shape[1])), int(rng.integers(img.shape[0]))
            cv2.circle(img, (x, y), int(rng.integers(1, 3)), 60, -1)
        img = img.astype(np.uint8)
    ppi = float(rng.uniform(*profile.ppi)) / PPI
    h, w = img.shape
    margin = 0.02
    size = (round(w * ppi * (1 + 2 * margin)), round(h * ppi * (1 + 2 * margin)))
    angle = np.deg2rad(
        rng.uniform(-profile.turn, profile.turn) + (180 if profile.upside_down else 0)
    )
    corners = np.array([(0, 0), (w, 0), (w, h), (0, h)], np.float32)
    centred = (corners - (w / 2, h / 2)) * ppi * rng.uniform(0.97, 1.0)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    there = centred @ turn.T + (size[0] / 2, size[1] / 2)
    there += rng.uniform(-1, 1, (4, 2)) * profile.perspective * size[0]
    plane = cv2.getPerspectiveTransform(corners, there.astype(np.float32))
    img = cv2.warpPerspective(
        img, plane, size, flags=cv2.INTER_AREA, borderValue=int(rng.integers(120, 256))
    )
    blur = float(rng.uniform(*profile.blur))
    img = cv2.GaussianBlur(img, (0, 0), blur).astype(np.float32)
    contrast = float(rng.uniform(*profile.contrast))
    img = (img - 255) * contrast + 255 - float(rng.uniform(0, 25))
    ramp = np.linspace(0, 1, size[0])[None, :] * rng.uniform(-1, 1)
    ramp = ramp + np.linspace(0, 1, size[1])[:, None] * rng.uniform(-1, 1)
    img *= 1 - profile.gradient * np.clip(np.abs(ramp), 0, 1)
    img += rng.normal(0, float(rng.uniform(*profile.noise)), img.shape)
    quality = int(rng.integers(*profile.jpeg))
    _ok, jpeg = cv2.imencode(
        ".jpg", np.clip(img, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    return jpeg.tobytes()


def as_pdf(jpegs: list[bytes]) -> bytes:
    """Bind JPEGs into a PDF, as a scanner does."""
    from PIL import Image

    pages = [Image.open(io.BytesIO(one)) for one in jpegs]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    return out.getvalue()
