"""Papers are tested with cheap custodian keys: Argon2's price is signing's business."""

import pytest


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch):
    """Derive custodian keys with 64 KiB and one pass instead of 64 MiB and three."""
    from examday.signing import custodian

    monkeypatch.setattr(custodian, "_MEMORY_KIB", 64)
    monkeypatch.setattr(custodian, "_PASSES", 1)
