"""Thirty copies of a hundred items as one PDF: CPU seconds a copy, beside what peers need."""

import subprocess
import time
from pathlib import Path

import pytest

import examday.papers
from examday.documents import typeset
from examday.papers.rules.copies import CopyCode
from examday.papers.rules.dots import dots_of
from examday.papers.rules.printable import printable
from examday.papers.service.printing import mark_copies
from tests.factories.papers import paper_payload

COPIES = 30
# What the peers were measured at (AMC's and R/exams' own PDF of a paper of this size).
PEERS = {"auto-multiple-choice": 0.5, "R/exams": 2.0}

pytestmark = pytest.mark.slow


def test_thirty_copies_of_a_hundred_items(clock, tmp_path):
    template = Path(examday.papers.__file__).with_name("prints") / "paper.typ"
    copies, pictures = mark_copies("5EA1ED0C0DE5", COPIES, 0)
    given = printable(paper_payload(items=100)) | {"site": "site", "digest": "0" * 16}
    typeset(template, given | {"copies": copies[:1]}, assets=pictures)

    before = time.process_time()
    pdf = typeset(template, given | {"copies": copies}, assets=pictures)
    each = (time.process_time() - before) / COPIES

    (tmp_path / "paper.pdf").write_bytes(pdf)
    fonts = subprocess.run(
        ["pdffonts", tmp_path / "paper.pdf"], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    print(f"\n{each:.3f} CPU-s a copy, {len(pdf) / 1e6:.1f} MB, {len(fonts)} faces, all embedded")
    for peer, needs in PEERS.items():
        print(f"{peer} needs about {needs} CPU-s: {needs / each:.0f} times as much")
    assert fonts
    assert all("yes" in line.split()[-5:-2] for line in fonts)
    assert copies[1]["dots"] == dots_of(CopyCode("5EA1ED0C0DE5", 2))
