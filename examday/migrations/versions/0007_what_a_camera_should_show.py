"""
The picture a camera should show, and the least lines a plan asks of it

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        'proctoring_cameras',
        sa.Column('reference_path', sa.String(length=500), server_default='', nullable=False),
    )
    op.add_column(
        'proctoring_plans',
        sa.Column('least_lines', sa.Integer(), server_default='720', nullable=False),
    )


def downgrade() -> None:
    op.drop_column('proctoring_plans', 'least_lines')
    op.drop_column('proctoring_cameras', 'reference_path')
