"""The office: pages for those who review, drawn on the server and working without JavaScript.

`office` is the blueprint to register; `problem_page` draws a problem in the office's own dress.
Every module here hangs its own views on the blueprint, found by its file and listed nowhere.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from flask import Response, g, make_response, render_template, request, url_for

from server.office import overview
from server.office.blueprint import office
from server.office.closing import asked_for, close_gate
from server.office.dates import counted
from server.office.gate import at_desk, csrf_token, know_reader, open_gate, settings
from server.problems import Problem
from server.security_log import tell_problem

__all__ = ["asked_for", "office", "problem_page"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

office.before_request(open_gate)
office.after_request(close_gate)


@office.app_context_processor
def _frame() -> dict[str, Any]:
    """Give every page its frame: who reads, the menu, the nonce and the demo mark."""
    desk = g.get("desk")
    return {
        "me": desk,
        "menu": overview.menu(desk) if desk else overview.Menu((), ()),
        "here": request.endpoint,
        "nonce": g.get("nonce", ""),
        "demo": settings().demo,
        "csrf_token": csrf_token,
        "counted": counted,
    }


@office.errorhandler(Problem)
def problem_page(problem: Problem) -> Response:
    """Draw a problem as a page: what happened, what is safe, what to do."""
    know_reader()
    reader = g.login.user if g.login else None
    tell_problem(problem.code, **asked_for(), user=reader)
    words = {"text": problem.text, "home": url_for("office.overview")}
    if g.login is None:
        page = render_template("office/problem.html", **words)
    else:
        with at_desk():
            page = render_template("office/problem.html", **words)
    response = make_response(page, problem.status)
    response.headers.update(problem.headers)
    return close_gate(response)
