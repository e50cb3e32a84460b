"""
Second copies of archive bundles in an object store

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

import examday.db

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'filing_copies',
        sa.Column('bundle_id', sa.Integer(), nullable=False),
        sa.Column('place', sa.String(length=300), nullable=False),
        sa.Column('copied_at', examday.db.UtcDateTime(), nullable=False),
        sa.Column('checked_at', examday.db.UtcDateTime(), nullable=False),
        sa.Column('is_whole', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ['bundle_id'], ['filing_bundles.id'], name=op.f('fk_filing_copies_bundle_id_filing_bundles')
        ),
        sa.PrimaryKeyConstraint('bundle_id', name=op.f('pk_filing_copies')),
    )
    op.create_index(op.f('ix_filing_copies_checked_at'), 'filing_copies', ['checked_at'])


def downgrade() -> None:
    op.drop_index(op.f('ix_filing_copies_checked_at'), table_name='filing_copies')
    op.drop_table('filing_copies')
