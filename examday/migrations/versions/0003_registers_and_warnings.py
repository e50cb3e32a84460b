"""
Registers of equipment, warnings given, sheets planned for posting, plan versions, kept copies

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

import examday.db

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'planning_equipment',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('room_code', sa.String(length=20), nullable=False),
        sa.Column('kind', sa.String(length=12), nullable=False),
        sa.Column('name', sa.String(length=100), nullable=False),
        sa.Column('model', sa.String(length=100), nullable=False),
        sa.Column('asset_no', sa.String(length=60), nullable=False),
        sa.Column('quantity', sa.Integer(), nullable=False),
        sa.Column('used_for', sa.String(length=100), nullable=False),
        sa.Column('calibrated_to', sa.Date(), nullable=True),
        sa.Column('withdrawn_on', sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_planning_equipment')),
    )
    op.create_index(op.f('ix_planning_equipment_room_code'), 'planning_equipment', ['room_code'])
    op.create_table(
        'planning_warnings',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('batch_id', sa.Integer(), nullable=False),
        sa.Column('code', sa.String(length=40), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('state', sa.String(length=12), nullable=False),
        sa.Column('warned_at', examday.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_planning_warnings')),
        sa.UniqueConstraint(
            'batch_id', 'code', 'due_on', 'state',
            name=op.f('uq_planning_warnings_batch_id_code_due_on_state'),
        ),
    )
    op.create_index(op.f('ix_planning_warnings_batch_id'), 'planning_warnings', ['batch_id'])
    op.create_table(
        'publicity_planned',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sheet_id', sa.Integer(), nullable=False),
        sa.Column('post_on', sa.Date(), nullable=False),
        sa.Column('planned_at', examday.db.UtcDateTime(), nullable=False),
        sa.Column('planned_by', sa.String(length=80), nullable=False),
        sa.Column('outcome', sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ['sheet_id'], ['results_sheets.id'], name=op.f('fk_publicity_planned_sheet_id_results_sheets')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_publicity_planned')),
        sa.UniqueConstraint('sheet_id', name=op.f('uq_publicity_planned_sheet_id')),
    )
    op.create_index(op.f('ix_publicity_planned_post_on'), 'publicity_planned', ['post_on'])
    op.add_column('planning_batches', sa.Column('work_plan_id', sa.Integer(), nullable=True))
    op.add_column(
        'planning_batches',
        sa.Column('sub_level', sa.String(length=40), server_default='', nullable=False),
    )
    op.add_column(
        'planning_documents', sa.Column('copies', sa.Integer(), server_default='1', nullable=False)
    )
    op.add_column(
        'planning_documents',
        sa.Column('kept_at', sa.String(length=200), server_default='', nullable=False),
    )
    op.add_column(
        'staff_accounts',
        sa.Column('card_occupations', sa.JSON(), server_default='[]', nullable=False),
    )


def downgrade() -> None:
    op.drop_column('staff_accounts', 'card_occupations')
    op.drop_column('planning_documents', 'kept_at')
    op.drop_column('planning_documents', 'copies')
    op.drop_column('planning_batches', 'sub_level')
    op.drop_column('planning_batches', 'work_plan_id')
    op.drop_table('publicity_planned')
    op.drop_table('planning_warnings')
    op.drop_table('planning_equipment')
