"""looks"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import server.base

revision = '5d0c7e42b9a1'
down_revision = 'c8d15f3a7b20'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        'look_sheet',
        sa.Column('mid', sa.String(length=36), nullable=False),
        sa.Column('replica', sa.String(length=36), nullable=False),
        sa.Column('at', server.base.Instant(), nullable=False),
        sa.PrimaryKeyConstraint('mid', name=op.f('pk_look_sheet')),
    )
    op.add_column('access_log', sa.Column('looked_at', server.base.Instant(), nullable=True))


def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
