"""An appeal on a decision: by when it is handled, who has it, how it ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '297fb185830d'
down_revision = 'e1a94c6d0b72'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table('assistance_request', schema=None) as batch_op:
        batch_op.add_column(sa.Column('appeal_answer_due_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('appeal_forwarded_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('appeal_decided_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('appeal_outcome', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('appeal_words', sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f('ix_assistance_request_appeal_answer_due_on'), ['appeal_answer_due_on'], unique=False)


def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
