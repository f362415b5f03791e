"""A web server that is up at once: forked from a process that has loaded the server's code already.

It goes the very road of `./run web`; only the last step, to become gunicorn by loading it all
again, is taken within the process.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import NoReturn

import time_machine
from gunicorn.app import wsgiapp

from server import cli
from tests.postgres import die_with_parent

MOMENT = "JOURNEY_MOMENT"
"""Names the moment that a warm server begins at, where it is another than now."""
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload([__name__, "gunicorn.workers.gthread"])


def start(
    port: int, settings: Mapping[str, str], log: Path, cold: bool = False
) -> ForkServerProcess:
    """Start a web server with these settings; it and its workers are a process group.

    A `cold` one loads everything anew, as it does for an operator.
    """
    words = (port, dict(settings), log, cold)
    process = _forks.Process(target=serve, args=words, daemon=True)
    process.start()
    return process


def serve(port: int, settings: dict[str, str], log: Path, cold: bool) -> None:
    """Run in the child: be the web server until killed."""
    os.setsid()
    die_with_parent()
    with log.open("ab") as out:
        for stream in (1, 2):
            os.dup2(out.fileno(), stream)
    os.environ.update(settings)
    if MOMENT in settings:
        time_machine.travel(datetime.fromisoformat(settings[MOMENT]), tick=True).start()
    if not cold:
        os.execv = _go_on_as  # type: ignore[assignment]
    sys.exit(cli.main(["web", "--port", str(port)]))


def _go_on_as(program: str, command: list[str]) -> NoReturn:
    """Be the gunicorn of a command line."""
    sys.argv = command[command.index("gunicorn") :]
    wsgiapp.run()
    sys.exit(0)
