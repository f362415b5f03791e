"""Values of one fixed form: days, times, moments and ids; shapes like those of `values`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from marshmallow import ValidationError
from sqlalchemy import Date, String
from sqlalchemy.types import TypeEngine

from server.database import Instant
from server.values import Shape
from sync.mutation import Json

UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
UUID_LENGTH = 36
COUNTER_PATTERN = rf"{UUID_PATTERN}(\.[0-9a-f]{{12}})?"
"""Who counts: a user at a desk, or one of a user's phones by the last part of its replica's id."""
INSTANT_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def user_in(key: str) -> str:
    """Give the user of a key that is a user's, or a line on which one of their phones counts."""
    return key[:UUID_LENGTH]


class Pattern(Shape):
    """A text of one fixed form, such as an id, a day or a time of day."""

    pattern: ClassVar[str]
    fits: ClassVar[re.Pattern[str]]
    sentence: ClassVar[str]

    def __init_subclass__(cls, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        cls.fits = re.compile(cls.pattern)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not self.fits.fullmatch(value):
            raise ValidationError(self.sentence)
        self.check(value)
        return value

    def check(self, value: str) -> None:
        """Refuse a value of the right form that means nothing."""

    def json_schema(self) -> dict[str, Any]:
        """Give the pattern."""
        return {"type": "string", "pattern": f"^{self.pattern}$"}


class Day(Pattern):
    """A calendar day, YYYY-MM-DD."""

    shape_name = "day"
    control = "day"
    pattern = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    sentence = "Skriv en dato, for eksempel 12.3.2026."

    def check(self, value: str) -> None:
        """Refuse days that do not exist, and years that are slips of the thumb."""
        try:
            day = date.fromisoformat(value)
        except ValueError as bad:
            raise ValidationError(self.sentence) from bad
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(self.sentence)

    def column_type(self) -> TypeEngine[Any]:
        """Give a date column."""
        return Date()

    def to_column(self, value: Json) -> Any:
        """Turn the day into a date."""
        return date.fromisoformat(str(value))


class TimeOfDay(Pattern):
    """A time of day by the wall clock, HH:MM."""

    shape_name = "clock"
    control = "clock"
    pattern = "([01][0-9]|2[0-3]):[0-5][0-9]"
    sentence = "Skriv et klokkeslett, for eksempel 09.30."

    def column_type(self) -> TypeEngine[Any]:
        """Give a column of five characters."""
        return String(5)


class Moment(Pattern):
    """A moment in UTC with milliseconds and Z."""

    shape_name = "instant"
    control = "instant"
    pattern = INSTANT_PATTERN
    sentence = "Tidspunktet kan ikke leses."

    def check(self, value: str) -> None:
        """Refuse moments that do not exist."""
        try:
            read_instant(value)
        except ValueError as bad:
            raise ValidationError(self.sentence) from bad

    def column_type(self) -> TypeEngine[Any]:
        """Give a UTC column."""
        return Instant()

    def to_column(self, value: Json) -> Any:
        """Turn the moment into an aware datetime."""
        return read_instant(str(value))

    def to_driver(self, value: Json, on_sqlite: bool) -> Json:
        """Write the moment as SQLAlchemy keeps it in SQLite; PostgreSQL reads the wire's form."""
        text = str(value)
        return f"{text[:10]} {text[11:23]}000" if on_sqlite else text


class Reference(Pattern):
    """The id of another record; `to` names its kind, or `any`.

    What holds a `loose` one waits for nothing: it stands though the other is deleted.
    """

    shape_name = "ref"
    control = "ref"
    pattern = UUID_PATTERN
    sentence = "Dette viser ikke til en registrering."

    def __init__(self, to: str, loose: bool = False) -> None:
        super().__init__()
        self.to, self.loose = to, loose
        self.limits = {"to": to}

    def column_type(self) -> TypeEngine[Any]:
        """Give a column for an id."""
        return String(36)


class Person(Pattern):
    """The id of a user."""

    shape_name = "user_ref"
    control = "user"
    pattern = UUID_PATTERN
    sentence = "Dette viser ikke til en kollega."

    def column_type(self) -> TypeEngine[Any]:
        """Give a column for an id."""
        return String(36)


def read_instant(text: str) -> datetime:
    """Read a wire moment; raises ValueError when it is none."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def write_instant(moment: datetime) -> str:
    """Write an aware moment as the wire does: milliseconds and Z."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"
