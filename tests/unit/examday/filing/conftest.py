"""A batch whose notice is closed, and the golden copies of forms."""

import json
import os
import re
from datetime import datetime
from pathlib import Path

import pytest

from examday.filing import service as filing
from examday.planning import service as planning
from examday.publicity import service as publicity
from tests.factories.planning import make_batch, make_body
from tests.factories.sheets import FakeSheets

OFFICE = "staff:office"
_MADE_UP = re.compile(r"(examiner|supervisor|proctor)\d+")
GOLDEN = Path(__file__).parents[3] / "golden" / "forms"


@pytest.fixture
def sheets(app, monkeypatch) -> FakeSheets:
    """Signed sheets without the signing."""
    fake = FakeSheets(app.extensions["examday_settings"].home)
    fake.stand_in(monkeypatch)
    return fake


@pytest.fixture
def publicised(sheets, clock):
    """Give publicised(candidates=6, failed=(2,)): a batch whose results stood for five days."""

    def make(
        candidates: int = 6, *, failed=(2,), seed: int = 1, code: str = "2026-01", until="reviewed"
    ):
        clock.move_to(datetime(2026, 10, 12, 9, 0))
        if not planning.list_bodies():
            # Not the employer of the roster: a form that mixes the two must show.
            make_body(name="示范重工职业技能评价中心")
        batch = make_batch(candidates, seed=seed, code=code, until=until)
        clock.move_to(datetime(2026, 10, 20, 18, 0))
        notice = publicity.publish(sheets.sign(batch, failed=failed).id, by=OFFICE)
        clock.move_to(datetime(2026, 11, 3, 10, 0))
        publicity.close_notice(notice.id, by=OFFICE)
        return batch

    return make


@pytest.fixture
def certified(publicised):
    """Give certified(…): a batch with its certificate numbers."""

    def make(*args, **more):
        batch = publicised(*args, **more)
        approve(batch)
        filing.allocate_certificates(batch.id, by=OFFICE)
        return batch

    return make


def approve(batch):
    return filing.approve_results(
        batch.id, approver="王审核", office="沈阳市职业技能鉴定中心", by=OFFICE
    )


@pytest.fixture
def golden(request):
    """Compare cells with tests/golden/forms/<name>.json; `./run golden` writes it anew."""
    writes = request.config.getoption("--golden", default=False)

    def compare(name: str, cells: list[list[str]]) -> None:
        # The factory numbers its people through a whole test run.
        cells = [[_MADE_UP.sub(r"\1", cell) for cell in row] for row in cells]
        path = GOLDEN / f"{name.replace('/', '-')}.json"
        if writes or os.environ.get("EXAMDAY_GOLDEN"):
            path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(cells, ensure_ascii=False, indent=1)
            path.write_text(f"{text}\n", "utf-8")
        assert cells == json.loads(path.read_text("utf-8"))

    return compare
