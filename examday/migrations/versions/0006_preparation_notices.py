"""
Preparation notices of practical papers, printed before the papers are opened

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

import examday.db

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'papers_notices',
        sa.Column('paper_id', sa.Integer(), nullable=False),
        sa.Column('content', examday.db.EncryptedText(), nullable=False),
        sa.Column('printable_from', examday.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['paper_id'], ['papers_papers.id'], name=op.f('fk_papers_notices_paper_id_papers_papers')
        ),
        sa.PrimaryKeyConstraint('paper_id', name=op.f('pk_papers_notices')),
    )


def downgrade() -> None:
    op.drop_table('papers_notices')
