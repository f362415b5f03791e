"""What the runs gave, as a table for people and as plain data for a file; it measures nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.load import Figures
from bench.peers.workloads import Fate, Outcome

MICRO = {"record", "edit"}
"""Units whose cost is told in µs; a sync's is told in ms."""
HEAD = (
    f"{'CPU':>10}{'× ours':>9}{'per s':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}"
    f"{'in B':>8}{'out B':>8}{'requests':>10}"
)
FATE_HEAD = f"{'edits':>10}{'in effect':>11}{'told':>9}{'silent':>9}{'kept':>9}"
NAME_WIDE = 22


@dataclass(frozen=True)
class Row:
    """One peer's part in one workload: what it gave, or why it could not."""

    workload: str
    unit: str
    peer: str
    outcome: Outcome | None
    why: str = ""


def cost(row: Row) -> float:
    """CPU of one unit, in µs for a record or an edit and in ms for a sync; 0 without figures."""
    if row.outcome is None or not row.outcome.figures.units:
        return 0.0
    factor = 1e6 if row.unit in MICRO else 1e3
    return factor * row.outcome.figures.cpu_s / row.outcome.figures.units


def tables(rows: Sequence[Row], ours: str) -> Iterator[str]:
    """A table for each workload, every peer beside the one that is called ours."""
    for workload in dict.fromkeys(row.workload for row in rows):
        these = [row for row in rows if row.workload == workload]
        base = next((cost(row) for row in these if row.peer == ours), 0.0)
        unit = ("µs per " if these[0].unit in MICRO else "ms per ") + these[0].unit
        yield ""
        yield f"{workload}, CPU in {unit}"
        yield f"{'':<{NAME_WIDE}}{HEAD}"
        yield from (line(row, base) for row in these)
        fates = [(row, row.outcome.fate) for row in these if row.outcome and row.outcome.fate]
        if fates:
            yield f"{'':<{NAME_WIDE}}{FATE_HEAD}"
            yield from (fate_line(row.peer, fate) for row, fate in fates)


def line(row: Row, base: float) -> str:
    """One peer's figures, or why there are none."""
    if row.outcome is None:
        return f"{row.peer:<{NAME_WIDE}}  not measured: {row.why}"
    figures = row.outcome.figures
    ratio = f"{cost(row) / base:>9.1f}" if base else f"{'–':>9}"
    waits = "".join(f"{figures.percentile_ms(part):>9.1f}" for part in (0.5, 0.95, 0.99))
    return (
        f"{row.peer:<{NAME_WIDE}}{cost(row):>10.2f}{ratio}{figures.units / figures.wall_s:>9.0f}"
        f"{waits}{figures.bytes_in / figures.units:>8.0f}{figures.bytes_out / figures.units:>8.0f}"
        f"{figures.requests / figures.units:>10.2f}"
    )


def fate_line(peer: str, fate: Fate) -> str:
    """What became of one peer's edits."""
    counts = f"{fate.edits:>10}{fate.in_effect:>11}{fate.told:>9}{fate.silent:>9}{fate.kept:>9}"
    return f"{peer:<{NAME_WIDE}}{counts}"


def plain(row: Row) -> dict[str, Any]:
    """A row as plain data: per unit, times in ms, and the counts of W5."""
    said: dict[str, Any] = {"workload": row.workload, "unit": row.unit, "peer": row.peer}
    if row.outcome is None:
        return said | {"why": row.why}
    fate = row.outcome.fate
    shown = said | measures(row.outcome.figures)
    return shown | ({"fate": asdict(fate) | {"silent": fate.silent}} if fate else {})


def measures(figures: Figures) -> dict[str, float]:
    """The figures of one workload."""
    return {
        "units": figures.units,
        "cpu_s": round(figures.cpu_s, 3),
        "wall_s": round(figures.wall_s, 3),
        "p50_ms": round(figures.percentile_ms(0.5), 2),
        "p95_ms": round(figures.percentile_ms(0.95), 2),
        "p99_ms": round(figures.percentile_ms(0.99), 2),
        "bytes_in": figures.bytes_in,
        "bytes_out": figures.bytes_out,
        "requests": figures.requests,
    }
