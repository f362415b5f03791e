"""What a finding on a safety walk is about, what is good there, and what residents propose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '94fc3828d00f'
down_revision = 'b7d2e4f90c16'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table('finding', schema=None) as batch_op:
        batch_op.add_column(sa.Column('topic', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('good', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('proposal', sa.Text(), nullable=True))


def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
