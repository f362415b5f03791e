"""What happened these last days: what the office, the landlord and the phones are to look at now.

The faults that the last visits found, help asked for, warnings, and words added afterwards.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from server.access import HERE
from server.demo import drawn
from server.demo.drawn import Drawn
from server.demo.municipality import (
    NORTH,
    SOUTH,
    STAFF,
    Home,
    Person,
    homes,
    landlord_of,
    made_up_id,
)
from server.demo.pen import Edit, Pen, handled, made, status
from server.demo.story import APPROVED, WAITING, last_visit
from server.planning.calendar import worked_until
from server.shapes import Json, write_instant
from sync.mutation import one_per_id

KARI, AMIR, OLA, INGRID, LISE = (
    STAFF[login] for login in ("kari", "amir", "ola", "ingrid", "lise")
)
DOOR, CLEARED = (made_up_id("newest", name) for name in ("door", "cleared"))
PRAM = one_per_id(
    "deviation",
    [one_per_id("checklist_run", [last_visit(WAITING[0]), "NYVRI1", "building"]), "NYVRI1-11"],
)


def pictures() -> tuple[Drawn, ...]:
    """Give the pictures of what is newest."""
    return (
        Drawn("pram", PRAM, KARI, "other", "Foran trappa i første etasje.", drawn.pram),
        Drawn("door", DOOR, OLA, "other", "Branndøra mot trapperommet.", drawn.open_door),
        Drawn("before", CLEARED, OLA, "before", "Vannet sto over sluket.", drawn.drain),
        Drawn("after", CLEARED, OLA, "after", "Renner unna igjen.", drawn.mended_drain),
    )


def tell_the_newest(pen: Pen, now: datetime) -> None:
    """Write what is newest."""
    newest = Newest(pen, now)
    newest.faults()
    newest.told_back()
    newest.requests()
    newest.alerts()
    newest.errands()
    newest.together()
    newest.words()
    for picture in pictures():
        at = newest.at(0 if picture.record == DOOR else 1, 16)
        pen.phone(picture.who, at, picture.written(at))


class Newest:
    """Writes the last days, each moment before now."""

    def __init__(self, pen: Pen, now: datetime) -> None:
        self.pen, self.now = pen, now
        every = homes()
        self.north = [home for home in every if home.area == NORTH]
        self.south = [home for home in every if home.area == SOUTH]

    def at(self, days: int, hour: int, minute: int = 20) -> datetime:
        """Give a moment so many working days ago; today's are an hour ago, whatever the hour."""
        if not days:
            return self.now - timedelta(hours=1)
        day = self.today
        for _ in range(days):
            day = worked_until(day - timedelta(days=1))
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=HERE)

    @property
    def today(self) -> date:
        """Give the day it is."""
        return self.now.astimezone(HERE).date()

    def faults(self) -> None:
        """Write faults: one that is critical, some that are late, and some that are mended.

        What a visit's checklist found bears the id that the visit's run gives it.
        """
        at = self.at(2, 9, 50)
        here: dict[str, Json] = {"building": self.north[2].building, "item": "NYVRI1-11"}
        words = "Barnevogn foran trappa i første etasje."
        self._fault(KARI, at, PRAM, here, words, "critical", "tenant")
        at = self.at(1, 15)
        self.pen.office(INGRID, at, Edit("deviation", PRAM, status("approved", INGRID, at)))
        moved = handled("done", KARI, at, "Flyttet til boden sammen med leietakeren.")
        self.pen.phone(KARI, at, Edit("deviation", PRAM, moved))
        run = one_per_id("checklist_run", [last_visit(WAITING[0]), "NYVRI1", "dwelling"])
        damp = one_per_id("deviation", [run, "NYVRI1-15"])
        here = {"dwelling": self.north[2].id, "item": "NYVRI1-15"}
        words = "Kondens rundt vinduet på soverommet, sort i hjørnet."
        self._fault(KARI, at, damp, here, words, "high", "landlord")
        self._order(damp, NORTH, self.at(1, 9), "AO-4290")
        self._mended(damp, NORTH, self.at(1, 15), "Ny list og fuge rundt vinduet.", 1_650)
        run = one_per_id("checklist_run", [last_visit(WAITING[4]), "NYVRI1", "dwelling"])
        alarm = one_per_id("deviation", [run, "NYVRI1-08"])
        here = {"dwelling": self.south[12].id, "item": "NYVRI1-08"}
        words = "Røykvarsleren i gangen mangler batteri."
        self._fault(AMIR, self.at(3, 13, 40), alarm, here, words, "critical", "landlord")
        at = self.at(3, 14)
        mended = handled("done", AMIR, at, "Satt i nytt batteri og testet på stedet.")
        self.pen.phone(AMIR, at, Edit("deviation", alarm, mended))
        late = made_up_id("newest", "late fault")
        here = {"building": self.south[0].building, "item": "HMSFELLES-03"}
        words = "Ledelyset i kjelleren er mørkt."
        self._fault(OLA, self.at(9, 9), late, here, words, "high", "landlord")
        self._order(late, SOUTH, self.at(8, 10), "AO-4277")
        board = made_up_id("newest", "the board's")
        here = {"building": self.south[-1].building, "item": "HMSFELLES-08"}
        words = "Lyset i trappa til tredje etasje virker ikke."
        self._fault(OLA, self.at(6, 9), board, here, words, "medium", "housing_company")
        at = self.at(5, 13)
        waits = handled("waiting", AMIR, at, "Styret er varslet og svarer etter neste møte.")
        self.pen.phone(AMIR, at, Edit("deviation", board, waits))
        here = {"building": self.south[6].building, "item": "HMSFELLES-02"}
        words = "Branndøra mot trapperommet står åpen og lukker seg ikke."
        self._fault(OLA, self.at(0, 8), DOOR, here, words, "critical", "landlord")

    def told_back(self) -> None:
        """Write what the landlord has mended lately: whoever found it is told so."""
        mended = (
            (KARI, self.north[8].id, "Porttelefonen virker ikke i leiligheten.", "Byttet apparat."),
            (OLA, None, "Rekkverket i trappa er løst.", "Sveiset og kontrollert."),
            (AMIR, self.south[3].id, "Dryppende kran på kjøkkenet.", "Byttet pakning."),
        )
        for number, (who, dwelling, words, result) in enumerate(mended):
            id = made_up_id("newest", "mended", str(number))
            here: dict[str, Json] = (
                {"dwelling": dwelling} if dwelling else {"building": self.north[10].building}
            )
            self._fault(who, self.at(8, 10 + number), id, here, words, "medium", "landlord")
            area = SOUTH if who is AMIR else NORTH
            self._order(id, area, self.at(7, 9 + number), f"AO-{4281 + number}")
            self._mended(id, area, self.at(1 + number, 12), result, 780 + 640 * number)

    def requests(self) -> None:
        """Write two who asked for help: one whose month is nearly over, and one of yesterday."""
        asked = (
            (KARI, self.north[7], 19, "Spør om en bolig på bakkeplan. Trappa er blitt tung."),
            (AMIR, self.south[0], 2, "Vil ha hjelp til å søke om ettergivelse av gjeld."),
        )
        for who, home, days, words in asked:
            at = self.at(days, 11)
            id = made_up_id("newest", "asked", str(days))
            values: dict[str, Json] = {
                "dwelling": home.id,
                "tenancy": home.tenancy,
                "asked_at": write_instant(at),
                "words": words,
                "channel": "phone",
            }
            self.pen.phone(who, at, made("assistance_request", id, values).sent_in(who, at))
            if days > 10:
                looked = self.at(days - 1, 14)
                for step in (
                    status("approved", INGRID, looked),
                    handled("received", INGRID, looked),
                ):
                    self.pen.office(INGRID, looked, Edit("assistance_request", id, step))

    def alerts(self) -> None:
        """Write warnings: one that stands, one that ends soon, one that waits for the leader."""
        told = (
            (KARI, self.north[13], "dog", "Ring først, så settes hunden på kjøkkenet.", 7, 130),
            (AMIR, self.south[2], "not_alone", "Gå to sammen, og ring fra bilen etterpå.", 120, 5),
            (KARI, self.north[9], "call_first", "Send melding en halv time før.", 1, 180),
        )
        for who, home, category, advice, days, left in told:
            at = self.at(days, 13)
            id = made_up_id("newest", "alert", category)
            values: dict[str, Json] = {
                "dwelling": home.id,
                "category": category,
                "advice": advice,
                "valid_until": f"{self.today + timedelta(days=left)}",
            }
            self.pen.phone(who, at, made("safety_alert", id, values).sent_in(who, at))
            if days > 1:
                looked = at + timedelta(hours=1)
                approved = status("approved", LISE, looked)
                self.pen.office(LISE, looked, Edit("safety_alert", id, approved))

    def errands(self) -> None:
        """Write what lies for when there is time: no day, only a word."""
        asked = (
            (OLA, self.north[2].building, None, "Sette opp skilt om barnevogner i boden.", "other"),
            (OLA, self.north[5].building, None, "Male over tagging ved sykkelstativet.", "outdoor"),
            (OLA, None, self.south[8].id, "Vise hvordan ventilene renses.", "teach_task"),
            (KARI, None, self.north[12].id, "Levere gardinstang og henge den opp.", "furniture"),
        )
        for number, (who, building, dwelling, words, category) in enumerate(asked):
            values: dict[str, Json] = {
                **({"building": building} if building else {"dwelling": dwelling}),
                "words": words,
                "category": category,
                "source": "team",
                f"who/{who.id}": True,
            }
            id = made_up_id("newest", "errand", str(number))
            self.pen.office(INGRID, self.at(3, 14, 5 + number), made("assignment", id, values))

    def together(self) -> None:
        """Write the drain that Ola and a resident cleared together."""
        home, asked, at = self.north[2], self.at(2, 12), self.at(1, 11)
        values: dict[str, Json] = {
            "dwelling": home.id,
            "words": "Sluket på badet er tett.",
            "category": "drain",
            "source": "follow_up",
            "due_on": f"{at.date()}",
            f"who/{OLA.id}": True,
        }
        self.pen.office(INGRID, asked, made("assignment", CLEARED, values))
        done: dict[str, Json] = {
            "done_by": "together",
            "minutes": 40,
            "result": "Renset sluket sammen. Leietakeren kan gjøre det selv nå.",
            f"materials/{made_up_id('material', CLEARED)}": "Vannlås, 1 stk.",
            **handled("done", OLA, at),
        }
        self.pen.phone(OLA, at, Edit("assignment", CLEARED, done))

    def words(self) -> None:
        """Add words to what is closed, and note two calls."""
        closed = last_visit(APPROVED[0])
        for number, (who, words) in enumerate(
            (
                (KARI, "Leietakeren ringte. Nøkkelen til boden er funnet."),
                (INGRID, "Prat om strømavtalen er satt opp i februar."),
            )
        ):
            at = self.at(4 - number, 10)
            values: dict[str, Json] = {"record": closed, "words": words}
            added = made("addendum", made_up_id("newest", "addendum", str(number)), values)
            write = self.pen.office if who is INGRID else self.pen.phone
            write(who, at, added)
        calls = (
            (KARI, self.north[11], "Ringte om tid for vinduet. Eiendom kommer torsdag."),
            (AMIR, self.south[9], "Leietakeren ringte og vil flytte besøket til neste uke."),
        )
        for who, home, summary in calls:
            self._call(who, home, summary)

    def _call(self, who: Person, home: Home, summary: str) -> None:
        at = self.at(1, 14)
        values: dict[str, Json] = {
            "dwelling": home.id,
            "tenancy": home.tenancy,
            "channel": "phone",
            "talked_on": f"{at:%Y-%m-%d}",
            "summary": summary,
        }
        call = made("conversation", made_up_id("newest", "call", who.login), values)
        self.pen.phone(who, at, call.sent_in(who, at))

    def _fault(
        self,
        who: Person,
        at: datetime,
        id: str,
        here: dict[str, Json],
        words: str,
        severity: str,
        responsible: str,
    ) -> None:
        values: dict[str, Json] = {
            **here,
            "words": words,
            "severity": severity,
            "responsible": responsible,
            "found_on": f"{at.astimezone(HERE):%Y-%m-%d}",
            "found_by": who.id,
        }
        self.pen.phone(who, at, made("deviation", id, values).sent_in(who, at))

    def _order(self, id: str, area: str, at: datetime, number: str) -> None:
        landlord = landlord_of(area)
        order: dict[str, Json] = {"work_order": number, **handled("ordered", landlord, at)}
        self.pen.office(landlord, at, Edit("deviation", id, order))

    def _mended(self, id: str, area: str, at: datetime, result: str, cost: int) -> None:
        landlord = landlord_of(area)
        done: dict[str, Json] = {"cause": "wear", "cost": cost}
        done |= handled("done", landlord, at, result)
        self.pen.office(landlord, at, Edit("deviation", id, done))
