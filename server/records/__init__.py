"""The registry: every kind of record in display order; adding a kind is one line here."""

from server.records.addendum import Addendum
from server.records.area import Area
from server.records.checklist_run import ChecklistRun
from server.records.colleague import Colleague
from server.records.conversation import Conversation
from server.records.dwelling import Dwelling
from server.records.planned_visit import PlannedVisit
from server.records.receipt import Receipt
from server.records.record import KindSpec
from server.records.review import Review
from server.records.visit import Visit

REGISTRY: dict[str, KindSpec] = {
    kind.spec.name: kind.spec
    for kind in (
        PlannedVisit,
        Visit,
        ChecklistRun,
        Conversation,
        Addendum,
        Dwelling,
        Area,
        Colleague,
        Review,
        Receipt,
    )
}
