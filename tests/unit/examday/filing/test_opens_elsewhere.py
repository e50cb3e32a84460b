"""Every form opens in an office program that is not ours, and says the same there."""

import csv
import os
import shutil
import subprocess
import warnings

import pytest

from examday.filing import service as filing
from tests.unit.examday.filing.test_filing import FORMS

OFFICE_PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.filterwarnings("default::pytest.PytestWarning")
def test_libreoffice_is_here_or_it_is_said_aloud():
    """CI installs it; elsewhere a warning stands at the end of the run, not only a skip."""
    if OFFICE_PROGRAM is None:
        assert not os.environ.get("EXAMDAY_NEED_OFFICE")
        warnings.warn(
            pytest.PytestWarning(
                "LibreOffice is not installed: no form was opened in it "
                "(apt-get install libreoffice-calc-nogui)"
            ),
            stacklevel=1,
        )


@pytest.mark.skipif(OFFICE_PROGRAM is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_every_form_as_we_wrote_it(certified, tmp_path):
    batch = certified(4, failed=(2,))
    written = {}
    for name in FORMS:
        path = tmp_path / f"{name.replace('/', '-')}.xlsx"
        path.write_bytes(filing.print_form(name, batch.id, "xlsx"))
        written[path] = filing.fill_form(name, batch.id)[0].texts()

    convert(list(written), "csv", tmp_path / "csv")
    convert(list(written), "pdf", tmp_path / "pdf")

    for path, texts in written.items():
        with (tmp_path / "csv" / f"{path.stem}.csv").open(encoding="utf-8") as file:
            read = list(csv.reader(file))
        assert [[cell for cell in row if cell] for row in read] == [
            [cell for cell in row if cell] for row in texts
        ], path.name
        assert (tmp_path / "pdf" / f"{path.stem}.pdf").stat().st_size > 0


def convert(paths, kind, folder):
    """One run for all files; a file that needs repair makes no output or ends the run badly."""
    done = subprocess.run(
        [
            OFFICE_PROGRAM,
            "--headless",
            f"-env:UserInstallation=file://{folder.parent}/profile",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
            if kind == "csv"
            else kind,
            "--outdir",
            str(folder),
            *map(str, paths),
        ],
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    assert "repair" not in (done.stdout + done.stderr).lower()
    assert len(list(folder.iterdir())) == len(paths), done.stderr
