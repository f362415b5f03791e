"""Trygt besøk on the server: who is out alone, when their time is over, and who is then warned.

The phone may be dead: nothing here waits for it. It keeps no place where anybody was.
"""

from __future__ import annotations

from server.safety.alone import Outing, ended_lately, outings
from server.safety.letters import OPENING, Letter, address_letters, letters_about, send_letters
from server.safety.pushes import send_pushes
from server.safety.warning import watch

__all__ = [
    "OPENING",
    "Letter",
    "Outing",
    "address_letters",
    "ended_lately",
    "letters_about",
    "outings",
    "send_letters",
    "send_pushes",
    "watch",
]
