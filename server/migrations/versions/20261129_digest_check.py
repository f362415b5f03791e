"""digest_check"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'be640dc2b38c'
down_revision = '39ee19d287c4'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table('digest_check',
    sa.Column('replica', sa.String(length=36), nullable=False),
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('differing', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('replica', 'day', name=op.f('pk_digest_check'))
    )


def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
