"""What the server counts about itself; never a name, an id or a word of content."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

FAULTS = Counter("oppgang_faults_total", "Mutations that could not be judged and were held")
RESULTS = Counter("oppgang_results_total", "Judged mutations by state", ["state", "reason"])
PULLED = Counter("oppgang_pulled_records_total", "Records sent to phones")
RESETS = Counter("oppgang_resets_total", "Loads that began from nothing")
CHECKS = Counter("oppgang_checks_total", "Phones compared with the server", ["outcome"])
LOGINS = Counter("oppgang_logins_total", "Tries to log in by outcome", ["outcome"])
SYNC_SECONDS = Histogram("oppgang_sync_seconds", "Time to answer one sync")
