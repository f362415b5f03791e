"""round_minutes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '59f7b515dfa8'
down_revision = '7a5cf9b2a3e6'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.add_column(sa.Column('minutes', sa.Integer(), nullable=True))



def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
