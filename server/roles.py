"""The eight roles a grant can give, and their names on the screen; knows no user and no record."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person does here; a grant ties one role to one area or to the whole organisation."""

    BOMILJO = "bomiljo"
    CARETAKER = "caretaker"
    FOLLOW_UP = "follow_up"
    OFFICE = "office"
    LEADER = "leader"
    LANDLORD = "landlord"
    ADMIN = "admin"
    PRIVACY = "privacy"


ROLE_LABELS: dict[Role, str] = {
    Role.BOMILJO: "Bomiljø",
    Role.CARETAKER: "Miljøvaktmester",
    Role.FOLLOW_UP: "Oppfølging",
    Role.OFFICE: "Kontor",
    Role.LEADER: "Leder",
    Role.LANDLORD: "Eiendom",
    Role.ADMIN: "Administrator",
    Role.PRIVACY: "Personvernombud",
}
