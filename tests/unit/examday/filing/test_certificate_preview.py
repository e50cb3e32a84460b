"""LN-24: how a certificate will look, in the sizes of the annex, and marked as a preview."""

import io
import subprocess

import pytest
from PIL import Image

from examday.admission import service as admission
from examday.errors import NotFound
from examday.filing import rules
from examday.filing import service as filing
from examday.planning import service as planning
from examday.settings import config_folder
from examday.trace import service as trace

OFFICE = "staff:office"
LAYOUT = "exports/certificates/liaoning-2020.toml"


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def test_each_certificate_shows_its_data_the_addresses_and_that_it_is_none(certified, tmp_path):
    batch = certified(4, failed=(2,))
    person = planning.list_candidates(batch.id)[0]
    picture = io.BytesIO()
    Image.effect_noise((300, 420), 60).convert("RGB").save(picture, "JPEG", quality=95)
    admission.import_photos(batch.id, [(f"{person.id_number}.jpg", picture.getvalue())], by=OFFICE)

    content = filing.preview_certificates(batch.id, part=1, by=OFFICE)

    text = text_of(content)
    for each in filing.list_certificates(batch.id):
        assert each.number in text
    for words in ("职业技能等级证书", "预览件，不作证书使用", "——", "四级/中级工", "2026-11-03"):
        assert words in text
    assert text.count("二寸彩色照片") == 2
    [entry] = trace.list_entries(action="filing:form:printed").entries
    assert entry.subject == "certificate_preview"


def test_the_sizes_are_those_of_the_annex():
    layout = rules.load_certificate_layout(config_folder() / LAYOUT)

    assert layout.sizes == {
        "frame_mm": [269, 188],
        "frame_pt": 2.25,
        "title_pt": 30,
        "text_pt": 16,
        "url_pt": 14,
        "photo_mm": [35, 49],
        "qr_mm": 30,
    }


def test_nothing_is_shown_before_the_numbers_or_beyond_the_last_part(publicised, certified):
    with pytest.raises(rules.NotApproved):
        filing.preview_certificates(publicised(3).id, part=1, by=OFFICE)
    batch = certified(3, failed=(), seed=7, code="2026-02", until="rostered")

    for part in (0, 2):
        with pytest.raises(NotFound):
            filing.preview_certificates(batch.id, part=part, by=OFFICE)


def test_an_unknown_attribute_is_refused_with_the_file(tmp_path):
    path = tmp_path / "x.toml"
    text = (config_folder() / LAYOUT).read_text("utf-8").replace('"trade"', '"hobby"')
    path.write_text(text, "utf-8")

    with pytest.raises(rules.BadForm) as refused:
        rules.load_certificate_layout(path)

    assert refused.value.params["reason"] == "hobby"
