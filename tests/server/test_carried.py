"""What is carried over a login: one's own words alone, to oneself alone."""

from __future__ import annotations

import pytest
from flask import Flask

WORDS = "Skrevet før det tok slutt"
PATHS = ("/office/privacy/confirm", "/office/me/password")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_form_is_not_carried_over_a_login(site: str, app: Flask) -> None:
    """The strict cookie stays behind there: it would pass for what was written before the end."""
    sent = {"old": "x", "kept:answer": WORDS, "do": WORDS}
    for path in PATHS:
        foreign = app.test_client().post(path, data=sent, headers={"Sec-Fetch-Site": site})
        assert foreign.status_code == 403 and WORDS not in foreign.text
        for own in ({"Sec-Fetch-Site": "same-origin"}, {}):
            answer = app.test_client().post(path, data=sent, headers=own)
            assert answer.status_code == 401 and WORDS in answer.text
