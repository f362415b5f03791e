"""Whether a form comes from another site, by what the browser says of where it was sent."""

from flask import request

FOREIGN = ("cross-site", "same-site")


def is_foreign(origin: str) -> bool:
    """Say whether this request's form was sent by another site than our own, at `origin`.

    The strict cookie stays behind there, so it would pass for what somebody wrote before their
    login ended, and be offered to them as their own. An older browser says its origin alone.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in FOREIGN
    ours = (origin.partition("://")[2], request.host)
    said = request.headers.get("Origin")
    return said is not None and said.partition("://")[2] not in ours
