"""What Alembic runs for each migration command; it uses the connection it is handed, no other."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

from server.database import Base


def as_plain_type(what: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own types as what the database keeps, so that old migrations never break."""
    if what == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_item=as_plain_type,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
