"""The reports: each in a file of its own, found by that and listed nowhere.

`sheets_of` is the way to their figures; what it gives may be shown and handed out as it is.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from server.reports.look import Look
from server.reports.printing import Sheet, printed
from server.reports.report import Report

_found = {
    module.name: import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)
}
REPORTS: dict[str, Report] = dict(
    sorted(
        ((name, module.REPORT) for name, module in _found.items() if hasattr(module, "REPORT")),
        key=lambda one: one[1].order,
    )
)
"""Every report by the name of its file, in the order they are shown."""


def sheets_of(report: Report, look: Look, fewest: int) -> list[Sheet]:
    """Count a report and give its tables as they may be seen."""
    return printed(report.count(look), fewest)
