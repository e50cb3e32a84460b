"""How Alembic sees the tables; called by Flask-Migrate inside an app context."""

from alembic import context
from flask import current_app

from examday.db import Base

engine = current_app.extensions["migrate"].db.engine

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        user_module_prefix="examday.db.",
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
