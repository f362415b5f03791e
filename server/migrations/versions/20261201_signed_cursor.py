"""signed cursor"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = 'b7d20c915e4f'
down_revision = '5d0c7e42b9a1'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table('clock', schema=None) as batch_op:
        batch_op.add_column(sa.Column('cursor_key', sa.String(length=64), nullable=True))
    clock = sa.table('clock', sa.column('cursor_key', sa.String))
    op.execute(clock.update().values(cursor_key=secrets.token_hex(32)))
    with op.batch_alter_table('clock', schema=None) as batch_op:
        batch_op.alter_column('cursor_key', existing_type=sa.String(length=64), nullable=False)


def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
