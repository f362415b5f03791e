"""Why a visit is made: one list of words for the plan and for the visit."""

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
