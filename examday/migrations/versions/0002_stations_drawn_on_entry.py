"""
Stations drawn on entry

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("admission_seats", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("awaits_draw", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("admission_seats", schema=None) as batch_op:
        batch_op.alter_column("awaits_draw", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("admission_seats", schema=None) as batch_op:
        batch_op.drop_column("awaits_draw")
