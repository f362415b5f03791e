"""readable until"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import server.base

revision = 'c8d15f3a7b20'
down_revision = '297fb185830d'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table('replica', schema=None) as batch_op:
        batch_op.add_column(sa.Column('readable_until', server.base.Instant(), nullable=True))
        batch_op.add_column(sa.Column('emptied_at', server.base.Instant(), nullable=True))


def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
