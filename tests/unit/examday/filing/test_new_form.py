"""A new form is one file: menu, page, workbook, PDF and the archive take it up by themselves."""

import io
import shutil

import openpyxl
import pytest

from examday.filing import service as filing
from examday.settings import config_folder, load_settings

OFFICE = "staff:office"
# A clerk's own table, with nothing of it known to any line of Python.
FORM = """
title   = "合格人员领证登记表"
source  = "辽人社〔2020〕22号 四(四)1"
stage   = "certified"
rows    = "certified_candidates"
columns = [
  { heading = "序号", field = "serial", width = 6 },
  { heading = "姓名", field = "name" },
  { heading = "证书编号", field = "certificate_no", width = 26 },
  { heading = "领取人签字", field = "remark", width = 20 },
]
footer = [{ text = "发证机构：{body.name}" }]
"""


@pytest.fixture
def settings(tmp_path, clock):
    """A site whose config folder holds one file more."""
    home, config = tmp_path / "home", tmp_path / "config"
    home.mkdir()
    shutil.copytree(config_folder(), config)
    (config / "forms" / "liaoning" / "collection.toml").write_text(FORM, "utf-8")
    (home / "site.toml").write_text(
        "[passwords]\nargon2_memory_kib = 64\nargon2_passes = 1\n", "utf-8"
    )
    return load_settings(home, config)


def test_a_file_is_a_form_everywhere(certified, client, sign_in):
    batch = certified(3, failed=(2,), until="rostered")
    sign_in(client, "office")
    page = f"/filing/batches/{batch.id}"

    shown = client.get(page).text
    workbook = client.get(f"{page}/forms/liaoning/collection.xlsx").get_data()
    pdf = client.get(f"{page}/forms/liaoning/collection.pdf").get_data()
    bundle = filing.archive_batch(batch.id, by=OFFICE)

    assert "合格人员领证登记表" in shown
    assert f"{page}/forms/liaoning/collection.xlsx" in shown
    rows = list(openpyxl.load_workbook(io.BytesIO(workbook)).active.values)
    numbers = [each.number for each in filing.list_certificates(batch.id)]
    assert [row[2] for row in rows[2:-1]] == numbers
    assert rows[-1][0].startswith("发证机构：")
    assert pdf.startswith(b"%PDF")
    for suffix in ("xlsx", "pdf"):
        assert (bundle.folder / f"data/5-certificates/collection.{suffix}").stat().st_size > 0
    assert bundle.is_valid
