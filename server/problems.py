"""Every problem in one table: code, status, what happened, what is safe, what to do.

The sentences are the office's and the phone's alike; a problem never carries content or a trace.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

MEDIA_TYPE = "application/problem+json"
SAFE_ON_PHONE = "Alt på telefonen er trygt."


@dataclass(frozen=True)
class ProblemText:
    """One problem in words: at most three short sentences, in this order."""

    status: int
    happened: str
    safe: str
    do: str


PROBLEMS: Mapping[str, ProblemText] = {
    "unreadable": ProblemText(
        400,
        "Det som ble sendt, kan ikke leses.",
        SAFE_ON_PHONE,
        "Appen sender på nytt i mindre deler. Hjelper det ikke, ring kontoret.",
    ),
    "wrong_password": ProblemText(
        401,
        "Navn eller passord stemmer ikke.",
        SAFE_ON_PHONE,
        "Prøv igjen, eller be kontoret om hjelp.",
    ),
    "session_over": ProblemText(
        401,
        "Du er logget ut fordi det har gått lang tid.",
        "Usendt arbeid er trygt.",
        "Logg inn for å hente nytt.",
    ),
    "confirm_again": ProblemText(
        401,
        "Bekreft at det er deg.",
        "Det du skrev, er tatt vare på.",
        "Logg inn på nytt, så fortsetter du der du var.",
    ),
    "login_refused": ProblemText(
        401,
        "Innloggingen kunne ikke fullføres.",
        "Ingen er logget inn.",
        "Prøv igjen. Hjelper det ikke, ring kontoret.",
    ),
    "login_stopped": ProblemText(
        401,
        "Innloggingen ble avbrutt.",
        "Ingen er logget inn.",
        "Prøv igjen når du vil.",
    ),
    "login_too_weak": ProblemText(
        401,
        "Du må logge inn på en sikrere måte.",
        "Ingen er logget inn.",
        "Prøv igjen og velg innlogging på høyere sikkerhetsnivå.",
    ),
    "login_other_person": ProblemText(
        401,
        "Du logget inn som en annen enn den du er her.",
        "Ingenting er endret.",
        "Prøv igjen som deg selv.",
    ),
    "login_not_let_in": ProblemText(
        403,
        "Du har ikke tilgang til Oppgang.",
        "Usendt arbeid er trygt.",
        "Be lederen din om tilgang.",
    ),
    "login_too_many_groups": ProblemText(
        403,
        "Du er med i så mange grupper at vi ikke får se dem.",
        "Ingen er logget inn.",
        "Be IKT om å sende bare gruppene som gjelder Oppgang.",
    ),
    "login_away": ProblemText(
        503,
        "Innloggingen svarer ikke akkurat nå.",
        SAFE_ON_PHONE,
        "Prøv igjen om litt.",
    ),
    "forged": ProblemText(
        403,
        "Skjemaet hører til en side som er for gammel.",
        "Ingenting er endret.",
        "Last siden på nytt og prøv igjen.",
    ),
    "no_access": ProblemText(
        404,
        "Vi finner ikke dette, eller du har ikke tilgang.",
        "Det du selv har skrevet, er trygt.",
        "Spør lederen din.",
    ),
    "method": ProblemText(
        405,
        "Dette kan ikke gjøres her.",
        "Ingenting er endret.",
        "Gå tilbake og prøv en annen vei.",
    ),
    "wrong_user": ProblemText(
        409,
        "Du er logget inn som en annen enn den som skrev dette.",
        "Ingenting er sendt, og alt er trygt.",
        "Logg inn som deg selv, så sendes det.",
    ),
    "changed_meanwhile": ProblemText(
        409,
        "{navn} endret dette mens du skrev.",
        "Begge svar er tatt vare på.",
        "Velg ett, eller la kontoret avgjøre.",
    ),
    "upload_elsewhere": ProblemText(
        409,
        "Bildet fortsetter et annet sted enn her.",
        SAFE_ON_PHONE,
        "Appen går videre derfra.",
    ),
    "device_revoked": ProblemText(
        410,
        "Kontoret har stengt denne telefonen.",
        "Usendt arbeid blir fortsatt tatt imot.",
        "Ring kontoret.",
    ),
    "too_large": ProblemText(
        413,
        "Det som ble sendt, er for stort.",
        SAFE_ON_PHONE,
        "Appen sender på nytt i mindre deler.",
    ),
    "file_too_large": ProblemText(
        413,
        "Fila er på {mb} MB. Grensen er {grense} MB.",
        "Resten er lagret.",
        "Velg en mindre fil.",
    ),
    "media_type": ProblemText(
        415,
        "Dette kan ikke tas imot slik det er sendt.",
        SAFE_ON_PHONE,
        "Oppdater appen og prøv igjen.",
    ),
    "form_invalid": ProblemText(
        422,
        "{antall} felt må fylles ut eller rettes.",
        "Det du skrev, er lagret.",
        "Trykk på feltet.",
    ),
    "throttled": ProblemText(
        429,
        "For mange forsøk på kort tid.",
        SAFE_ON_PHONE,
        "Prøv igjen kl. {klokkeslett}.",
    ),
    "fault": ProblemText(
        500,
        "Det er en feil hos oss.",
        "Det som er mottatt, er trygt, og det på telefonen også.",
        "Prøv igjen om litt. Hjelper det ikke, ring kontoret.",
    ),
    "busy": ProblemText(
        503,
        "Kontoret har mye å gjøre akkurat nå.",
        SAFE_ON_PHONE,
        "Jobb videre, vi prøver igjen.",
    ),
}
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
