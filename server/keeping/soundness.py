"""Whether all is as the bodies and the ledger say; asked by hand and after an upgrade."""

from __future__ import annotations

from sqlalchemy.orm import Session

from server import intake, ledger
from server.records.projection import differing

SOUND = "Every projection and place says what the bodies say; the ledger's chain is whole."


def amiss(session: Session) -> list[str]:
    """Give a sentence for everything that is not as it should be; reads every record."""
    found = [
        f"The projection of record {id} is not what its body says." for id in differing(session)
    ]
    found += [
        f"Record {id} is carried by other scopes than its place says."
        for id in intake.misplaced(session)
    ]
    broken_at = ledger.first_break(session)
    if broken_at is not None:
        found.append(f"The ledger's chain breaks at position {broken_at}.")
    return found
