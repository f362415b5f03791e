"""The sentences of the demo year: what was said, found and done; none of it about anybody real."""

from __future__ import annotations

from dataclasses import dataclass

SAID = {
    "move_in": (
        "Leietakeren er godt i gang og har fått hilst på naboene.",
        "Vi gikk gjennom husleia og forfallet sammen. Avtalegiro er satt opp.",
        "Leietakeren vil gjerne være med på neste dugnad.",
    ),
    "follow_up": (
        "Det går bra med husleia, og det er rolig i oppgangen.",
        "Leietakeren lufter hver dag, og kondensen på badet er mindre.",
        "Leietakeren ønsker kontakt igjen om noen uker.",
        "Vi ble enige om å se på strømregningen sammen neste gang.",
    ),
    "complaint": (
        "Begge vil ha det roligere om kvelden. Vi ble enige om kl. 22 på hverdager.",
        "Leietakeren hadde ikke hørt om klagen før og vil snakke med naboen selv.",
    ),
    "arrears_talk": (
        "Leietakeren vil dele restansen i to og ønsker hjelp til budsjett.",
        "Første del er betalt. Ny prat etter neste forfall.",
    ),
    "damage": (
        "Skaden er vist fram og meldt. Leietakeren vet hvem som ringer om tid.",
        "Lekkasjen er stanset. Gulvet skal tørke før det legges nytt.",
    ),
    "fire_safety": (
        "Vi testet røykvarsleren sammen og gikk veien ut.",
        "Leietakeren kjenner møteplassen ved brann.",
    ),
    "welfare_check": (
        "Alt vel. Leietakeren setter pris på at noen ser innom.",
        "Leietakeren har vært syk, men er på beina igjen.",
    ),
    "dialogue_prep": ("Begge parter vil møtes. De foreslår fellesrommet.",),
    "exit": ("Boligen er tømt, og nøklene er levert.",),
    "other": ("Kort prat i døra om porttelefonen.",),
}
AGREED = (
    ("Sender kopi av strømregningen.", "tenant"),
    ("Setter barnevogna i boden.", "tenant"),
    ("Renser sluket sammen med oss neste gang.", "together"),
    ("Ringer Eiendom om tid for vinduet.", "us"),
    ("Setter opp avtalegiro for husleia.", "tenant"),
    ("Hilser på naboen og sier fra om flytting.", "tenant"),
    ("Kommer med skjema for bostøtte.", "us"),
    ("Rydder boden sammen en ettermiddag.", "together"),
)
HELPED = (
    ("guidance", "advice_mastery", "Vil forstå ventilene.", "Viste hvordan ventilene brukes."),
    ("advice", "advice_economy", "Lurer på avtalegiro.", "Forklarte forfall og avtalegiro."),
    ("practical", "practical_application", "Vil søke bostøtte.", "Fylte ut søknaden sammen."),
    ("advice", "advice_services", "Spør om norskkurs.", "Ga nummeret til voksenopplæringen."),
    ("practical", "practical_prevent_eviction", "Er redd for å miste boligen.",
     "Laget en plan for restansen sammen."),
)  # fmt: skip
ASKED = (
    "Spør om en bolig uten trapper.",
    "Vil ha hjelp til å søke startlån.",
    "Ber om hjelp til å ordne opp i gjeld.",
    "Trenger tilpasning på badet.",
    "Spør om noe større, med to soverom.",
    "Ønsker hjelp til å finne en bolig å leie selv.",
)


@dataclass(frozen=True)
class Fault:
    """What is wrong at one point of a checklist, why, and what it cost to mend."""

    item: str
    words: str
    cause: str
    cost: int


