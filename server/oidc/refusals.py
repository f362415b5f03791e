"""Why somebody is not let in: a problem for the reader and a word for the log, never a claim."""

from __future__ import annotations


class Refused(Exception):
    """This login is not accepted; `code` is a problem's, `why` is one word for the log."""

    def __init__(self, why: str, code: str = "login_refused") -> None:
        super().__init__(why)
        self.why = why
        self.code = code


class Away(Exception):
    """The provider does not answer, or not as one; `why` is one word for the log."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
