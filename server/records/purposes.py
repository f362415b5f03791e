"""Why a visit is made and on what ground: the words that plan and visit share."""

PURPOSES = {
    "move_in": "Innflytting",
    "follow_up": "Oppfølging",
    "complaint": "Bomiljøklage",
    "arrears_talk": "Samtale om husleie",
    "damage": "Skade",
    "fire_safety": "Brannvern",
    "exit": "Utflytting",
    "welfare_check": "Se hvordan det går",
    "dialogue_prep": "Forberede dialogmøte",
    "other": "Annet",
}
"""Why a visit is made; the plan and the visit share the codes (domain.md 2.1)."""

ACCESS_BASES = {
    "agreed_voluntary": "Avtalt og frivillig",
    "inspection_notice": "Varsel om tilsyn",
    "maintenance_notice": "Varsel om vedlikehold",
    "emergency_no_notice": "Nødstilfelle uten varsel",
    "tenant_invited_now": "Invitert inn der og da",
    "police_assisted": "Sammen med politiet",
}
"""On what ground a home is entered (domain.md 2.1)."""
