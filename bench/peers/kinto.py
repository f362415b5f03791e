"""Kinto: records over HTTP with versions in headers, as kinto.js speaks it."""

from __future__ import annotations

import base64
import random
import secrets
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.line import Line
from bench.peers.peer import PAGE, Fields, Known, Peer, Phone, running
from bench.stage import name_id
from server.serve import THREADS, WORKERS
from tests import postgres

BUCKET = "/v1/buckets/oppgang"
ADDED = {"id", "last_modified", "schema"}
PER_BATCH = 25
"""As many as it takes in one unless it is told otherwise; more collide more often."""
OTHER_IS_THERE = 412
AGAIN = {409, 503}
TRIES_MAX, PAUSE_S = 100, 0.02
SETTINGS = """
[app:main]
use = egg:kinto
kinto.storage_backend = kinto.core.storage.postgresql
kinto.storage_url = {url}
kinto.permission_backend = kinto.core.permission.postgresql
kinto.permission_url = {url}
kinto.cache_backend = kinto.core.cache.memory
kinto.bucket_create_principals = system.Authenticated
kinto.userid_hmac_secret = {secret}
multiauth.policies = basicauth
kinto.paginate_by = {page}

[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = plain
[logger_root]
level = WARN
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = plain
[formatter_plain]
format = %(message)s
"""


@dataclass
class KintoPhone(Phone):
    """A version is the record's last_modified."""

    def ask(
        self, method: str, path: str, value: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Mapping[str, str], Any]:
        """With a name and a password, as every request has."""
        said = base64.b64encode(f"{self.user}:bench".encode()).decode()
        return super().ask(
            method, path, value, {"Authorization": f"Basic {said}", **(headers or {})}
        )

    def push(self, changes: Mapping[str, Fields]) -> int:
        """A batch of PUTs: new ones only where there is none, edits only of what was seen."""
        wholes = {id: self.merged(id, change) for id, change in changes.items()}
        requests = [self._put(id, whole) for id, whole in wholes.items()]
        cuts = range(0, len(requests), PER_BATCH)
        responses = [one for at in cuts for one in self._batch(requests[at : at + PER_BATCH])]
        told = 0
        for (id, whole), one in zip(wholes.items(), responses, strict=True):
            data = one["body"].get("data")
            if one["status"] == OTHER_IS_THERE:
                data = one["body"]["details"]["existing"]
                told += own(data) != whole
            self.known[id] = Known(own(data), data["last_modified"])
        return told

    def _batch(self, requests: list[dict[str, Any]]) -> list[Any]:
        """Send until no two writers met in one millisecond: Kinto then takes back the batch.

        It answers 409 to one of them and asks for another try, though the others got their 201.
        """
        for turn in range(TRIES_MAX):
            time.sleep(random.uniform(0, PAUSE_S * turn))
            status, _, answer = self.ask("POST", "/v1/batch", {"requests": requests})
            statuses = [one["status"] for one in answer["responses"]] if status == 200 else [status]
            odd = {one for one in statuses if one >= 400} - {OTHER_IS_THERE}
            if not odd:
                return list(answer["responses"])
            if odd - AGAIN:
                break
        raise RuntimeError(f"a batch of {len(requests)} gave {sorted(odd)}: {str(answer)[:300]}")

    def pull(self) -> int:
        """What has changed since, page by page."""
        since = f"&_since={self.cursor}" if self.cursor else ""
        path, came = f"{self._records()}?_sort=last_modified&_limit={PAGE}{since}", 0
        while path:
            status, headers, answer = self.ask("GET", path)
            if status >= 400:
                raise RuntimeError(f"GET {path} gave {status}: {str(answer)[:300]}")
            for record in answer["data"]:
                self.known[record["id"]] = Known(own(record), record["last_modified"])
            came += len(answer["data"])
            if headers.get("ETag"):
                self.cursor = headers["ETag"].strip('"')
            path = headers.get("Next-Page", "").partition("/v1/")[2]
            path = f"/v1/{path}" if path else ""
        return came

    def _put(self, id: str, whole: Fields) -> dict[str, Any]:
        known = self.known.get(id)
        only = {"If-Match": f'"{known.version}"'} if known else {"If-None-Match": "*"}
        path = f"{self._records().removeprefix('/v1')}/{id}"
        return {"method": "PUT", "path": path, "headers": only, "body": {"data": whole}}

    def _records(self) -> str:
        return f"{BUCKET}/collections/{self.team}/records"


def own(record: Fields) -> Fields:
    """A record without what Kinto adds."""
    return {name: value for name, value in record.items() if name not in ADDED}


class Kinto(Peer):
    """As many workers as ours on PostgreSQL; a bucket that whoever has logged in may write to."""

    name = "Kinto"
    about = "PostgreSQL with fsync; gunicorn as ours; a name and a password, no validation"
    durable = True

    def __init__(self, port: int, roots: tuple[int, ...]) -> None:
        self.port, self.roots = port, roots
        self._teams: set[str] = set()
        everybody = {"permissions": {"write": ["system.Authenticated"]}}
        self._hand("setup").expect("PUT", BUCKET, everybody)

    def phone(self, team: str, number: int, packed: bool = True) -> KintoPhone:
        """A phone of a person of its own."""
        if team not in self._teams:
            self._teams.add(team)
            self._hand(team).expect("PUT", f"{BUCKET}/collections/{team}")
        return KintoPhone(Line(self.port), team, name_id("user", team, number), packed)

    def _hand(self, team: str) -> KintoPhone:
        return KintoPhone(Line(self.port), team, "setup")


@contextmanager
def started(python: Path, folder: Path) -> Iterator[Kinto]:
    """Kinto out of its own venv, on a PostgreSQL of its own that is as safe as ours."""
    with postgres.cluster(durable=True) as cluster:
        url = cluster.url(cluster.create()).replace("+psycopg:", "+psycopg2:")
        settings = folder / "kinto.ini"
        settings.write_text(SETTINGS.format(url=url, secret=secrets.token_hex(32), page=PAGE))
        port = postgres.free_port()
        migrate = [str(python.with_name("kinto")), "migrate", "--ini", str(settings)]
        subprocess.run(migrate, check=True, cwd=folder, capture_output=True)
        command = [
            *(str(python), "-m", "gunicorn", "--paste", str(settings)),
            *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
            *("--workers", str(WORKERS), "--threads", str(THREADS)),
            *("--timeout", "120", "--keep-alive", "15", "--no-control-socket"),
        ]
        with running(command, folder, f"http://127.0.0.1:{port}/v1/") as pid:
            yield Kinto(port, (pid, cluster.pid))
