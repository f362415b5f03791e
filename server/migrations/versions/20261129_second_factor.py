"""second_factor"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '12e26d448fdf'
down_revision = '7ca8796ea5e3'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table('recovery_code',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['user'], ['user_account.id'], name=op.f('fk_recovery_code_user')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_recovery_code'))
    )
    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recovery_code_user'), ['user'], unique=False)

    op.create_table('second_factor',
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('secret', sa.LargeBinary(), nullable=False),
    sa.Column('last_step', sa.BigInteger(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user'], ['user_account.id'], name=op.f('fk_second_factor_user')),
    sa.PrimaryKeyConstraint('user', name=op.f('pk_second_factor'))
    )


def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
