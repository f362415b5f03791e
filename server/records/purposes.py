"""The words that several kinds share: why and on what ground a home is visited, and who talks."""

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

PRESENT = {
    "tenant": "Leietakeren",
    "partner": "Partner",
    "child": "Barn",
    "guardian": "Verge",
    "nav": "NAV",
    "interpreter": "Tolk",
}
"""Who is there at a visit, as roles and never by name."""

REPEATS = {
    "once": "Én gang",
    "weekly": "Hver uke",
    "biweekly": "Annenhver uke",
    "monthly": "Hver måned",
}
"""How often something comes again; it does so only where a last day is said."""

TALK_CHANNELS = {
    "visit": "På besøk",
    "door": "I døra eller oppgangen",
    "phone": "På telefon",
    "office": "På kontoret",
    "other": "På annen måte",
}
"""How somebody was talked with."""

NEIGHBOUR_TROUBLES = {
    "noise": "Bråk",
    "party": "Fest",
    "animals": "Dyr",
    "waste": "Avfall",
    "smoke_smell": "Røyk og lukt",
    "threat_harassment": "Trusler og trakassering",
    "drug_dealing": "Salg av rusmidler",
    "visitors": "Besøk",
    "parking": "Parkering",
    "children_play": "Barn og lek",
    "damage": "Skade",
    "other": "Annet",
}
"""What neighbours fall out over."""

PARTIES = {"a": "A", "b": "B", "c": "C", "d": "D"}
"""The sides of a case, which are named in no other way where both may read."""

TOPICS = {
    "safety": "Trygghet",
    "tidiness": "Ryddighet",
    "noise": "Støy",
    "children": "Barn og unge",
    "meeting": "Møteplasser",
    "green": "Grønt og ute",
    "building": "Bygget",
    "other": "Annet",
}
"""What residents speak of: in what they say, and on a walk."""
