"""A problem on its way to a screen or a program: as an exception, as JSON, as a plain page.

It never carries content or a trace; the words stand in `problem_texts`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape

from server.problem_texts import PROBLEMS, ProblemText

__all__ = [
    "MEDIA_TYPE",
    "PROBLEMS",
    "Problem",
    "ProblemText",
    "problem_for_status",
    "problem_json",
    "problem_page",
    "words_of",
]

MEDIA_TYPE = "application/problem+json"


WITHOUT_PARTS: Mapping[str, str] = {
    "antall": "Noen",
    "grense": "det tillatte antall",
    "klokkeslett": "om litt",
    "mb": "for mange",
    "navn": "En annen",
}
"""What stands where a part is not known, so that no brace ever reaches a screen."""
BY_STATUS: Mapping[int, str] = {
    400: "unreadable",
    401: "session_over",
    403: "forged",
    404: "no_access",
    405: "method",
    409: "wrong_user",
    410: "device_revoked",
    413: "too_large",
    414: "too_large",
    415: "media_type",
    422: "form_invalid",
    429: "throttled",
    431: "too_large",
    500: "fault",
    502: "busy",
    503: "busy",
    504: "busy",
}


class Problem(Exception):
    """Raised where a request ends with a problem; the code is the key of `PROBLEMS`."""

    def __init__(self, code: str, *, retry_after_s: int | None = None, **parts: str) -> None:
        super().__init__(code)
        assert code in PROBLEMS, code
        self.code = code
        self.retry_after_s = retry_after_s
        self.parts = parts

    @property
    def status(self) -> int:
        """Give the HTTP status."""
        return PROBLEMS[self.code].status

    @property
    def text(self) -> ProblemText:
        """Give the words with their parts filled in."""
        return words_of(self.code, **self.parts)

    @property
    def headers(self) -> dict[str, str]:
        """Give the headers that go with it."""
        after = self.retry_after_s
        return {} if after is None else {"Retry-After": str(after)}


def problem_for_status(status: int) -> Problem:
    """Give the problem behind a bare HTTP status, such as one that Flask itself raised."""
    return Problem(BY_STATUS.get(status) or ("fault" if status >= 500 else "unreadable"))


def words_of(code: str, **parts: str) -> ProblemText:
    """Give the words of a problem with {parts} filled in, or said without them."""
    given = {**WITHOUT_PARTS, **parts}
    text = PROBLEMS[code]

    def fill(sentence: str) -> str:
        if "klokkeslett" not in parts:
            sentence = sentence.replace("kl. {klokkeslett}", "{klokkeslett}")
        return re.sub(r"\{(\w+)\}", lambda found: given[found[1]], sentence)

    return ProblemText(text.status, fill(text.happened), fill(text.safe), fill(text.do))


def problem_json(problem: Problem) -> bytes:
    """Give the body of an `application/problem+json` reply (RFC 9457)."""
    text = problem.text
    return json.dumps(
        {
            "type": f"urn:oppgang:problem:{problem.code}",
            "title": text.happened,
            "status": text.status,
            "code": problem.code,
            "happened": text.happened,
            "safe": text.safe,
            "do": text.do,
        },
        ensure_ascii=False,
    ).encode()


def problem_page(problem: Problem, home: str) -> str:
    """Give a whole page without styles or scripts, for when the office's own cannot be drawn."""
    text = problem.text
    return (
        '<!doctype html>\n<html lang="nb">\n<meta charset="utf-8">\n<title>Oppgang</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<main>\n'
        f"<h1>{escape(text.happened)}</h1>\n<p>{escape(text.safe)}</p>\n<p>{escape(text.do)}</p>\n"
        f'<p><a href="{escape(home)}">Til oversikten</a></p>\n</main>\n</html>\n'
    )
