"""A batch whose exam day is over, with signed sheets to publish."""

import pytest

from tests.factories.sheets import FakeSheets


@pytest.fixture
def sheets(app, monkeypatch) -> FakeSheets:
    """Signed sheets without the signing: what publicity and filing read of them."""
    fake = FakeSheets(app.extensions["examday_settings"].home)
    fake.stand_in(monkeypatch)
    return fake
