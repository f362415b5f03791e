"""The office's one blueprint, on which every page below hangs; it holds nothing else."""

from __future__ import annotations

from flask import Blueprint

office = Blueprint(
    "office",
    __name__,
    url_prefix="/office",
    template_folder="templates",
    static_folder="static",
)
