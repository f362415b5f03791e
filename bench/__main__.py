"""`./run bench NAME`: starts one measurement; without a name it lists them."""

from __future__ import annotations

import sys

from bench import profile, sync

BENCHES = {
    "sync": (sync.main, "push, pull, steady days and nothing to do, on both databases"),
    "profile": (profile.main, "which functions cost most in each of those, in one process"),
}


def main() -> int:
    """Run the bench that was named."""
    name, words = (sys.argv[1:2] or [""])[0], sys.argv[2:]
    if name not in BENCHES:
        for known, (_, what) in BENCHES.items():
            print(f"./run bench {known:<8} {what}")
        return 2 if name else 0
    BENCHES[name][0](words)
    return 0


if __name__ == "__main__":
    sys.exit(main())
