"""Logs as lines of JSON for a machine to read; never a value, a name or a word of content."""

from __future__ import annotations

import logging
import sys
import traceback

import structlog


def configure_logs() -> None:
    """Write every log line as JSON on standard error, with time and level."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def trace(error: BaseException) -> dict[str, str]:
    """Say what broke and where: the type and the lines, never the message or any variable.

    Messages of databases and parsers quote what they choke on, and that is content.
    """
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    return {"kind": type(error).__name__, "where": " < ".join(reversed(where))}