AT_HOME = {
    "NYVRI1": (
        Fault("NYVRI1-15", "Kondens og mørk flekk rundt vinduet på soverommet.", "damp_use", 2400),
        Fault("NYVRI1-09", "Trykkmåleren på slokkeapparatet står i rødt.", "wear", 690),
        Fault("NYVRI1-14", "Ventilen på badet er tapet igjen.", "damp_use", 0),
        Fault("NYVRI1-19", "Skapdøra på kjøkkenet mangler fortsatt hengsel.", "wear", 850),
        Fault("NYVRI1-18", "Skjøteledning i fast bruk bak fryseren.", "misuse", 0),
    ),
    "NYVRI2": (
        Fault("NYVRI2-05", "Avtrekket på badet virker ikke.", "wear", 3100),
        Fault("NYVRI2-06", "Røykvarsleren piper. Nytt batteri satt i på stedet.", "wear", 60),
    ),
    "BRANNBOLIG": (
        Fault("BRANNBOLIG-03", "Røykvarsleren er eldre enn ti år.", "wear", 390),
        Fault("BRANNBOLIG-08", "Inngangsdøra går ikke i lås av seg selv.", "wear", 1650),
        Fault("BRANNBOLIG-06", "Komfyrvakten blinker og må skiftes.", "wear", 2900),
    ),
}
IN_COMMON = (
    Fault("HMSFELLES-01", "Barnevogn og sykkel i trapperommet.", "misuse", 0),
    Fault("HMSFELLES-02", "Branndøra i kjelleren lukker seg ikke helt.", "wear", 2200),
    Fault("HMSFELLES-13", "Ei postkasse er brutt opp.", "vandalism", 1100),
    Fault("HMSFELLES-11", "Gammel sofa ved utgangen i kjelleren.", "misuse", 600),
    Fault("HMSFELLES-13", "Tagging ved inngangsdøra.", "vandalism", 1900),
    Fault("HMSFELLES-04", "Brannsentralen viser feil på én sløyfe.", "wear", 4200),
)
SELDOM = (
    Fault("HMSFELLES-08", "Lyset i bodgangen virker ikke.", "wear", 750),
    Fault("HMSFELLES-07", "Dørpumpa på hovedinngangen er slitt.", "wear", 2600),
    Fault("HMSFELLES-12", "Lukt av fukt innerst i kjelleren.", "construction", 5400),
    Fault("HMSFELLES-17", "Sluket i vaskeriet renner sakte unna.", "lack_of_upkeep", 900),
    Fault("HMSFELLES-19", "Branninstruksen mangler i andre etasje.", "lack_of_upkeep", 0),
)
IN_WINTER = (
    Fault("VINTER-01", "Det er ikke strødd foran oppgangen.", "lack_of_upkeep", 0),
    Fault("VINTER-03", "Istapper over inngangen.", "unknown", 1800),
)
OUTDOORS = (
    Fault("UTE-02", "Lyset over gangveien er gått.", "wear", 900),
    Fault("UTE-05", "Fallsanden under huska er blitt for tynn.", "wear", 3500),
    Fault("UTE-03", "Hensatt sofa ved avfallspunktet.", "misuse", 700),
)


@dataclass(frozen=True)
class Task:
    """A small job as it was asked for, and what came of it."""

    category: str
    words: str
    result: str
    at_home: bool
    minutes: int
    material: str = ""
    bags: int = 0


TASKS = (
    Task("drain", "Sluket på badet er tett.", "Renset sluket. Leietakeren kan gjøre det selv nå.",
         True, 40, "Vannlås, 1 stk."),
    Task("tidy", "Hjelp til å rydde boden.", "Boden er ryddet, og gangen er fri.", True, 75, "", 4),
    Task("waste", "Kjøre bort gammel sofa fra kjelleren.", "Levert på gjenvinningsstasjonen.",
         False, 60, "", 3),
    Task("lamp", "Lyspæra i trappa er gått.", "Byttet pære i andre etasje.", False, 15, "LED-pære"),
    Task("lock_door", "Postkassa går ikke i lås.", "Byttet lås og ga ut to nøkler.", True, 25,
         "Postkasselås"),
    Task("minor_repair", "Skapdør på kjøkkenet henger.", "Strammet hengslene.", True, 20),
    Task("ventilation", "Ventilen på soverommet sitter fast.", "Ventilen er renset og åpner igjen.",
         True, 20),
    Task("furniture", "Hjelp til å sette sammen ei seng.", "Senga er satt sammen.", True, 60),
    Task("outdoor", "Rake løv ved benken.", "Ferdig raket. To naboer var med.", False, 50, "", 6),
    Task("snow_sand", "Strø gangveien og trappa.", "Strødd ved begge innganger.", False, 30,
         "Strøsand, 2 sekker"),
    Task("teach_task", "Vise hvordan vaskemaskinen brukes.", "Gikk gjennom programmene sammen.",
         True, 30),
    Task("minor_repair", "Garderobeskinnen har løsnet.", "Festet med nye plugger.", True, 30,
         "Plugg og skruer"),
    Task("waste", "Rydde etter flytting ved containeren.", "Sortert og kjørt bort.", False, 45, "",
         8),
    Task("lamp", "Utelampa ved inngangen blinker.", "Byttet lampe.", False, 35, "Utelampe"),
    Task("sanitation", "Vaske ned bodgangen etter fukt.", "Vasket og luftet.", False, 90,
         "Rengjøringsmiddel", 2),
)  # fmt: skip
