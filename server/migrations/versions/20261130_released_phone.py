"""released phone"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import server.base

revision = 'e1a94c6d0b72'
down_revision = '94fc3828d00f'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table('replica', schema=None) as batch_op:
        batch_op.add_column(sa.Column('released_at', server.base.Instant(), nullable=True))


def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
