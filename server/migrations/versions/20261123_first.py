"""Every table of the first contract."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'fb0c8c86cd21'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table('access_list',
    sa.Column('version', sa.String(length=12), nullable=False),
    sa.Column('scopes', sa.Text(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('version', name=op.f('pk_access_list'))
    )
    op.create_table('act',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('by', sa.String(length=60), nullable=False),
    sa.Column('about', sa.String(length=36), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_act'))
    )
    with op.batch_alter_table('act', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_act_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_act_what'), ['what'], unique=False)

    op.create_table('clock',
    sa.Column('id', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('incarnation', sa.String(length=36), nullable=False),
    sa.Column('chain', sa.String(length=64), nullable=False),
    sa.Column('demo_since', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock'))
    )
    op.create_table('directory_seat',
    sa.Column('provider', sa.String(length=200), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('vouched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('token', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('provider', 'subject', name=op.f('pk_directory_seat'))
    )
    with op.batch_alter_table('directory_seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_directory_seat_user'), ['user'], unique=False)

    op.create_table('gone',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gone'))
    )
    op.create_table('hold',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('record', sa.String(length=36), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('by', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifted_by', sa.String(length=60), nullable=True),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold'))
    )
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hold_record'), ['record'], unique=False)

    op.create_table('import_line',
    sa.Column('mid', sa.String(length=36), nullable=False),
    sa.Column('run', sa.String(length=36), nullable=False),
    sa.Column('record', sa.String(length=36), nullable=False),
    sa.PrimaryKeyConstraint('mid', name=op.f('pk_import_line'))
    )
    with op.batch_alter_table('import_line', schema=None) as batch_op:
        batch_op.create_index('ix_import_line_record', ['record'], unique=False)
        batch_op.create_index('ix_import_line_run', ['run'], unique=False)

    op.create_table('import_run',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('what', sa.String(length=20), nullable=False),
    sa.Column('by', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('options', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('counts', sa.Text(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by', sa.String(length=60), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_run'))
    )
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_run_at'), ['at'], unique=False)

    op.create_table('job_run',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('period', sa.String(length=20), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('name', 'period', name=op.f('pk_job_run'))
    )
    op.create_table('login_attempt',
    sa.Column('state_sha256', sa.LargeBinary(length=32), nullable=False),
    sa.Column('browser_sha256', sa.LargeBinary(length=32), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('verifier', sa.String(length=128), nullable=False),
    sa.Column('purpose', sa.String(length=8), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=True),
    sa.Column('login_sha256', sa.LargeBinary(length=32), nullable=True),
    sa.Column('target', sa.Text(), nullable=False),
    sa.Column('kept', sa.Text(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('state_sha256', name=op.f('pk_login_attempt'))
    )
    with op.batch_alter_table('login_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_attempt_began_at'), ['began_at'], unique=False)

    op.create_table('mutation',
    sa.Column('position', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('mid', sa.String(length=36), nullable=False),
    sa.Column('clash_of', sa.String(length=36), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('replica', sa.String(length=36), nullable=False),
    sa.Column('n', sa.BigInteger(), nullable=True),
    sa.Column('author', sa.String(length=36), nullable=False),
    sa.Column('record', sa.String(length=36), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sealed', sa.Boolean(), nullable=False),
    sa.Column('raw', sa.LargeBinary(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=True),
    sa.Column('seq', sa.BigInteger(), nullable=True),
    sa.Column('effect', sa.LargeBinary(), nullable=True),
    sa.Column('waits_for', sa.String(length=64), nullable=True),
    sa.Column('chain', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('position', name=op.f('pk_mutation')),
    sa.UniqueConstraint('mid', name=op.f('uq_mutation_mid'))
    )
    with op.batch_alter_table('mutation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mutation_record'), ['record'], unique=False)
        batch_op.create_index('ix_mutation_replica_n', ['replica', 'n'], unique=False)
        batch_op.create_index('ix_mutation_unsettled', ['waits_for'], unique=False, sqlite_where=sa.text("state IN ('held', 'custody')"), postgresql_where=sa.text("state IN ('held', 'custody')"))

    op.create_table('notice',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('about', sa.String(length=36), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_notice'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_given_at'), ['given_at'], unique=False)

    op.create_table('record',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('versions', sa.LargeBinary(), nullable=False),
    sa.Column('authors', sa.LargeBinary(), nullable=False),
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('locked_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record'))
    )
    with op.batch_alter_table('record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_record_area_kind'), ['area', 'kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_record_kind_changed_at'), ['kind', 'changed_at'], unique=False)
        batch_op.create_index('ix_record_open', ['kind'], unique=False, sqlite_where=sa.text('locked_at IS NULL'), postgresql_where=sa.text('locked_at IS NULL'))

    op.create_table('rule_change',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=36), nullable=False),
    sa.Column('columns', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_change'))
    )
    op.create_table('scope_member',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('scope', sa.String(length=120), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('present', sa.Boolean(), nullable=False),
    sa.Column('withheld', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', 'scope', name=op.f('pk_scope_member')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('scope_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_scope_member_scope_seq_present'), ['scope', 'seq', 'present'], unique=False)
        batch_op.create_index('ix_scope_member_withheld', ['id'], unique=False, sqlite_where=sa.text('withheld'), postgresql_where=sa.text('withheld'))

    op.create_table('throttle',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_throttle'))
    )
    op.create_table('upload',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('replica', sa.String(length=36), nullable=False),
    sa.Column('length', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upload'))
    )
    op.create_table('user_account',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_account'))
    )
    op.create_table('absence',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('colleague', sa.String(length=36), nullable=True),
    sa.Column('from_on', sa.Date(), nullable=True),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('covered_by', sa.String(length=36), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_absence_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence'))
    )
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_absence_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_absence_from_on'), ['from_on'], unique=False)

    op.create_table('access_grant',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('source', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['user'], ['user_account.id'], name=op.f('fk_access_grant_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_grant'))
    )
    with op.batch_alter_table('access_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_access_grant_user'), ['user'], unique=False)

    op.create_table('access_notice',
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('planned_on', sa.Date(), nullable=True),
    sa.Column('planned_at', sa.String(length=5), nullable=True),
    sa.Column('basis', sa.String(length=64), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('notified_on', sa.Date(), nullable=True),
    sa.Column('channel', sa.String(length=64), nullable=True),
    sa.Column('told_after_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_access_notice_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_notice'))
    )
    with op.batch_alter_table('access_notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_access_notice_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_access_notice_planned_on'), ['planned_on'], unique=False)

    op.create_table('activity',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('building', sa.String(length=36), nullable=True),
    sa.Column('type', sa.String(length=64), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=True),
    sa.Column('where', sa.String(length=64), nullable=True),
    sa.Column('held_on', sa.Date(), nullable=True),
    sa.Column('held_at', sa.String(length=5), nullable=True),
    sa.Column('repeats', sa.String(length=64), nullable=True),
    sa.Column('invited', sa.Integer(), nullable=True),
    sa.Column('heads', sa.Integer(), nullable=True),
    sa.Column('led_by_residents', sa.Boolean(), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('handling', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_activity_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activity'))
    )
    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_activity_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_activity_building'), ['building'], unique=False)
        batch_op.create_index(batch_op.f('ix_activity_handling'), ['handling'], unique=False)
        batch_op.create_index(batch_op.f('ix_activity_held_on'), ['held_on'], unique=False)

    op.create_table('addendum',
    sa.Column('record', sa.String(length=36), nullable=True),
    sa.Column('path', sa.String(length=129), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_addendum_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_addendum'))
    )
    with op.batch_alter_table('addendum', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_addendum_record'), ['record'], unique=False)

    op.create_table('agreement',
    sa.Column('visit', sa.String(length=36), nullable=True),
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('tenancy', sa.String(length=36), nullable=True),
    sa.Column('what', sa.Text(), nullable=True),
    sa.Column('doer', sa.String(length=64), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('kept', sa.Boolean(), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_agreement_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement'))
    )
    with op.batch_alter_table('agreement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agreement_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_agreement_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_agreement_tenancy'), ['tenancy'], unique=False)
        batch_op.create_index(batch_op.f('ix_agreement_visit'), ['visit'], unique=False)

    op.create_table('area',
    sa.Column('name', sa.String(length=80), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_area_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area'))
    )
    op.create_table('arrears_case',
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('tenancy', sa.String(length=36), nullable=True),
    sa.Column('noticed_on', sa.Date(), nullable=True),
    sa.Column('contacted_on', sa.Date(), nullable=True),
    sa.Column('plan_on', sa.Date(), nullable=True),
    sa.Column('nav_on', sa.Date(), nullable=True),
    sa.Column('warned_on', sa.Date(), nullable=True),
    sa.Column('notice_on', sa.Date(), nullable=True),
    sa.Column('petition_on', sa.Date(), nullable=True),
    sa.Column('eviction_on', sa.Date(), nullable=True),
    sa.Column('outcome', sa.String(length=64), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('children', sa.Boolean(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_arrears_case_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_arrears_case'))
    )
    with op.batch_alter_table('arrears_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_arrears_case_closed_on'), ['closed_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_arrears_case_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_arrears_case_eviction_on'), ['eviction_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_arrears_case_noticed_on'), ['noticed_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_arrears_case_tenancy'), ['tenancy'], unique=False)

    op.create_table('assignment',
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('building', sa.String(length=36), nullable=True),
    sa.Column('deviation', sa.String(length=36), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('category', sa.String(length=64), nullable=True),
    sa.Column('source', sa.String(length=64), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('due_at', sa.String(length=5), nullable=True),
    sa.Column('meet', sa.String(length=120), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('done_by', sa.String(length=64), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('result', sa.Text(), nullable=True),
    sa.Column('waste_bags', sa.Integer(), nullable=True),
    sa.Column('needles', sa.Boolean(), nullable=True),
    sa.Column('handling', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_assignment_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_building'), ['building'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignment_deviation'), ['deviation'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignment_due_on'), ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignment_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignment_handling'), ['handling'], unique=False)

    op.create_table('assistance',
    sa.Column('visit', sa.String(length=36), nullable=True),
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('tenancy', sa.String(length=36), nullable=True),
    sa.Column('form', sa.String(length=64), nullable=True),
    sa.Column('type', sa.String(length=64), nullable=True),
    sa.Column('wish', sa.Text(), nullable=True),
    sa.Column('done', sa.Text(), nullable=True),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_assistance_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assistance'))
    )
    with op.batch_alter_table('assistance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assistance_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_assistance_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_assistance_tenancy'), ['tenancy'], unique=False)
        batch_op.create_index(batch_op.f('ix_assistance_visit'), ['visit'], unique=False)

    op.create_table('assistance_request',
    sa.Column('visit', sa.String(length=36), nullable=True),
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('tenancy', sa.String(length=36), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('channel', sa.String(length=64), nullable=True),
    sa.Column('representative', sa.String(length=120), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('counted_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('clock_doubtful', sa.Boolean(), nullable=True),
    sa.Column('handling', sa.String(length=16), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_assistance_request_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assistance_request'))
    )
    with op.batch_alter_table('assistance_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assistance_request_due_on'), ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_assistance_request_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_assistance_request_handling'), ['handling'], unique=False)
        batch_op.create_index(batch_op.f('ix_assistance_request_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_assistance_request_tenancy'), ['tenancy'], unique=False)
        batch_op.create_index(batch_op.f('ix_assistance_request_visit'), ['visit'], unique=False)

    op.create_table('attachment',
    sa.Column('record', sa.String(length=36), nullable=True),
    sa.Column('path', sa.String(length=129), nullable=True),
    sa.Column('caption', sa.String(length=200), nullable=True),
    sa.Column('phase', sa.String(length=64), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sha_sent', sa.String(length=64), nullable=True),
    sa.Column('size_bytes', sa.Integer(), nullable=True),
    sa.Column('mime', sa.String(length=20), nullable=True),
    sa.Column('thumbnail', sa.String(length=4), nullable=True),
    sa.Column('stored', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('refused', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_attachment_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_record'), ['record'], unique=False)

    op.create_table('building',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('address', sa.String(length=120), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=True),
    sa.Column('ownership', sa.String(length=64), nullable=True),
    sa.Column('housing_company', sa.String(length=36), nullable=True),
    sa.Column('cadastral_number', sa.String(length=30), nullable=True),
    sa.Column('building_number', sa.String(length=12), nullable=True),
    sa.Column('access', sa.Text(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_building_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_building'))
    )
    with op.batch_alter_table('building', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_building_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_building_housing_company'), ['housing_company'], unique=False)

    op.create_table('case_party',
    sa.Column('case', sa.String(length=36), nullable=True),
    sa.Column('side', sa.String(length=64), nullable=True),
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('disclosure', sa.String(length=64), nullable=True),
    sa.Column('first_contact_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_case_party_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_party'))
    )
    with op.batch_alter_table('case_party', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_party_case'), ['case'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_party_dwelling'), ['dwelling'], unique=False)

    op.create_table('check_in',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('meet', sa.String(length=120), nullable=True),
    sa.Column('who', sa.String(length=36), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('out_now', sa.Boolean(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('escalated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('taken_by', sa.String(length=36), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_check_in_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_in'))
    )
    with op.batch_alter_table('check_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_check_in_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_check_in_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_check_in_ends_at'), ['ends_at'], unique=False)

    op.create_table('checklist',
    sa.Column('code', sa.String(length=20), nullable=True),
    sa.Column('edition', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=120), nullable=True),
    sa.Column('purpose', sa.String(length=200), nullable=True),
    sa.Column('form', sa.String(length=64), nullable=True),
    sa.Column('subject', sa.String(length=64), nullable=True),
    sa.Column('published', sa.Boolean(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_checklist_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checklist'))
    )
    op.create_table('checklist_run',
    sa.Column('visit', sa.String(length=36), nullable=True),
    sa.Column('round', sa.String(length=36), nullable=True),
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('building', sa.String(length=36), nullable=True),
    sa.Column('tenancy', sa.String(length=36), nullable=True),
    sa.Column('checklist', sa.String(length=20), nullable=True),
    sa.Column('edition', sa.Integer(), nullable=True),
    sa.Column('subject', sa.String(length=64), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_checklist_run_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checklist_run'))
    )
    with op.batch_alter_table('checklist_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_checklist_run_building'), ['building'], unique=False)
        batch_op.create_index(batch_op.f('ix_checklist_run_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_checklist_run_round'), ['round'], unique=False)
        batch_op.create_index(batch_op.f('ix_checklist_run_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_checklist_run_tenancy'), ['tenancy'], unique=False)
        batch_op.create_index(batch_op.f('ix_checklist_run_visit'), ['visit'], unique=False)

    op.create_table('colleague',
    sa.Column('name', sa.String(length=80), nullable=True),
    sa.Column('team', sa.String(length=80), nullable=True),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_colleague_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_colleague'))
    )
    op.create_table('complaint',
    sa.Column('case', sa.String(length=36), nullable=True),
    sa.Column('building', sa.String(length=36), nullable=True),
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('channel', sa.String(length=64), nullable=True),
    sa.Column('category', sa.String(length=64), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('frequency', sa.String(length=64), nullable=True),
    sa.Column('homes_lie', sa.String(length=200), nullable=True),
    sa.Column('contact_so_far', sa.Text(), nullable=True),
    sa.Column('others', sa.Boolean(), nullable=True),
    sa.Column('desired', sa.Text(), nullable=True),
    sa.Column('police', sa.Boolean(), nullable=True),
    sa.Column('disclosure', sa.String(length=64), nullable=True),
    sa.Column('complainant', sa.String(length=120), nullable=True),
    sa.Column('acknowledge_due_on', sa.Date(), nullable=True),
    sa.Column('acknowledged_on', sa.Date(), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_complaint_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint'))
    )
    with op.batch_alter_table('complaint', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_acknowledge_due_on'), ['acknowledge_due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_building'), ['building'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_case'), ['case'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_received_on'), ['received_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_status'), ['status'], unique=False)

    op.create_table('conflict_agreement',
    sa.Column('case', sa.String(length=36), nullable=True),
    sa.Column('agreed_on', sa.Date(), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('first_due_on', sa.Date(), nullable=True),
    sa.Column('first_on', sa.Date(), nullable=True),
    sa.Column('first_holds', sa.String(length=64), nullable=True),
    sa.Column('second_due_on', sa.Date(), nullable=True),
    sa.Column('second_on', sa.Date(), nullable=True),
    sa.Column('second_holds', sa.String(length=64), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_conflict_agreement_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conflict_agreement'))
    )
    with op.batch_alter_table('conflict_agreement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conflict_agreement_agreed_on'), ['agreed_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_conflict_agreement_case'), ['case'], unique=False)
        batch_op.create_index(batch_op.f('ix_conflict_agreement_first_due_on'), ['first_due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_conflict_agreement_second_due_on'), ['second_due_on'], unique=False)

    op.create_table('conflict_case',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('building', sa.String(length=36), nullable=True),
    sa.Column('title', sa.String(length=120), nullable=True),
    sa.Column('category', sa.String(length=64), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=True),
    sa.Column('parties_due_on', sa.Date(), nullable=True),
    sa.Column('handling', sa.String(length=16), nullable=True),
    sa.Column('outcome', sa.String(length=64), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_conflict_case_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conflict_case'))
    )
    with op.batch_alter_table('conflict_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conflict_case_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_conflict_case_building'), ['building'], unique=False)
        batch_op.create_index(batch_op.f('ix_conflict_case_handling'), ['handling'], unique=False)
        batch_op.create_index(batch_op.f('ix_conflict_case_opened_on'), ['opened_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_conflict_case_parties_due_on'), ['parties_due_on'], unique=False)

    op.create_table('contact',
    sa.Column('tenancy', sa.String(length=36), nullable=True),
    sa.Column('housing_company', sa.String(length=36), nullable=True),
    sa.Column('role', sa.String(length=64), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('language', sa.String(length=40), nullable=True),
    sa.Column('interpreter', sa.Boolean(), nullable=True),
    sa.Column('channel', sa.String(length=64), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_contact_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact'))
    )
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_housing_company'), ['housing_company'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_tenancy'), ['tenancy'], unique=False)

    op.create_table('conversation',
    sa.Column('visit', sa.String(length=36), nullable=True),
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('building', sa.String(length=36), nullable=True),
    sa.Column('tenancy', sa.String(length=36), nullable=True),
    sa.Column('channel', sa.String(length=64), nullable=True),
    sa.Column('talked_on', sa.Date(), nullable=True),
    sa.Column('summary', sa.Text(), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_conversation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation'))
    )
    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conversation_building'), ['building'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_talked_on'), ['talked_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_tenancy'), ['tenancy'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_visit'), ['visit'], unique=False)

    op.create_table('cooperation_agreement',
    sa.Column('housing_company', sa.String(length=36), nullable=True),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('we_do', sa.Text(), nullable=True),
    sa.Column('they_do', sa.Text(), nullable=True),
    sa.Column('caretaking', sa.String(length=64), nullable=True),
    sa.Column('channel', sa.String(length=120), nullable=True),
    sa.Column('next_meeting_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_cooperation_agreement_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cooperation_agreement'))
    )
    with op.batch_alter_table('cooperation_agreement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cooperation_agreement_housing_company'), ['housing_company'], unique=False)
        batch_op.create_index(batch_op.f('ix_cooperation_agreement_next_meeting_on'), ['next_meeting_on'], unique=False)

    op.create_table('cooperation_log',
    sa.Column('housing_company', sa.String(length=36), nullable=True),
    sa.Column('talked_on', sa.Date(), nullable=True),
    sa.Column('channel', sa.String(length=64), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('shared', sa.Text(), nullable=True),
    sa.Column('shared_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_cooperation_log_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cooperation_log'))
    )
    with op.batch_alter_table('cooperation_log', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cooperation_log_housing_company'), ['housing_company'], unique=False)
        batch_op.create_index(batch_op.f('ix_cooperation_log_talked_on'), ['talked_on'], unique=False)

    op.create_table('deviation',
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('building', sa.String(length=36), nullable=True),
    sa.Column('item', sa.String(length=64), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('severity', sa.String(length=64), nullable=True),
    sa.Column('responsible', sa.String(length=64), nullable=True),
    sa.Column('found_on', sa.Date(), nullable=True),
    sa.Column('found_by', sa.String(length=36), nullable=True),
    sa.Column('called', sa.Boolean(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('handling', sa.String(length=16), nullable=True),
    sa.Column('work_order', sa.String(length=40), nullable=True),
    sa.Column('cause', sa.String(length=64), nullable=True),
    sa.Column('cost', sa.Integer(), nullable=True),
    sa.Column('recoverable', sa.Boolean(), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_deviation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deviation'))
    )
    with op.batch_alter_table('deviation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deviation_building'), ['building'], unique=False)
        batch_op.create_index(batch_op.f('ix_deviation_due_on'), ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_deviation_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_deviation_handling'), ['handling'], unique=False)
        batch_op.create_index(batch_op.f('ix_deviation_responsible'), ['responsible'], unique=False)
        batch_op.create_index(batch_op.f('ix_deviation_severity'), ['severity'], unique=False)
        batch_op.create_index(batch_op.f('ix_deviation_status'), ['status'], unique=False)

    op.create_table('dialogue_meeting',
    sa.Column('case', sa.String(length=36), nullable=True),
    sa.Column('planned_on', sa.Date(), nullable=True),
    sa.Column('planned_at', sa.String(length=5), nullable=True),
    sa.Column('meet', sa.String(length=120), nullable=True),
    sa.Column('leads', sa.String(length=36), nullable=True),
    sa.Column('summary', sa.Text(), nullable=True),
    sa.Column('handling', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_dialogue_meeting_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dialogue_meeting'))
    )
    with op.batch_alter_table('dialogue_meeting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dialogue_meeting_case'), ['case'], unique=False)
        batch_op.create_index(batch_op.f('ix_dialogue_meeting_handling'), ['handling'], unique=False)
        batch_op.create_index(batch_op.f('ix_dialogue_meeting_planned_on'), ['planned_on'], unique=False)

    op.create_table('dwelling',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('building', sa.String(length=36), nullable=True),
    sa.Column('address', sa.String(length=120), nullable=True),
    sa.Column('postal_code', sa.String(length=4), nullable=True),
    sa.Column('postal_place', sa.String(length=40), nullable=True),
    sa.Column('unit_number', sa.String(length=5), nullable=True),
    sa.Column('local_label', sa.String(length=40), nullable=True),
    sa.Column('type', sa.String(length=64), nullable=True),
    sa.Column('floor', sa.Integer(), nullable=True),
    sa.Column('rooms', sa.Integer(), nullable=True),
    sa.Column('floor_space', sa.Integer(), nullable=True),
    sa.Column('wheelchair', sa.Boolean(), nullable=True),
    sa.Column('own_number', sa.String(length=40), nullable=True),
    sa.Column('kobo_id', sa.String(length=40), nullable=True),
    sa.Column('fdv_id', sa.String(length=40), nullable=True),
    sa.Column('access', sa.Text(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_dwelling_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dwelling'))
    )
    with op.batch_alter_table('dwelling', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dwelling_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_dwelling_building'), ['building'], unique=False)
        batch_op.create_index(batch_op.f('ix_dwelling_fdv_id'), ['fdv_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dwelling_kobo_id'), ['kobo_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dwelling_own_number'), ['own_number'], unique=False)

    op.create_table('entry',
    sa.Column('record', sa.String(length=36), nullable=False),
    sa.Column('field', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['record'], ['record.id'], name=op.f('fk_entry_record'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('record', 'field', 'key', name=op.f('pk_entry')),
    sqlite_with_rowid=False
    )
    op.create_table('evaluation',
    sa.Column('plan', sa.String(length=36), nullable=True),
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('tenancy', sa.String(length=36), nullable=True),
    sa.Column('held_on', sa.Date(), nullable=True),
    sa.Column('together', sa.Boolean(), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_evaluation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation'))
    )
    with op.batch_alter_table('evaluation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_evaluation_held_on'), ['held_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_evaluation_plan'), ['plan'], unique=False)
        batch_op.create_index(batch_op.f('ix_evaluation_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_evaluation_tenancy'), ['tenancy'], unique=False)

    op.create_table('event',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('building', sa.String(length=36), nullable=True),
    sa.Column('site', sa.String(length=36), nullable=True),
    sa.Column('type', sa.String(length=64), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=True),
    sa.Column('held_on', sa.Date(), nullable=True),
    sa.Column('held_at', sa.String(length=5), nullable=True),
    sa.Column('meet', sa.String(length=120), nullable=True),
    sa.Column('purpose', sa.Text(), nullable=True),
    sa.Column('children_activity', sa.Text(), nullable=True),
    sa.Column('budget', sa.Integer(), nullable=True),
    sa.Column('invited', sa.Integer(), nullable=True),
    sa.Column('volunteers', sa.Integer(), nullable=True),
    sa.Column('spent', sa.Integer(), nullable=True),
    sa.Column('waste_bags', sa.Integer(), nullable=True),
    sa.Column('shared_minutes', sa.Text(), nullable=True),
    sa.Column('minutes_due_on', sa.Date(), nullable=True),
    sa.Column('minutes_shared_on', sa.Date(), nullable=True),
    sa.Column('handling', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_building'), ['building'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_handling'), ['handling'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_held_on'), ['held_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_minutes_due_on'), ['minutes_due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_site'), ['site'], unique=False)

    op.create_table('event_minutes',
    sa.Column('event', sa.String(length=36), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_event_minutes_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_minutes'))
    )
    with op.batch_alter_table('event_minutes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_minutes_event'), ['event'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_minutes_status'), ['status'], unique=False)

    op.create_table('fidelity_assessment',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('assessed_on', sa.Date(), nullable=True),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_fidelity_assessment_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fidelity_assessment'))
    )
    with op.batch_alter_table('fidelity_assessment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_fidelity_assessment_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_fidelity_assessment_assessed_on'), ['assessed_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_fidelity_assessment_next_on'), ['next_on'], unique=False)

    op.create_table('finding',
    sa.Column('event', sa.String(length=36), nullable=True),
    sa.Column('meet', sa.String(length=120), nullable=True),
    sa.Column('feels', sa.String(length=64), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('dark', sa.Boolean(), nullable=True),
    sa.Column('responsible', sa.String(length=64), nullable=True),
    sa.Column('handling', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_finding_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding'))
    )
    with op.batch_alter_table('finding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_finding_event'), ['event'], unique=False)
        batch_op.create_index(batch_op.f('ix_finding_handling'), ['handling'], unique=False)

    op.create_table('follow_up_plan',
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('tenancy', sa.String(length=36), nullable=True),
    sa.Column('started_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('evaluate_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('end_reason', sa.String(length=64), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_follow_up_plan_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up_plan'))
    )
    with op.batch_alter_table('follow_up_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_follow_up_plan_due_on'), ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_up_plan_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_up_plan_evaluate_on'), ['evaluate_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_up_plan_started_on'), ['started_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_follow_up_plan_tenancy'), ['tenancy'], unique=False)

    op.create_table('hf_contact',
    sa.Column('participant', sa.String(length=36), nullable=True),
    sa.Column('met_on', sa.Date(), nullable=True),
    sa.Column('where', sa.String(length=64), nullable=True),
    sa.Column('initiative', sa.String(length=64), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('together', sa.Boolean(), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_hf_contact_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hf_contact'))
    )
    with op.batch_alter_table('hf_contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hf_contact_met_on'), ['met_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_hf_contact_participant'), ['participant'], unique=False)

    op.create_table('hf_housing_event',
    sa.Column('participant', sa.String(length=36), nullable=True),
    sa.Column('type', sa.String(length=64), nullable=True),
    sa.Column('happened_on', sa.Date(), nullable=True),
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('reason', sa.String(length=64), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_hf_housing_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hf_housing_event'))
    )
    with op.batch_alter_table('hf_housing_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hf_housing_event_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_hf_housing_event_happened_on'), ['happened_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_hf_housing_event_participant'), ['participant'], unique=False)

    op.create_table('hf_participant',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('label', sa.String(length=40), nullable=True),
    sa.Column('tenancy', sa.String(length=36), nullable=True),
    sa.Column('joined_on', sa.Date(), nullable=True),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('left_reason', sa.String(length=64), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_hf_participant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hf_participant'))
    )
    with op.batch_alter_table('hf_participant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hf_participant_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_hf_participant_joined_on'), ['joined_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_hf_participant_tenancy'), ['tenancy'], unique=False)

    op.create_table('housing_company',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=True),
    sa.Column('form', sa.String(length=64), nullable=True),
    sa.Column('organisation_number', sa.String(length=9), nullable=True),
    sa.Column('property_manager', sa.String(length=120), nullable=True),
    sa.Column('shares', sa.Integer(), nullable=True),
    sa.Column('shares_total', sa.Integer(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_housing_company_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_housing_company'))
    )
    with op.batch_alter_table('housing_company', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_housing_company_area'), ['area'], unique=False)

    op.create_table('housing_need',
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('tenancy', sa.String(length=36), nullable=True),
    sa.Column('seen_on', sa.Date(), nullable=True),
    sa.Column('met_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_housing_need_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_housing_need'))
    )
    with op.batch_alter_table('housing_need', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_housing_need_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_housing_need_seen_on'), ['seen_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_housing_need_tenancy'), ['tenancy'], unique=False)

    op.create_table('identity',
    sa.Column('provider', sa.String(length=200), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('secret', sa.String(length=200), nullable=True),
    sa.ForeignKeyConstraint(['user'], ['user_account.id'], name=op.f('fk_identity_user')),
    sa.PrimaryKeyConstraint('provider', 'subject', name=op.f('pk_identity'))
    )
    with op.batch_alter_table('identity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_identity_user'), ['user'], unique=False)

    op.create_table('key_handover',
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('building', sa.String(length=36), nullable=True),
    sa.Column('serial', sa.String(length=40), nullable=True),
    sa.Column('action', sa.String(length=64), nullable=True),
    sa.Column('happened_on', sa.Date(), nullable=True),
    sa.Column('holder', sa.String(length=64), nullable=True),
    sa.Column('colleague', sa.String(length=36), nullable=True),
    sa.Column('due_back_on', sa.Date(), nullable=True),
    sa.Column('words', sa.String(length=200), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_key_handover_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_key_handover'))
    )
    with op.batch_alter_table('key_handover', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_key_handover_building'), ['building'], unique=False)
        batch_op.create_index(batch_op.f('ix_key_handover_due_back_on'), ['due_back_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_key_handover_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_key_handover_happened_on'), ['happened_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_key_handover_serial'), ['serial'], unique=False)

    op.create_table('learning',
    sa.Column('site', sa.String(length=36), nullable=True),
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('learnt_on', sa.Date(), nullable=True),
    sa.Column('learnt', sa.Text(), nullable=True),
    sa.Column('change', sa.Text(), nullable=True),
    sa.Column('changed_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_learning_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_learning'))
    )
    with op.batch_alter_table('learning', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_learning_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_learning_learnt_on'), ['learnt_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_learning_site'), ['site'], unique=False)

    op.create_table('login_session',
    sa.Column('token_sha256', sa.LargeBinary(length=32), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user'], ['user_account.id'], name=op.f('fk_login_session_user')),
    sa.PrimaryKeyConstraint('token_sha256', name=op.f('pk_login_session'))
    )
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_session_user'), ['user'], unique=False)

    op.create_table('measure',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('neighbourhood', sa.String(length=36), nullable=True),
    sa.Column('building', sa.String(length=36), nullable=True),
    sa.Column('housing_company', sa.String(length=36), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=True),
    sa.Column('proposed_by', sa.String(length=64), nullable=True),
    sa.Column('prioritised_by', sa.String(length=64), nullable=True),
    sa.Column('led_by', sa.String(length=64), nullable=True),
    sa.Column('owner', sa.String(length=36), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('cost', sa.Integer(), nullable=True),
    sa.Column('handling', sa.String(length=16), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('told', sa.Text(), nullable=True),
    sa.Column('told_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_measure_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure'))
    )
    with op.batch_alter_table('measure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_measure_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_measure_building'), ['building'], unique=False)
        batch_op.create_index(batch_op.f('ix_measure_due_on'), ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_measure_handling'), ['handling'], unique=False)
        batch_op.create_index(batch_op.f('ix_measure_housing_company'), ['housing_company'], unique=False)
        batch_op.create_index(batch_op.f('ix_measure_neighbourhood'), ['neighbourhood'], unique=False)

    op.create_table('meeting_place',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('neighbourhood', sa.String(length=36), nullable=True),
    sa.Column('building', sa.String(length=36), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=True),
    sa.Column('type', sa.String(length=64), nullable=True),
    sa.Column('owner', sa.String(length=64), nullable=True),
    sa.Column('usable', sa.Boolean(), nullable=True),
    sa.Column('in_use', sa.Boolean(), nullable=True),
    sa.Column('checked_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_meeting_place_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_place'))
    )
    with op.batch_alter_table('meeting_place', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_place_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_place_building'), ['building'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_place_checked_on'), ['checked_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_place_neighbourhood'), ['neighbourhood'], unique=False)

    op.create_table('neighbourhood',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=True),
    sa.Column('started_on', sa.Date(), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_neighbourhood_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_neighbourhood'))
    )
    with op.batch_alter_table('neighbourhood', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_neighbourhood_area'), ['area'], unique=False)

    op.create_table('offer',
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('tenancy', sa.String(length=36), nullable=True),
    sa.Column('what', sa.String(length=64), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('offered_on', sa.Date(), nullable=True),
    sa.Column('answer', sa.String(length=64), nullable=True),
    sa.Column('again_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_offer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offer'))
    )
    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_offer_again_on'), ['again_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_offer_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_offer_offered_on'), ['offered_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_offer_tenancy'), ['tenancy'], unique=False)

    op.create_table('party_talk',
    sa.Column('party', sa.String(length=36), nullable=True),
    sa.Column('talked_on', sa.Date(), nullable=True),
    sa.Column('channel', sa.String(length=64), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('wish', sa.Text(), nullable=True),
    sa.Column('dialogue', sa.String(length=64), nullable=True),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_party_talk_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_party_talk'))
    )
    with op.batch_alter_table('party_talk', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_party_talk_party'), ['party'], unique=False)
        batch_op.create_index(batch_op.f('ix_party_talk_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_party_talk_talked_on'), ['talked_on'], unique=False)

    op.create_table('planned_visit',
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('tenancy', sa.String(length=36), nullable=True),
    sa.Column('purpose', sa.String(length=64), nullable=True),
    sa.Column('planned_on', sa.Date(), nullable=True),
    sa.Column('planned_at', sa.String(length=5), nullable=True),
    sa.Column('meet', sa.String(length=120), nullable=True),
    sa.Column('access_basis', sa.String(length=64), nullable=True),
    sa.Column('interpreter', sa.String(length=60), nullable=True),
    sa.Column('interpreter_booked', sa.Boolean(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done', sa.Boolean(), nullable=True),
    sa.Column('cancelled', sa.Boolean(), nullable=True),
    sa.Column('rule', sa.String(length=64), nullable=True),
    sa.Column('confided_to', sa.String(length=36), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_planned_visit_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_planned_visit'))
    )
    with op.batch_alter_table('planned_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_planned_visit_confided_to'), ['confided_to'], unique=False)
        batch_op.create_index(batch_op.f('ix_planned_visit_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_planned_visit_planned_on'), ['planned_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_planned_visit_tenancy'), ['tenancy'], unique=False)

    op.create_table('programme_site',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=True),
    sa.Column('programme', sa.String(length=64), nullable=True),
    sa.Column('stage', sa.String(length=64), nullable=True),
    sa.Column('started_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('dwellings', sa.Integer(), nullable=True),
    sa.Column('copied_from', sa.String(length=36), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_programme_site_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_site'))
    )
    with op.batch_alter_table('programme_site', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_site_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_programme_site_copied_from'), ['copied_from'], unique=False)
        batch_op.create_index(batch_op.f('ix_programme_site_started_on'), ['started_on'], unique=False)

    op.create_table('receipt',
    sa.Column('mid', sa.String(length=36), nullable=True),
    sa.Column('replica', sa.String(length=36), nullable=True),
    sa.Column('n', sa.BigInteger(), nullable=True),
    sa.Column('author', sa.String(length=36), nullable=True),
    sa.Column('about', sa.String(length=36), nullable=True),
    sa.Column('about_kind', sa.String(length=64), nullable=True),
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('state', sa.String(length=64), nullable=True),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('reviews', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('set', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('by', sa.String(length=36), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_receipt_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt'))
    )
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_receipt_about'), ['about'], unique=False)
        batch_op.create_index(batch_op.f('ix_receipt_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_receipt_author'), ['author'], unique=False)

    op.create_table('referral',
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('tenancy', sa.String(length=36), nullable=True),
    sa.Column('to', sa.String(length=64), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('agreed', sa.Boolean(), nullable=True),
    sa.Column('sent_on', sa.Date(), nullable=True),
    sa.Column('answer', sa.String(length=64), nullable=True),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_referral_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral'))
    )
    with op.batch_alter_table('referral', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_sent_on'), ['sent_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_tenancy'), ['tenancy'], unique=False)

    op.create_table('replica',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('installation', sa.String(length=36), nullable=False),
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('public_key', sa.LargeBinary(length=65), nullable=False),
    sa.Column('highest_n', sa.BigInteger(), nullable=False),
    sa.Column('announced_n', sa.BigInteger(), nullable=False),
    sa.Column('open_n', sa.Text(), nullable=False),
    sa.Column('gaps', sa.Text(), nullable=False),
    sa.Column('forks', sa.Integer(), nullable=False),
    sa.Column('app', sa.String(length=40), nullable=False),
    sa.Column('contract', sa.Integer(), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('unsent', sa.Integer(), nullable=False),
    sa.Column('oldest_unsent_s', sa.Integer(), nullable=False),
    sa.Column('free_mb', sa.Integer(), nullable=True),
    sa.Column('last_error', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['user'], ['user_account.id'], name=op.f('fk_replica_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_replica'))
    )
    with op.batch_alter_table('replica', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_replica_user'), ['user'], unique=False)

    op.create_table('resident_input',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('neighbourhood', sa.String(length=36), nullable=True),
    sa.Column('event', sa.String(length=36), nullable=True),
    sa.Column('building', sa.String(length=36), nullable=True),
    sa.Column('type', sa.String(length=64), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('topic', sa.String(length=64), nullable=True),
    sa.Column('meet', sa.String(length=120), nullable=True),
    sa.Column('dark', sa.Boolean(), nullable=True),
    sa.Column('age', sa.String(length=64), nullable=True),
    sa.Column('channel', sa.String(length=64), nullable=True),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('summary', sa.String(length=200), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_resident_input_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resident_input'))
    )
    with op.batch_alter_table('resident_input', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_resident_input_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_resident_input_building'), ['building'], unique=False)
        batch_op.create_index(batch_op.f('ix_resident_input_due_on'), ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_resident_input_event'), ['event'], unique=False)
        batch_op.create_index(batch_op.f('ix_resident_input_neighbourhood'), ['neighbourhood'], unique=False)
        batch_op.create_index(batch_op.f('ix_resident_input_received_on'), ['received_on'], unique=False)

    op.create_table('review',
    sa.Column('about', sa.String(length=36), nullable=True),
    sa.Column('about_kind', sa.String(length=40), nullable=True),
    sa.Column('path', sa.String(length=129), nullable=True),
    sa.Column('author', sa.String(length=36), nullable=True),
    sa.Column('replica', sa.String(length=36), nullable=True),
    sa.Column('mid', sa.String(length=36), nullable=True),
    sa.Column('value', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('seen', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('other', sa.String(length=36), nullable=True),
    sa.Column('reason', sa.String(length=64), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_review_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review'))
    )
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_about'), ['about'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_author'), ['author'], unique=False)

    op.create_table('round',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('checklist', sa.String(length=20), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=True),
    sa.Column('frequency', sa.String(length=64), nullable=True),
    sa.Column('planned_on', sa.Date(), nullable=True),
    sa.Column('rule', sa.String(length=64), nullable=True),
    sa.Column('handling', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_round_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round'))
    )
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_round_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_round_handling'), ['handling'], unique=False)
        batch_op.create_index(batch_op.f('ix_round_planned_on'), ['planned_on'], unique=False)

    op.create_table('safety_alert',
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('category', sa.String(length=64), nullable=True),
    sa.Column('advice', sa.String(length=200), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_safety_alert_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_safety_alert'))
    )
    with op.batch_alter_table('safety_alert', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_safety_alert_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_safety_alert_status'), ['status'], unique=False)

    op.create_table('site_figures',
    sa.Column('site', sa.String(length=36), nullable=True),
    sa.Column('from_on', sa.Date(), nullable=True),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('baseline', sa.Boolean(), nullable=True),
    sa.Column('complaints', sa.Integer(), nullable=True),
    sa.Column('damage_cases', sa.Integer(), nullable=True),
    sa.Column('damage_cost', sa.Integer(), nullable=True),
    sa.Column('waste_cost', sa.Integer(), nullable=True),
    sa.Column('invoices_returned', sa.Integer(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_site_figures_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_figures'))
    )
    with op.batch_alter_table('site_figures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_site_figures_from_on'), ['from_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_site_figures_site'), ['site'], unique=False)

    op.create_table('staff_incident',
    sa.Column('area', sa.String(length=36), nullable=True),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('type', sa.String(length=64), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('meet', sa.String(length=120), nullable=True),
    sa.Column('injured', sa.Boolean(), nullable=True),
    sa.Column('police', sa.Boolean(), nullable=True),
    sa.Column('alone', sa.Boolean(), nullable=True),
    sa.Column('wants_talk', sa.Boolean(), nullable=True),
    sa.Column('measures', sa.Text(), nullable=True),
    sa.Column('followed_up_on', sa.Date(), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_staff_incident_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_incident'))
    )
    with op.batch_alter_table('staff_incident', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_incident_area'), ['area'], unique=False)
        batch_op.create_index(batch_op.f('ix_staff_incident_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_staff_incident_type'), ['type'], unique=False)

    op.create_table('tenancy',
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('started_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('ended', sa.Boolean(), nullable=True),
    sa.Column('contract_number', sa.String(length=40), nullable=True),
    sa.Column('household_size', sa.Integer(), nullable=True),
    sa.Column('children', sa.Boolean(), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_tenancy_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tenancy'))
    )
    with op.batch_alter_table('tenancy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tenancy_contract_number'), ['contract_number'], unique=False)
        batch_op.create_index(batch_op.f('ix_tenancy_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_tenancy_ended_on'), ['ended_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_tenancy_started_on'), ['started_on'], unique=False)

    op.create_table('visit',
    sa.Column('dwelling', sa.String(length=36), nullable=True),
    sa.Column('planned_visit', sa.String(length=36), nullable=True),
    sa.Column('purpose', sa.String(length=64), nullable=True),
    sa.Column('visited_on', sa.Date(), nullable=True),
    sa.Column('access_basis', sa.String(length=64), nullable=True),
    sa.Column('outcome', sa.String(length=64), nullable=True),
    sa.Column('interpreter', sa.String(length=64), nullable=True),
    sa.Column('next_contact_on', sa.Date(), nullable=True),
    sa.Column('told', sa.Boolean(), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=True),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['record.id'], name=op.f('fk_visit_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit'))
    )
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_dwelling'), ['dwelling'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_planned_visit'), ['planned_visit'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_visited_on'), ['visited_on'], unique=False)



def downgrade() -> None:
    """There is no way back but a backup: a phone may already have sent what needs this version."""
    raise NotImplementedError("restore a backup instead")
