"""The bill of materials: what the app is built of, read out of the lock files, as CycloneDX 1.6.

It needs no network and no installed package: the locks are what is installed, by hash.
"""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from server.version import VERSION

ROOT = Path(__file__).resolve().parents[1]
PYTHON_LOCK, NPM_LOCK = "requirements.lock", "pwa/package-lock.json"
_NAMED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill(root: Path = ROOT) -> dict[str, Any]:
    """Give the whole bill; the same locks give the same bill, its serial number too."""
    parts = [*python_parts(root / PYTHON_LOCK), *npm_parts(root / NPM_LOCK)]
    named = "\n".join(part["purl"] for part in parts)
    app = {"type": "application", "name": "oppgang", "version": VERSION, "bom-ref": "oppgang"}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, named)}",
        "version": 1,
        "metadata": {"component": {**app, "licenses": [{"license": {"id": "EUPL-1.2"}}]}},
        "components": parts,
    }


def python_parts(lock: Path) -> Iterator[dict[str, Any]]:
    """Give the server's parts, with the digests of every file that may be installed."""
    found: dict[str, Any] | None = None
    for line in lock.read_text("utf-8").splitlines():
        if named := _NAMED.match(line):
            if found:
                yield found
            name, version = named[1].lower().replace("_", "-"), named[2]
            found = _part(name, version, f"pkg:pypi/{name}@{version}", "required")
        if found:
            digests = [{"alg": "SHA-256", "content": each} for each in _HASH.findall(line)]
            found["hashes"] += digests
    if found:
        yield found


def npm_parts(lock: Path) -> Iterator[dict[str, Any]]:
    """Give the phone's parts; what is only built with is marked as optional."""
    packages: Mapping[str, Any] = json.loads(lock.read_text("utf-8"))["packages"]
    for place, said in sorted(packages.items()):
        if not place or said.get("link"):
            continue
        name = place.rpartition("node_modules/")[2]
        scope = "optional" if said.get("dev") else "required"
        purl = f"pkg:npm/{name.replace('@', '%40')}@{said['version']}"
        part = _part(name, said["version"], purl, scope)
        algorithm, _, digest = said.get("integrity", "").partition("-")
        if digest:
            content = base64.b64decode(digest).hex()
            part["hashes"] = [{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": content}]
        if isinstance(said.get("license"), str):
            part["licenses"] = [{"expression": said["license"]}]
        yield part


def _part(name: str, version: str, purl: str, scope: str) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "scope": scope,
        "hashes": [],
    }
