"""Problems: every one says what happened, what is safe and what to do, in words people use."""

from __future__ import annotations

import json
import re

import pytest

from server.problems import (
    BY_STATUS,
    PROBLEMS,
    Problem,
    problem_for_status,
    problem_json,
    problem_page,
    words_of,
)

ENVELOPE = {400, 401, 404, 405, 409, 410, 413, 415, 429, 500, 503}
FORBIDDEN = re.compile(r"ugyldig|synkroniser|feil \d|error|!|\{", re.IGNORECASE)

each = pytest.mark.parametrize("code", PROBLEMS)


@each
def test_a_problem_has_three_short_sentences(code: str) -> None:
    text = words_of(code)
    for sentence in (text.happened, text.safe, text.do):
        assert sentence[0].isupper() and sentence.endswith(".")
        assert len(sentence) < 90
        assert not FORBIDDEN.search(sentence)
    assert 400 <= text.status < 600


@each
def test_a_problem_reads_the_same_to_a_program_and_to_a_person(code: str) -> None:
    problem = Problem(code)
    told = json.loads(problem_json(problem))
    assert list(told) == ["type", "title", "status", "code", "happened", "safe", "do"]
    assert told["status"] == problem.status and told["code"] == code
    page = problem_page(problem, "/office")
    assert told["happened"] in page and told["safe"] in page and told["do"] in page


def test_every_status_of_the_envelope_has_its_problem() -> None:
    assert set(BY_STATUS) >= ENVELOPE
    for status in ENVELOPE:
        assert problem_for_status(status).status == status
    assert problem_for_status(418).status == 400
    assert problem_for_status(507).status == 500


def test_the_parts_of_a_sentence_are_filled_in_or_said_without() -> None:
    assert words_of("throttled", klokkeslett="09.30").do == "Prøv igjen kl. 09.30."
    assert words_of("throttled").do == "Prøv igjen om litt."
    assert words_of("changed_meanwhile", navn="Kari").happened.startswith("Kari endret")
    assert Problem("throttled", retry_after_s=30).headers == {"Retry-After": "30"}


def test_a_page_shows_no_markup_from_outside() -> None:
    page = problem_page(Problem("changed_meanwhile", navn="<b>Kari</b>"), '"><script>')
    assert "<b>" not in page and "<script>" not in page
