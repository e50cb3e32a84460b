"""Every page names its copy, also after printing and scanning; after printing the shares go."""

import base64
import io
import subprocess
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageFilter

import examday.papers
from examday.db import db
from examday.documents import MissingGlyph, PictureJail, UnusablePicture, qr_png, typeset
from examday.papers import service as papers
from examday.papers.models import ApprovalRow
from examday.papers.rules.copies import CopyCode, read_copy_code
from examday.papers.rules.dots import read_tile, tile_of
from examday.papers.rules.printable import pictures_as_texts, printable
from examday.papers.rules.refusals import NoDots, NoSuchCopy, PrintingClosed
from examday.trace import service as trace
from tests.factories.papers import OFFICE, make_printer, make_safe, paper_payload
from tests.factories.planning import make_batch
from tests.factories.staff import make_account, sign_in_as

PRINTS = Path(examday.papers.__file__).with_name("prints")


@pytest.fixture
def opened(app):
    safe = make_safe(make_batch(candidates=6).id)
    safe.approve(0)
    safe.approve(1)
    return safe


def scanned(pdf, folder, *, dpi=150):
    """Print and scan: rasterised, turned a little, blurred and noisy, as JPEG."""
    (folder / "paper.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", str(dpi), "-gray", "-png", "paper.pdf", "page"]
    subprocess.run(command, cwd=folder, check=True)
    noise = np.random.default_rng(3)
    for path in sorted(folder.glob("page*.png")):
        page = Image.open(path).convert("L").rotate(1.5, fillcolor=255, expand=True)
        page = page.filter(ImageFilter.GaussianBlur(0.8))
        rough = np.asarray(page, np.int16) + noise.normal(0, 12, page.size[::-1]).astype(np.int16)
        Image.fromarray(rough.clip(0, 255).astype(np.uint8)).save(
            path.with_suffix(".jpg"), quality=60
        )
        yield path.with_suffix(".jpg")


def codes(path):
    found = zxingcpp.read_barcodes(np.asarray(Image.open(path)))
    return [code.text for code in found]


