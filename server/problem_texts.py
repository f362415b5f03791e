"""Every problem in one table: code, status, what happened, what is safe, what to do.

The sentences are the office's and the phone's alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SAFE_ON_PHONE = "Alt på telefonen er trygt."


@dataclass(frozen=True)
class ProblemText:
    """One problem in words: at most three short sentences, in this order."""

    status: int
    happened: str
    safe: str
    do: str


PROBLEMS: Mapping[str, ProblemText] = {
    "unreadable": ProblemText(
        400,
        "Det som ble sendt, kan ikke leses.",
        SAFE_ON_PHONE,
        "Appen sender på nytt i mindre deler. Hjelper det ikke, ring kontoret.",
    ),
    "wrong_password": ProblemText(
        401,
        "Navn eller passord stemmer ikke.",
        SAFE_ON_PHONE,
        "Prøv igjen, eller be kontoret om hjelp.",
    ),
    "code_needed": ProblemText(
        403,
        "Passordet stemmer, men det trengs en kode også.",
        SAFE_ON_PHONE,
        "Skriv koden fra telefonen din, eller en reservekode.",
    ),
    "code_missing": ProblemText(
        403,
        "Kommunen krever engangskode, og du har ikke slått den på ennå.",
        SAFE_ON_PHONE,
        "Logg inn på kontorets side først, og slå den på der.",
    ),
    "passkey_refused": ProblemText(
        401,
        "Passnøkkelen ble ikke godtatt.",
        SAFE_ON_PHONE,
        "Prøv igjen, eller logg inn med passord.",
    ),
    "passkey_late": ProblemText(
        401,
        "Det gikk for lang tid, eller siden var brukt før.",
        SAFE_ON_PHONE,
        "Trykk på knappen for passnøkkel igjen.",
    ),
    "passkey_not_made": ProblemText(
        422,
        "Passnøkkelen ble ikke laget.",
        "Ingenting er endret.",
        "Prøv igjen fra Min innlogging. Hjelper det ikke, ta bort en du ikke bruker.",
    ),
    "session_over": ProblemText(
        401,
        "Du er logget ut fordi det har gått lang tid.",
        "Usendt arbeid er trygt.",
        "Logg inn for å hente nytt.",
    ),
    "token_unknown": ProblemText(
        401,
        "Nøkkelen er ukjent, stengt eller gått ut.",
        "Ingenting er lest eller endret.",
        "Be en administrator lage en ny på siden Integrasjoner.",
    ),
    "confirm_again": ProblemText(
        401,
        "Bekreft at det er deg.",
        "Det du skrev, er tatt vare på.",
        "Logg inn på nytt, så fortsetter du der du var.",
    ),
    "login_refused": ProblemText(
        401,
        "Innloggingen kunne ikke fullføres.",
        "Ingen er logget inn.",
        "Prøv igjen. Hjelper det ikke, ring kontoret.",
    ),
    "login_stopped": ProblemText(
        401,
        "Innloggingen ble avbrutt.",
        "Ingen er logget inn.",
        "Prøv igjen når du vil.",
    ),
    "login_too_weak": ProblemText(
        401,
        "Du må logge inn på en sikrere måte.",
        "Ingen er logget inn.",
        "Prøv igjen og velg innlogging på høyere sikkerhetsnivå.",
    ),
    "login_other_person": ProblemText(
        401,
        "Du logget inn som en annen enn den du er her.",
        "Ingenting er endret.",
        "Prøv igjen som deg selv.",
    ),
    "login_not_let_in": ProblemText(
        403,
        "Du har ikke tilgang til Oppgang.",
        "Usendt arbeid er trygt.",
        "Be lederen din om tilgang.",
    ),
    "login_too_many_groups": ProblemText(
        403,
        "Du er med i så mange grupper at vi ikke får se dem.",
        "Ingen er logget inn.",
        "Be IKT om å sende bare gruppene som gjelder Oppgang.",
    ),
    "login_away": ProblemText(
        503,
        "Innloggingen svarer ikke akkurat nå.",
        SAFE_ON_PHONE,
        "Prøv igjen om litt.",
    ),
    "login_too_long": ProblemText(
        413,
        "Det du skrev, er for langt til å bli med til innloggingen og tilbake.",
        "Det er tatt vare på i denne sida, men ville blitt borte på veien.",
        "Logg inn med passord eller passnøkkel, eller gå tilbake og kopier det du skrev, først.",
    ),
    "forged": ProblemText(
        403,
        "Skjemaet hører til en side som er for gammel.",
        "Ingenting er endret.",
        "Last siden på nytt og prøv igjen.",
    ),
    "no_access": ProblemText(
        404,
        "Vi finner ikke dette, eller du har ikke tilgang.",
        "Det du selv har skrevet, er trygt.",
        "Spør lederen din.",
    ),
    "method": ProblemText(
        405,
        "Dette kan ikke gjøres her.",
        "Ingenting er endret.",
        "Gå tilbake og prøv en annen vei.",
    ),
    "wrong_user": ProblemText(
        409,
        "Du er logget inn som en annen enn den som skrev dette.",
        "Ingenting er sendt, og alt er trygt.",
        "Logg inn som deg selv, så sendes det.",
    ),
    "changed_meanwhile": ProblemText(
        409,
        "{navn} endret dette mens du skrev.",
        "Begge svar er tatt vare på.",
        "Velg ett, eller la kontoret avgjøre.",
    ),
    "upload_elsewhere": ProblemText(
        409,
        "Bildet fortsetter et annet sted enn her.",
        SAFE_ON_PHONE,
        "Appen går videre derfra.",
    ),
    "device_revoked": ProblemText(
        410,
        "Kontoret har stengt denne telefonen.",
        "Usendt arbeid blir fortsatt tatt imot.",
        "Ring kontoret.",
    ),
    "lease_unopenable": ProblemText(
        400,
        "Nøkkelen til det som ligger på telefonen, kan ikke åpnes her.",
        "Usendt arbeid blir fortsatt tatt imot.",
        "Logg inn på nytt, så hentes resten.",
    ),
    "too_large": ProblemText(
        413,
        "Det som ble sendt, er for stort.",
        SAFE_ON_PHONE,
        "Appen sender på nytt i mindre deler.",
    ),
    "file_too_large": ProblemText(
        413,
        "Fila er på {mb} MB. Grensen er {grense} MB.",
        "Resten er lagret.",
        "Velg en mindre fil.",
    ),
    "media_type": ProblemText(
        415,
        "Dette kan ikke tas imot slik det er sendt.",
        SAFE_ON_PHONE,
        "Oppdater appen og prøv igjen.",
    ),
    "form_invalid": ProblemText(
        422,
        "{antall} felt må fylles ut eller rettes.",
        "Det du skrev, er lagret.",
        "Trykk på feltet.",
    ),
    "throttled": ProblemText(
        429,
        "For mange forsøk på kort tid.",
        SAFE_ON_PHONE,
        "Prøv igjen kl. {klokkeslett}.",
    ),
    "fault": ProblemText(
        500,
        "Det er en feil hos oss.",
        "Det som er mottatt, er trygt, og det på telefonen også.",
        "Prøv igjen om litt. Hjelper det ikke, ring kontoret.",
    ),
    "busy": ProblemText(
        503,
        "Kontoret har mye å gjøre akkurat nå.",
        SAFE_ON_PHONE,
        "Jobb videre, vi prøver igjen.",
    ),
}
