"""One record's page: every word escaped, the whole history, addenda; fields drawn by contract."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, render_template_string
from markupsafe import escape

from server.database import Database
from server.demo.municipality import NORTH, STAFF
from server.demo.pen import phone_of
from server.records import REGISTRY
from server.shapes import Field, write_instant
from tests.makers import mutation, new_id
from tests.office.conftest import Enter
from tests.office.reader import Page, Reader
from tests.office.test_decisions import push, visit_of

ODD = "Først\0 og\x07 så\r\nneste linje\u2028 slutt"
SCRIPT = "<script>alert(1)</script>\"'>{{ 1234*567 }}</textarea><img src=x onerror=alert(1)>"
LONG = "Dette må kunne leses av leietakeren uten at siden blir bredere. " * 60
UNBROKEN = "a" * 900


def write(
    database: Database, login: str, kind: str, set: dict[str, Any], *, n: int, **more: Any
) -> str:
    """Let somebody make a record on their phone."""
    from server.access import actor_of
    from server.intake import take

    person, id, now = STAFF[login], new_id(), datetime.now(UTC)
    with database.reading() as session:
        actor = actor_of(session, person.id)
    replica = phone_of(person)
    edit = mutation(kind, id, set, author=person.id, replica=replica, n=n, now=now, **more)
    (result,) = take(database, actor, replica, [edit], now)
    assert result.state == "applied", result
    return id


def dwelling(database: Database, words: str) -> str:
    """Let Kari make a home whose free text is these words."""
    values = {"area": NORTH, "address": words[:100], "access": words[:1000]}
    return write(database, "kari", "dwelling", values, n=500)


@pytest.mark.parametrize("words", [SCRIPT, LONG, UNBROKEN])
def test_free_text_is_shown_as_text_and_nothing_else(
    words: str, enter: Enter, database: Database
) -> None:
    """Whatever is typed, it is words: in fields, titles and history."""
    page = enter("ingrid").open(f"/office/records/{dwelling(database, words)}")
    assert page.status == 200
    assert page.html.count(str(escape(words[:1000].strip()))) >= 2
    assert (
        "<script>alert" not in page.html and "<img" not in page.html and "699678" not in page.words
    )


def test_a_hostile_comment_is_kept_as_words(enter: Enter) -> None:
    """What a reviewer types comes back in its box, whole and harmless."""
    ingrid = enter("ingrid")
    line = next(link for link in ingrid.open("/office/inbox").links if "/inbox/" in link)
    form = ingrid.open(line).form("Godkjenn")
    name = next(name for name in form.fields if name.endswith("|outcome"))
    page = ingrid.send(form, "Godkjenn", typed={name: SCRIPT})
    assert page.status == 422 and page.form("Godkjenn").one(name) == SCRIPT
    assert "<script>alert" not in page.html


def test_signs_that_cannot_be_stored_are_left_out(enter: Enter) -> None:
    """A pasted text with control signs is kept as its words; nothing is held, nothing breaks."""
    ingrid = enter("ingrid")
    inbox = ingrid.open("/office/inbox")
    held = inbox.words.count("Kan ikke brukes ennå 2")
    form = ingrid.open(next(link for link in inbox.links if "/inbox/" in link)).form("Send tilbake")
    name = next(name for name in form.fields if name.endswith("|outcome"))
    page = ingrid.send(form, "Send tilbake", typed={name: ODD})
    assert page.status == 200 and "Sendt tilbake:" in page.words
    shown = ingrid.open(f"/office/inbox/{visit_of(form)}").html
    assert "Kontoret ba om retting: Først og så\nneste linje" in shown
    assert page.words.count("Kan ikke brukes ennå 2") == held > 0


def history(page: Page) -> str:
    """Give the words of the history."""
    return page.words.partition("Historikk")[2]


def test_as_last_is_said_beside_what_it_answers_and_no_fault_that_somebody_found(
    enter: Enter, database: Database
) -> None:
    """A mark is a path of its own, and may be left where another has answered meanwhile."""
    air, smoke = "NYVRI2-05", "NYVRI2-06"
    values: dict[str, Any] = {
        "dwelling": dwelling(database, "Prøvestedet 1"),
        "checklist": "NYVRI2",
        "edition": 1,
        "subject": "dwelling",
        f"answers/{air}": "ok",
        f"as_last/{air}": "as_last",
        f"answers/{smoke}": "deviation",
        f"as_last/{smoke}": "as_last",
        "status": {
            "state": "submitted",
            "by": STAFF["kari"].id,
            "at": write_instant(datetime.now(UTC)),
        },
    }
    run = write(database, "kari", "checklist_run", values, n=501)
    shown = enter("ingrid").open(f"/office/records/{run}").words.partition("Historikk")[0]
    assert "I orden (som sist)" in shown
    assert "Avvik" in shown and "Avvik (som sist)" not in shown


def test_the_history_tells_who_when_what_was_and_what_was_seen(
    enter: Enter, database: Database
) -> None:
    """The question of two dates, as the record's own page tells it."""
    ingrid = enter("ingrid")
    (question,) = {link for link in ingrid.open("/office/answers").links if "/answers/" in link}
    record = next(link for link in ingrid.open(question).links if "/records/" in link)
    told = history(ingrid.open(record))
    assert re.search(
        r"Amir Haddad .*? kl\. \d\d\.\d\d Neste kontakt: \S+ Ulike svar Før: \S+ "
        r"Så da: Ikke fylt ut",
        told,
    )
    assert "Kari Nordvik" in told and "Status: Sendt inn" in told