def test_every_scanned_page_names_its_copy(opened, tmp_path, monkeypatch):
    # One code for ever: whether a rough scan can be read must not hang on the draw of the day.
    monkeypatch.setattr("secrets.token_hex", lambda _bytes: "5EA1ED0C0DE5")
    pdf = papers.print_paper(opened.paper.id, 2, 1, make_printer().id, by=OFFICE)

    order = papers.list_print_orders(opened.paper.id)[0]
    pages = [codes(path) for path in scanned(pdf, tmp_path)]
    assert all(len(page) == 1 for page in pages)
    read = [page[0] for page in pages]
    assert sorted(set(read)) == [f"C1.{order.code}.{number}" for number in (1, 2, 3)]
    found = [papers.find_copy(text) for text in read]
    assert found == sorted(found, key=lambda copy: copy.number)
    assert next(copy.is_spare for copy in found if copy.number == 3)
    assert {copy.form_code for copy in found} == {"A"}
    # The corner with the QR is torn off: the dots still name the copy.
    last = max(tmp_path.glob("page*.jpg"))
    torn = Image.open(last)
    torn.paste(255, (torn.width // 2, torn.height * 3 // 4, torn.width, torn.height))
    torn.save(last, quality=60)
    assert codes(last) == []
    assert papers.find_copy_in_picture(last.read_bytes()) == found[-1]
    with pytest.raises(NoDots):
        papers.find_copy_in_picture(blank_page())


def blank_page():
    out = io.BytesIO()
    Image.new("L", (1240, 1754), 255).save(out, "PNG")
    return out.getvalue()


def drawn(*size, kind="PNG", **options):
    out = io.BytesIO()
    Image.new("L", size, 255).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a" + bytes(99), blank_page()[:900], drawn(9000, 9000), drawn(100, 60_000)],
    ids=["empty", "cut gif", "cut png", "too many pixels", "too tall"],
)
def test_a_hostile_scan_is_refused_in_words(client, content):
    """It is decoded apart (RELIABILITY 9): what the server says of it is what its child says."""
    sign_in_as(client, make_account("office"))

    answer = client.post("/papers/copies", data={"page_picture": (io.BytesIO(content), "s.png")})

    assert answer.status_code == 422
    assert "这个文件不能作为图片读取" in answer.text
    with pytest.raises(UnusablePicture):
        papers.find_copy_in_picture(content)


def test_a_page_comes_out_of_the_child_upright_and_of_one_width():
    turned = Image.Exif()
    turned[0x0112] = 6
    with PictureJail() as jail:
        assert jail.grey(drawn(1754, 1240, kind="JPEG", exif=turned)).shape == (1754, 1240)
        assert jail.grey(drawn(2480, 3508)).shape == (1754, 1240)
        assert jail.clean(drawn(480, 640)).photo.startswith(b"\xff\xd8")


@pytest.mark.parametrize("turns", range(4))
def test_dots_are_read_wherever_the_tile_is_cut_and_however_it_is_turned(turns):
    code = CopyCode("5EA1ED0C0DE5", 99_999)
    tile = [list(row) for row in tile_of(code)]
    for _ in range(turns):
        tile = [list(row) for row in zip(*tile[::-1], strict=True)]
    cut = [row[3:] + row[:3] for row in tile[7:] + tile[:7]]

    assert read_tile(cut) == code
    cut[0][0] = not cut[0][0]
    assert read_tile(cut) is None


def test_formulas_and_pictures_of_an_item_are_printed(app, tmp_path):
    """Lowered digits that the fonts lack come as lowered ones; a picture is in its place."""
    red = io.BytesIO()
    Image.new("RGB", (40, 30), (255, 0, 0)).save(red, "PNG")
    payload = paper_payload(items=1)
    item = payload["paper"]["sections"][0]["items"][0]
    item["stem"], item["pictures"] = "如图\ufffc，R\u2081 中 I=10\u00b2A（　　）。", ["ab" * 32]
    item["stem"] += "\n| 电压 | 电流 |\n|---|---|\n| 二百二 | $\\sqrt{5}$ |\n求 $I=\\frac{U}{R}$。"
    item["options"][0] = "$\\sum_{i=1}^{n}\\text{各支路}$"
    payload["pictures"] = {"ab" * 32: base64.b64encode(red.getvalue()).decode()}
    given = printable(payload) | {"site": "考点", "digest": "0"}
    copy = {"index": 0, "no": 1, "is_spare": False, "picture": "q.png", "dots": []}

    pdf = typeset(
        PRINTS / "paper.typ",
        given | {"copies": [copy]},
        assets=pictures_as_texts(payload) | {"q.png": qr_png("X")},
        mathematics=True,
    )

    (tmp_path / "p.pdf").write_bytes(pdf)
    shown = subprocess.run(
        ["pdftotext", tmp_path / "p.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "R1" in "".join(shown.split())
    assert not {"$", "|", "\\"} & set(shown)  # set, not written out
    assert {"√", "∑", "各", "𝑈", "二"} <= set(shown)
    fonts = subprocess.run(
        ["pdffonts", tmp_path / "p.pdf"], capture_output=True, text=True, check=True
    ).stdout
    assert "NewCMMath" in fonts
    assert all(row.split()[-5] == "yes" for row in fonts.splitlines()[2:])  # embedded
    subprocess.run(["pdftoppm", "-r", "60", "-png", "p.pdf", "s"], cwd=tmp_path, check=True)
    page = np.asarray(Image.open(next(tmp_path.glob("s*.png"))).convert("RGB"), np.int16)
    assert ((page[..., 0] > 200) & (page[..., 1] < 60)).sum() > 100


def test_a_sign_no_face_can_show_is_refused_inside_a_formula_too(app):
    payload = paper_payload(items=1)
    item = payload["paper"]["sections"][0]["items"][0]
    for latex in ("\\text{\U0001f600}", "\u0e01"):
        item["stem"] = f"求 ${latex}$ 。"
        copy = {"index": 0, "no": 1, "is_spare": False, "picture": "q.png", "dots": []}
        given = printable(payload) | {"site": "考点", "digest": "0", "copies": [copy]}
        with pytest.raises(MissingGlyph):
            typeset(PRINTS / "paper.typ", given, assets={"q.png": qr_png("X")}, mathematics=True)


def test_the_answer_key_prints_explanations_with_their_signs(app, tmp_path):
    payload = paper_payload(items=2)
    asked = payload["paper"]["sections"][0]["items"]
    asked[0]["order"] = "CABD"
    payload["key"]["items"][0]["explanation"] = "C 项的 R\u2081 分流。"
    payload["key"]["items"][1] |= {
        "answer": "\u2460 断电\u2461 R\u2082 放电，再验电 $\\frac{1}{n}$",
        "explanation": "",
    }

    pdf = typeset(
        PRINTS / "answer_key.typ",
        printable(payload) | {"site": "考点", "digest": "0"},
        assets=pictures_as_texts(payload),
        mathematics=True,
    )

    (tmp_path / "k.pdf").write_bytes(pdf)
    text = "".join(
        subprocess.run(
            ["pdftotext", tmp_path / "k.pdf", "-"], capture_output=True, text=True, check=True
        ).stdout.split()
    )
    assert "解析1、C项的R1分流。（解析按题库选项顺序，本卷选项依次为题库的CABD）" in text
    assert "2、①断电②R2放电，再验电" in text


def test_each_copy_numbers_its_own_pages(opened, tmp_path):
    pdf = papers.print_paper(opened.paper.id, 2, 1, make_printer().id, by=OFFICE)
    (tmp_path / "paper.pdf").write_bytes(pdf)

    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "paper.pdf", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert text.replace(" ", "").count("第1页") == 3
    assert text.count("（备用）") >= 1
    assert "第3份" in text.replace(" ", "")
    # Every copy has its own 密封线 on its first page, whatever page of the file that is.
    assert sum("姓名" in page and "单位名称" in page for page in text.split("\f")) == 3


@pytest.mark.parametrize(
    "text", ["", "C1.AB.1", "C1.0123456789AB.0", "C1.0123456789ab.1", "C1.0123456789AB.1\n", "x"]
)
def test_other_codes_are_no_copies(text):
    assert read_copy_code(text) is None


def test_a_copy_that_was_never_printed_is_not_found(opened):
    papers.print_paper(opened.paper.id, 2, 1, make_printer().id, by=OFFICE)
    order = papers.list_print_orders(opened.paper.id)[0]

    with pytest.raises(NoSuchCopy):
        papers.find_copy(str(CopyCode(order.code, 4)))
    with pytest.raises(NoSuchCopy):
        papers.find_copy("C1.0123456789AB.1")


def test_closing_wipes_the_shares_and_shuts_the_paper(opened):
    printer = make_printer().id
    papers.print_paper(opened.paper.id, 2, 1, printer, by=OFFICE)

    closed = papers.close_printing(opened.paper.id, by=OFFICE)

    assert not closed.is_open
    assert db.session.query(ApprovalRow).count() == 0
    assert trace.list_entries(limit=1).entries[0].facts["shares"] == 2
    with pytest.raises(PrintingClosed):
        papers.print_paper(opened.paper.id, 1, 0, printer, by=OFFICE)
    with pytest.raises(PrintingClosed):
        papers.close_printing(opened.paper.id, by=OFFICE)


def test_the_custodians_can_open_it_once_more(opened):
    papers.close_printing(opened.paper.id, by=OFFICE)
    opened.approve(0)

    assert opened.approve(2).is_open


def test_the_button_closes_the_printing(client, opened):
    sign_in_as(client, make_account("office"))
    papers.print_paper(opened.paper.id, 1, 0, make_printer().id, by=OFFICE)
    url = f"/papers/{opened.paper.id}"

    assert f"{url}/close-printing" in client.get(url).text
    assert client.post(f"{url}/close-printing").status_code == 302
    assert not papers.find_paper(opened.paper.id).is_open
