"""planning"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '7a5cf9b2a3e6'
down_revision = '12e26d448fdf'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table('access_notice', schema=None) as batch_op:
        batch_op.add_column(sa.Column('notify_by_on', sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f('ix_access_notice_notify_by_on'), ['notify_by_on'], unique=False)

    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.add_column(sa.Column('repeats_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('series', sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f('ix_activity_series'), ['series'], unique=False)

    with op.batch_alter_table('arrears_case', schema=None) as batch_op:
        batch_op.add_column(sa.Column('protest_due_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('protested_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('suit_due_on', sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f('ix_arrears_case_protest_due_on'), ['protest_due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_arrears_case_suit_due_on'), ['suit_due_on'], unique=False)

    with op.batch_alter_table('assistance_request', schema=None) as batch_op:
        batch_op.add_column(sa.Column('provisional_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('answered_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('appeal_due_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('appealed_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('forwarded_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('forwarded_to', sa.String(length=120), nullable=True))
        batch_op.create_index(batch_op.f('ix_assistance_request_answered_on'), ['answered_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_assistance_request_appeal_due_on'), ['appeal_due_on'], unique=False)

    with op.batch_alter_table('conflict_case', schema=None) as batch_op:
        batch_op.add_column(sa.Column('parties_contacted_on', sa.Date(), nullable=True))

    with op.batch_alter_table('dwelling', schema=None) as batch_op:
        batch_op.add_column(sa.Column('fire_checked_on', sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f('ix_dwelling_fire_checked_on'), ['fire_checked_on'], unique=False)

    with op.batch_alter_table('follow_up_plan', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ready_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('evaluated_on', sa.Date(), nullable=True))

    with op.batch_alter_table('planned_visit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('notice', sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column('repeats', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('repeats_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('series', sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f('ix_planned_visit_notice'), ['notice'], unique=False)
        batch_op.create_index(batch_op.f('ix_planned_visit_series'), ['series'], unique=False)

    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('tries_ended_on', sa.Date(), nullable=True))



def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
