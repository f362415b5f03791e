"""`./run bench NAME`: starts one measurement; without a name it lists them."""

from __future__ import annotations

import sys
from importlib import import_module

BENCHES = {
    "sync": "push, pull, steady days and nothing to do, on both databases",
    "profile": "which functions cost most in each of those, in one process",
    "phone": "what a thumb waits for on a slow phone with ten thousand records, offline",
    "unlock": "how long a finger waits for a slow phone with twenty thousand records",
    "errands": "whole errands at a thumb's pace on that phone: a quick log, a visit, a round",
    "rush": "a hundred phones come in with changes and photos within minutes",
    "imports": "20,000 dwellings and their tenancies from files",
    "insight": "innsyn for a household of ten years with 400 pictures, from request to file",
    "missing": "whether the time of an answer tells forbidden from missing",
    "growth": "whether a sync costs more when much is stored",
    "peers": "W1 to W6 beside Kinto, PouchDB server and RxDB server, in one run",
}


def main() -> int:
    """Run the bench that was named."""
    name, words = (sys.argv[1:2] or [""])[0], sys.argv[2:]
    if name not in BENCHES:
        for known, what in BENCHES.items():
            print(f"./run bench {known:<8} {what}")
        return 2 if name else 0
    import_module(f"bench.{name}").main(words)
    return 0


if __name__ == "__main__":
    sys.exit(main())
