"""access_log"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '7ca8796ea5e3'
down_revision = 'f4773f55e9fc'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table('access_head',
    sa.Column('id', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('chain', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_head'))
    )
    op.create_table('access_log',
    sa.Column('position', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('who', sa.String(length=60), nullable=False),
    sa.Column('roles', sa.String(length=120), nullable=False),
    sa.Column('way', sa.String(length=60), nullable=False),
    sa.Column('purpose', sa.String(length=8), nullable=False),
    sa.Column('why', sa.Text(), nullable=True),
    sa.Column('replica', sa.String(length=36), nullable=True),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('records', sa.LargeBinary(), nullable=False),
    sa.Column('chain', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('position', name=op.f('pk_access_log'))
    )
    with op.batch_alter_table('access_log', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_access_log_at'), ['at'], unique=False)



def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
