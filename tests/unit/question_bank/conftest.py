"""What the tests of the bank share: one sample bank on disk, and a small bank made to order."""

from pathlib import Path

import pytest

from question_bank import import_files, load_blueprint, load_model, open_store, write_sample


@pytest.fixture(autouse=True)
def english(monkeypatch):
    """Messages are compared in English; the catalogue has its own test."""
    monkeypatch.setenv("EXAMDAY_LANG", "en")


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """The sample bank's files."""
    return write_sample(tmp_path_factory.mktemp("sample"), seed=7)


@pytest.fixture(scope="session")
def sample_store_path(sample, tmp_path_factory) -> Path:
    """A store that holds the sample bank; copy it before writing to it."""
    path = tmp_path_factory.mktemp("store") / "bank.db"
    with open_store(path) as store:
        import_files(store, [*sample.texts, sample.workbook])
    return path


@pytest.fixture
def sample_store(sample_store_path, tmp_path):
    """An open copy of the sample store."""
    path = tmp_path / "bank.db"
    path.write_bytes(sample_store_path.read_bytes())
    with open_store(path) as store:
        yield store


@pytest.fixture(scope="session")
def blueprint(sample):
    return load_blueprint(sample.blueprint)


@pytest.fixture(scope="session")
def model(sample):
    return load_model(sample.model)
