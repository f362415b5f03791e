"""What is too large to take: read to its end, so that the browser comes to read why."""

from __future__ import annotations

from flask import request

READ_PAST_MAX_BYTES = 256 * 1_048_576
"""Who sends more than this by mistake sees that the line broke, and no words."""
PIECE_BYTES = 65_536


def read_past(size_bytes: int) -> None:
    """Read what is too large and keep nothing: a browser reads no answer before it has sent all."""
    left = min(size_bytes, READ_PAST_MAX_BYTES)
    while left > 0 and (piece := request.environ["wsgi.input"].read(min(left, PIECE_BYTES))):
        left -= len(piece)
