"""
Sign-ins of the staff of a sitting

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

import examday.db

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'planning_sign_ins',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('duty', sa.String(length=24), nullable=False),
        sa.Column('room_code', sa.String(length=20), nullable=False),
        sa.Column('signed_at', examday.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['sitting_id'],
            ['planning_sittings.id'],
            name=op.f('fk_planning_sign_ins_sitting_id_planning_sittings'),
        ),
        sa.ForeignKeyConstraint(
            ['account_id'],
            ['staff_accounts.id'],
            name=op.f('fk_planning_sign_ins_account_id_staff_accounts'),
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_planning_sign_ins')),
        sa.UniqueConstraint(
            'sitting_id', 'account_id', name=op.f('uq_planning_sign_ins_sitting_id_account_id')
        ),
    )
    op.create_index(op.f('ix_planning_sign_ins_sitting_id'), 'planning_sign_ins', ['sitting_id'])
    op.create_index(op.f('ix_planning_sign_ins_account_id'), 'planning_sign_ins', ['account_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_planning_sign_ins_account_id'), table_name='planning_sign_ins')
    op.drop_index(op.f('ix_planning_sign_ins_sitting_id'), table_name='planning_sign_ins')
    op.drop_table('planning_sign_ins')
