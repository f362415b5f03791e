"""Which part of the journeys is played where a build has no time for all: another part each day.

On a machine that has the time, and whenever somebody runs them, all are played.
"""

from __future__ import annotations

import math
import zlib

SETTING = "OPPGANG_TEST_SHARE"
"""`parts:which`, such as 3:1 for the middle third."""
PARTS_MAX = 12
ALL = "1:0"


def share(expected_s: float, left_s: float, day: int) -> str:
    """Give the part that fits into the seconds that are left; ALL where everything does."""
    parts = math.ceil(expected_s / left_s) if left_s > 0 else PARTS_MAX
    parts = min(PARTS_MAX, max(1, parts))
    return f"{parts}:{day % parts}"


def is_of(share: str, name: str) -> bool:
    """Say whether a test belongs to a part; of all parts each test belongs to one."""
    parts, which = (int(word) for word in share.split(":"))
    return zlib.crc32(name.encode()) % parts == which
