"""Everything that a network does to a request and its answer, each as a fault of the wire."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace

from tests.journeys.wire import Answer, Carrier, Fault

HTML = [("Content-Type", "text/html; charset=utf-8")]
JSON = [("Content-Type", "application/json")]
PACKED = ("Content-Encoding", "gzip")
PAGE = "<html><title>Gjestenett</title><p>Logg inn for å bruke nettet.</html>".encode()
DRIPS, DRIP_SECONDS = 12, 0.05


def dropped_before_it_was_sent(carrier: Carrier, length: int) -> None:
    """The connection is accepted and breaks before anything is read."""
    carrier.hang_up()


def cut_in_the_middle_of_the_request(carrier: Carrier, length: int) -> None:
    """Half of the request arrives, at the server too, and then nothing more."""
    carrier.break_off(length, length // 2)


def answer_lost_after_the_commit(carrier: Carrier, length: int) -> None:
    """The server has taken it all, and nobody is told."""
    carrier.ask(carrier.rfile.read(length))
    carrier.hang_up()


def answer_cut_in_its_middle(carrier: Carrier, length: int) -> None:
    """Half of what was announced comes, and then the line breaks."""
    answer = carrier.ask(carrier.rfile.read(length))
    half = replace(answer, content=answer.content[: len(answer.content) // 2])
    carrier.say(half, announced=len(answer.content))
    carrier.hang_up()


def answer_announced_too_short(carrier: Carrier, length: int) -> None:
    """A wrong Content-Length: the browser takes the half for the whole."""
    answer = carrier.ask(carrier.rfile.read(length))
    carrier.say(replace(answer, content=answer.content[: len(answer.content) // 2]))


def answer_that_drips(carrier: Carrier, length: int) -> None:
    """The whole answer, a few bytes at a time: slow is not broken."""
    answer = carrier.ask(carrier.rfile.read(length))
    carrier.say(replace(answer, content=b""), announced=len(answer.content))
    size = max(1, len(answer.content) // DRIPS)
    for at in range(0, len(answer.content), size):
        carrier.wfile.write(answer.content[at : at + size])
        carrier.wfile.flush()
        time.sleep(DRIP_SECONDS)


def delivered_twice(carrier: Carrier, length: int) -> None:
    """The request arrives two times; the second answer is the one that comes back."""
    body = carrier.rfile.read(length)
    carrier.ask(body)
    carrier.say(carrier.ask(body))


def an_old_answer_from_a_cache(carrier: Carrier, length: int) -> None:
    """The request never arrives, and the answer to an earlier one comes back."""
    carrier.rfile.read(length)
    assert carrier.line.last_answer is not None
    carrier.say(carrier.line.last_answer)


def said(status: int, headers: list[tuple[str, str]], content: bytes) -> Fault:
    """Somebody on the way answers in the server's place."""

    def fault(carrier: Carrier, length: int) -> None:
        carrier.rfile.read(length)
        carrier.say(Answer(status, "", headers, content))

    return fault


def slow(go: threading.Event) -> Fault:
    """Let what comes wait until it may go on."""

    def carry(carrier: Carrier, length: int) -> None:
        body = carrier.rfile.read(length)
        go.wait()
        carrier.say(carrier.ask(body))

    return carry


FAULTS: Mapping[str, Fault] = {
    "dropped before it was sent": dropped_before_it_was_sent,
    "cut in the middle of the request": cut_in_the_middle_of_the_request,
    "answer lost after the commit": answer_lost_after_the_commit,
    "answer cut in its middle": answer_cut_in_its_middle,
    "answer announced too short": answer_announced_too_short,
    "502 with a page": said(502, HTML, PAGE),
    "504 with a page": said(504, HTML, PAGE),
    "portal: 200 with a page": said(200, HTML, PAGE),
    "portal: 200 with nothing": said(200, HTML, b""),
    "portal: 200 with JSON of its own": said(200, JSON, b'{"login":"required"}'),
    "portal: 302 to its login page": said(302, [("Location", "/portal")], b""),
    "portal: 511 network login": said(511, HTML, PAGE),
    "packed with what is no packing": said(
        200, [*JSON, ("Content-Encoding", "gzip")], b"\x1f\x8b!"
    ),
}
"""After each of these the phone knows of nobody who answers."""
HARMLESS: Mapping[str, Fault] = {
    "503 with a page": said(503, [*HTML, ("Retry-After", "1")], PAGE),
    "answer that drips": answer_that_drips,
    "delivered twice": delivered_twice,
    "an old answer from a cache": an_old_answer_from_a_cache,
}
"""After these it goes on as before."""
