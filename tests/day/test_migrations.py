"""The tables a migration makes are the tables the rooms declare, on both databases."""

from dataclasses import replace

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from examday.app import create_app
from examday.db import Base, db
from examday.trace import service as trace


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_migrations_make_exactly_the_declared_tables(settings, kind, request):
    if kind == "postgresql":
        settings = replace(settings, database_url=request.getfixturevalue("postgresql_url"))
    app = create_app(settings)

    with app.app_context():
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": False})
            difference = compare_metadata(context, Base.metadata)
        append_only = trace.is_append_only()
        db.session.remove()
        flask_migrate.downgrade(revision="base")
        with db.engine.connect() as connection:
            left = set(db.inspect(connection).get_table_names()) - {"alembic_version"}
        db.engine.dispose()

    assert difference == []
    assert append_only
    assert left == set()
