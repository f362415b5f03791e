"""When a tenancy has ended, all that hangs on it is the office's alone, and comes back whole."""

from __future__ import annotations

from sync.mutation import receipt_id
from tests.makers import World, example, new_id
from tests.server.confiding import made, under_a_tenancy
from tests.server.moves import at_rest
from tests.server.phone import Phone
from tests.server.situations import status


def test_a_tenancy_that_ended_leaves_the_phone_with_all_that_hangs_on_it_and_comes_back_whole(
    kari: Phone, office: Phone, world: World
) -> None:
    home, under = under_a_tenancy(kari, office, world)
    fault = example("deviation", building=None, dwelling=world.dwelling)
    found = made(kari, "deviation", new_id(), {**fault, "status": status(kari, "submitted")})
    office.sync()
    office.sync(office.edit(home, ended=True))
    kari.sync()
    assert [name for name, id in under.items() if id in kari.base] == []
    assert {world.dwelling, found} <= kari.base.keys(), "the home's own history stays"
    assert set(under.values()) <= office.base.keys()
    assert at_rest(world.database)
    office.sync(office.edit(home, ended=None))
    kari.sync()
    assert [name for name, id in under.items() if id not in kari.base] == []
    assert at_rest(world.database)


def test_what_was_unsent_when_the_tenancy_ended_is_kept_where_the_office_sees_it(
    kari: Phone, office: Phone, world: World
) -> None:
    home, under = under_a_tenancy(kari, office, world)
    edit = kari.edit(under["draft"], summary="Skrevet uten dekning")
    new = kari.write(
        "conversation", new_id(), {"dwelling": world.dwelling, "tenancy": home, "summary": "Ny"}
    )
    office.sync()
    office.sync(office.edit(home, ended=True))
    told = kari.sync(edit, new)
    assert [(r["state"], r["reason"]) for r in told] == [("held", "access"), ("held", "ref")]
    office.sync()
    for sent in (edit, new):
        assert office.body(receipt_id(sent["mid"]))["set"] == sent["set"]
