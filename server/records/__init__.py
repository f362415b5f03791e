"""The registry: every kind of record in display order, found by its file and listed nowhere."""

from importlib import import_module
from pkgutil import iter_modules

from server.records.record import DECLARED, KindSpec

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")

REGISTRY: dict[str, KindSpec] = dict(sorted(DECLARED.items(), key=lambda one: one[1].order))