def test_a_clock_that_is_wrong_is_noted_and_orders_nothing(
    enter: Enter, database: Database
) -> None:
    """The raw time is kept beside the right one."""
    now = datetime.now(UTC)
    wrong = (now - timedelta(days=400)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    id = write(
        database,
        "kari",
        "dwelling",
        {"area": NORTH, "address": "Klokkesvingen 1"},
        n=501,
        captured_at=wrong,
        offset_ms=400 * 86_400_000,
    )
    assert "Klokka på telefonen viste" in history(enter("ingrid").open(f"/office/records/{id}"))


def test_another_answer_is_hidden_from_those_who_neither_wrote_nor_decide(
    enter: Enter, database: Database
) -> None:
    """Kari sees that there is a question about her visit, and not what Amir wrote."""
    ingrid, kari = enter("ingrid"), enter("kari")
    (question,) = {link for link in ingrid.open("/office/answers").links if "/answers/" in link}
    page = ingrid.open(question)
    amirs = page.words.partition("Amir Haddad skrev «")[2].partition("»")[0]
    record = next(link for link in page.links if "/records/" in link)
    told = history(kari.open(record))
    assert "En annen har svart noe annet. Kontoret avgjør." in told
    assert amirs and amirs not in told


def test_an_addendum_is_added_beside_and_changes_nothing(enter: Enter, database: Database) -> None:
    """Long words are kept whole; an empty one is asked about; who may not sees no form."""
    ingrid = enter("ingrid")
    line = next(link for link in ingrid.open("/office/inbox").links if "/inbox/" in link)
    visit = visit_of(ingrid.open(line).form("Godkjenn"))
    page = ingrid.open(f"/office/records/{visit}")
    assert ingrid.send(page.form("Lagre tillegget"), typed={"words": " "}).status == 422
    words = LONG[:3900].strip()
    after = ingrid.send(page.form("Lagre tillegget"), typed={"words": words})
    assert after.status == 200 and words in after.words and "Ingrid Moe" in after.words
    assert (
        not enter("eva").open(f"/office/records/{dwelling(database, 'Hus')}").has("Lagre tillegget")
    )


def test_a_deleted_record_is_missing_from_the_lists(enter: Enter, database: Database) -> None:
    """A visit that was deleted waits for nobody."""
    from server.access import actor_of
    from server.intake import take
    from server.records.record import Envelope
    from sync.mutation import office_replica

    ingrid, lise, now = enter("ingrid"), STAFF["lise"], datetime.now(UTC)
    line = next(link for link in ingrid.open("/office/inbox").links if "/inbox/" in link)
    visit = visit_of(ingrid.open(line).form("Godkjenn"))
    with database.reading() as session:
        actor = actor_of(session, lise.id)
        seq = session.get_one(Envelope, visit).seq
    edit = mutation("visit", visit, {}, author=lise.id, op="delete", now=now)
    edit["seen"] = {"*": {"seq": seq}}
    (result,) = take(database, actor, office_replica(lise.id), [edit], now)
    assert result.state == "applied"
    assert f"/office/inbox/{visit}" not in ingrid.open("/office/inbox").links
    assert ingrid.open(f"/office/inbox/{visit}").status == 404


FIELDS = [
    pytest.param(kind, field, id=f"{kind}.{field.name}")
    for kind, spec in REGISTRY.items()
    for field in spec.fields.values()
]


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_a_field_is_drawn_as_the_contract_says(kind: str, field: Field, standing: Flask) -> None:
    """The same name, label, required mark, size and choices as on the phone, whatever the shape."""
    source = (
        '{% from "office/shapes.html" import control %}{{ control(field, field.name, none, "i") }}'
    )
    with standing.test_request_context():
        html = render_template_string(source, field=field)
    assert str(escape(field.label)) in html
    assert f'data-shape="{field.shape.control}"' in html
    assert ("må fylles ut" in html) == (field.required and "name=" in html)
    options = re.findall(r'<option value="([^"]+)"[^>]*>([^<]*)</option>', html)
    if field.choices:
        assert options == [(value, str(escape(words))) for value, words in field.choices.items()]
    if field.max and "<input" in html or "<textarea" in html:
        assert f'maxlength="{field.max}"' in html
    if field.free_text and field.max and field.max > 200:
        assert "Skriv slik at leietakeren kan lese det" in html or field.hint


def test_an_answer_of_each_shape_can_be_put_into_words(enter: Enter, database: Database) -> None:
    """Flags, days, clocks, people and references are words; codes never reach the page."""
    page = enter("ingrid").open(f"/office/records/{_plan(database)}")
    for words in ("9.3.2031", "kl. 09.30", "Kari Nordvik", "Innflytting", "Ja"):
        assert words in page.words, words
    assert "move_in" not in page.words and STAFF["kari"].id not in page.words


def _plan(database: Database) -> str:
    home = dwelling(database, "Trappegata 1")
    return write(
        database,
        "kari",
        "planned_visit",
        {
            "dwelling": home,
            "purpose": "move_in",
            "planned_on": "2031-03-09",
            "planned_at": "09:30",
            f"visitors/{STAFF['kari'].id}": True,
            "done": True,
        },
        n=502,
    )


def test_push_is_used_as_a_person_would(database: Database, enter: Enter) -> None:
    """What one writes on the office's road is on the page at the next look."""
    id = dwelling(database, "Trappegata 2")
    push(database, "lise", "dwelling", id, {"local_label": "Hjørnet"})
    reader: Reader = enter("ingrid")
    assert "Hjørnet" in reader.open(f"/office/records/{id}").words
