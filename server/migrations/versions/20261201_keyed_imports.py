"""keyed imports"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = 'e1f46a0c83d7'
down_revision = 'b7d20c915e4f'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table('clock', schema=None) as batch_op:
        batch_op.add_column(sa.Column('import_key', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('open_names_until', sa.BigInteger(), nullable=True))
    clock = sa.table('clock', sa.column('import_key'), sa.column('open_names_until'))
    ledger = sa.table('mutation', sa.column('position'))
    last = sa.select(sa.func.coalesce(sa.func.max(ledger.c.position), 0)).scalar_subquery()
    op.execute(clock.update().values(import_key=secrets.token_hex(32), open_names_until=last))
    with op.batch_alter_table('clock', schema=None) as batch_op:
        batch_op.alter_column('import_key', existing_type=sa.String(length=64), nullable=False)
        batch_op.alter_column('open_names_until', existing_type=sa.BigInteger(), nullable=False)


def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
