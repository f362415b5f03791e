"""safety"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'f4773f55e9fc'
down_revision = '664ef5b5092c'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table('duty',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('area', sa.String(length=36), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=True),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty'))
    )
    with op.batch_alter_table('duty', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_area'), ['area'], unique=False)

    op.create_table('lookout',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lookout'))
    )
    op.create_table('safety_letter',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('check_in', sa.String(length=36), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('trouble', sa.String(length=60), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_safety_letter'))
    )
    with op.batch_alter_table('safety_letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_safety_letter_check_in'), ['check_in'], unique=False)
        batch_op.create_index(batch_op.f('ix_safety_letter_ended_at'), ['ended_at'], unique=False)

    op.create_table('safety_said',
    sa.Column('check_in', sa.String(length=36), nullable=False),
    sa.Column('trigger', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('check_in', 'trigger', name=op.f('pk_safety_said'))
    )
    with op.batch_alter_table('safety_said', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_safety_said_written_at'), ['written_at'], unique=False)

    op.create_table('warning_address',
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('user', name=op.f('pk_warning_address'))
    )
    op.create_table('emergency_number',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=True),
    sa.Column('telephone', sa.String(length=20), nullable=True),
    sa.Column('rank', sa.Integer(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_emergency_number_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_emergency_number'))
    )
    with op.batch_alter_table('emergency_number', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_emergency_number_area'), ['area'], unique=False)



def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
