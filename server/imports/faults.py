"""What an import says of a cell that cannot be used, and of an answer that it left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.mutation import Json

SHOWN_MAX = 100
"""More than these are counted and not listed: nobody mends more before looking again."""
VALUE_SHOWN_MAX = 60


@dataclass(frozen=True)
class Fault:
    """One cell that cannot be used, and what to write instead."""

    line: int
    column: str
    value: str
    expected: str

    @property
    def sentence(self) -> str:
        """Say it as words.md does; that nothing stands there is said in words too."""
        short = self.value if len(self.value) <= VALUE_SHOWN_MAX else f"{self.value[:59]}…"
        wrong = f"«{short}» kan ikke brukes" if short else "Her står det ingenting"
        return (
            f"Linje {self.line}, kolonne {self.column}: {wrong}. "
            f"Ingenting er endret. Skriv {self.expected}, og last opp på nytt."
        )


@dataclass
class Faults:
    """The faults of a file: the first of them by line, and how many there are."""

    first: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, column: str, value: str, expected: str) -> None:
        """Note one."""
        self.count += 1
        if len(self.first) < SHOWN_MAX:
            self.first.append(Fault(line, column, value, expected))

    def __bool__(self) -> bool:
        return bool(self.count)


@dataclass(frozen=True)
class Different:
    """Something that a person has written otherwise than the file: what is here is kept."""

    kind: str
    record: str
    path: str
    """A field's name, or `*` where the record itself was deleted here."""
    here: Json
    in_file: Json
    line: int


@dataclass
class Count:
    """What an import does to one kind of record."""

    new: int = 0
    changed: int = 0
    equal: int = 0


Counts = Mapping[str, Count]
