"""People and their phones: users, identities, grants, sessions, throttle and replicas.

Every function takes a session and the moment; it may not know Flask or any kind of record.
"""

from __future__ import annotations

from server.people.logins import (
    SESSION_LASTS,
    STEP_UP,
    Login,
    LoginSession,
    caller_of,
    close_login,
    close_session,
    close_sessions,
    login_of,
    open_session,
    touch_session,
)
from server.people.members import (
    BY_HAND,
    FROM_DIRECTORY,
    Grant,
    Grants,
    Identity,
    User,
    add_user,
    grant,
    grants_of,
    withdraw,
)
from server.people.phones import (
    ForeignReplica,
    Phone,
    Replica,
    health_news,
    note_health,
    register_replica,
    revoke_replica,
)
from server.people.secrets import (
    PASSWORD_PROVIDER,
    WrongPassword,
    check_password,
    fold_login_name,
    set_password,
)
from server.people.throttle import (
    ADDRESS_LIMIT,
    NAME_LIMIT,
    PARCEL_LIMIT,
    Limit,
    Throttled,
    count_try,
    forget_old_tries,
    forget_tries,
)

__all__ = [
    "ADDRESS_LIMIT",
    "BY_HAND",
    "FROM_DIRECTORY",
    "NAME_LIMIT",
    "PARCEL_LIMIT",
    "PASSWORD_PROVIDER",
    "SESSION_LASTS",
    "STEP_UP",
    "ForeignReplica",
    "Grant",
    "Grants",
    "Identity",
    "Limit",
    "Login",
    "LoginSession",
    "Phone",
    "Replica",
    "Throttled",
    "User",
    "WrongPassword",
    "add_user",
    "caller_of",
    "check_password",
    "close_login",
    "close_session",
    "close_sessions",
    "count_try",
    "fold_login_name",
    "forget_old_tries",
    "forget_tries",
    "grant",
    "grants_of",
    "health_news",
    "login_of",
    "note_health",
    "open_session",
    "register_replica",
    "revoke_replica",
    "set_password",
    "touch_session",
    "withdraw",
]
