"""
Question banks, imports waiting for a decision, and draws of papers

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

import examday.db

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'papers_banks',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('code', sa.String(length=40), nullable=False),
        sa.Column('title', sa.String(length=120), nullable=False),
        sa.Column('path', sa.String(length=300), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('items', sa.Integer(), nullable=False),
        sa.Column('blueprint_name', sa.String(length=200), nullable=False),
        sa.Column('blueprint', sa.LargeBinary(), nullable=False),
        sa.Column('model_name', sa.String(length=200), nullable=False),
        sa.Column('model', sa.LargeBinary(), nullable=False),
        sa.Column('changed_at', examday.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_papers_banks')),
        sa.UniqueConstraint('code', name=op.f('uq_papers_banks_code')),
    )
    op.create_table(
        'papers_imports',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('bank_id', sa.Integer(), nullable=False),
        sa.Column('file', sa.String(length=200), nullable=False),
        sa.Column('path', sa.String(length=300), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('defaults', sa.JSON(), nullable=False),
        sa.Column('found', sa.Integer(), nullable=False),
        sa.Column('good', sa.Integer(), nullable=False),
        sa.Column('report', examday.db.EncryptedText(), nullable=False),
        sa.Column('by', sa.String(length=120), nullable=False),
        sa.Column('at', examday.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['bank_id'],
            ['papers_banks.id'],
            name=op.f('fk_papers_imports_bank_id_papers_banks'),
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_papers_imports')),
    )
    op.create_index(op.f('ix_papers_imports_bank_id'), 'papers_imports', ['bank_id'])
    op.create_table(
        'papers_draws',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('bank_id', sa.Integer(), nullable=False),
        sa.Column('batch_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('papers', sa.Integer(), nullable=False),
        sa.Column('shuffled', sa.Integer(), nullable=False),
        sa.Column('source', sa.String(length=200), nullable=False),
        sa.Column('entropy', sa.String(length=200), nullable=False),
        sa.Column('relaxations', sa.JSON(), nullable=False),
        sa.Column('commitment', sa.String(length=64), nullable=False),
        sa.Column('commitment_public', sa.LargeBinary(), nullable=False),
        sa.Column('commitment_secret', examday.db.EncryptedText(), nullable=False),
        sa.Column('certificate', examday.db.EncryptedText(), nullable=False),
        sa.Column('public', sa.JSON(), nullable=False),
        sa.Column('shortage', sa.JSON(), nullable=False),
        sa.Column('swaps', examday.db.EncryptedText(), nullable=False),
        sa.Column('begun_at', examday.db.UtcDateTime(), nullable=False),
        sa.Column('begun_by', sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ['bank_id'],
            ['papers_banks.id'],
            name=op.f('fk_papers_draws_bank_id_papers_banks'),
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_papers_draws')),
        sa.UniqueConstraint('batch_id', 'number', name=op.f('uq_papers_draws_batch_id_number')),
    )
    op.create_index(op.f('ix_papers_draws_bank_id'), 'papers_draws', ['bank_id'])
    op.create_index(op.f('ix_papers_draws_batch_id'), 'papers_draws', ['batch_id'])


def downgrade() -> None:
    op.drop_table('papers_draws')
    op.drop_table('papers_imports')
    op.drop_table('papers_banks')
