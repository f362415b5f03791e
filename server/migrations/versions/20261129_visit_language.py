"""visit_language"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'dc94cb330ef3'
down_revision = '59f7b515dfa8'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('language', sa.String(length=40), nullable=True))



def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
