"""network_only"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'a4c1d07e9b35'
down_revision = '4a6857591653'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table('network_only',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('holds', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user'], ['user_account.id'], name=op.f('fk_network_only_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_only'))
    )
    with op.batch_alter_table('network_only', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_network_only_user'), ['user'], unique=False)


def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
