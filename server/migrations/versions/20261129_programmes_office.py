"""An event has a neighbourhood; a resident says whether their words may be shared as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '664ef5b5092c'
down_revision = 'fb0c8c86cd21'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('neighbourhood', sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f('ix_event_neighbourhood'), ['neighbourhood'], unique=False)

    with op.batch_alter_table('resident_input', schema=None) as batch_op:
        batch_op.add_column(sa.Column('words_shareable', sa.Boolean(), nullable=True))



def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
