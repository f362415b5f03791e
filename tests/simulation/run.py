"""One simulated run: phones, people and a bad network, all drawn from one seed.

It acts and remembers who saw and wrote what; whether that was right is for `checks` to say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.simulation.memory import Vault, Violation
from tests.simulation.office import Office

COMPARED_EVERY = 4
"""Of so many runs, in one the disks lose a record each, and phones tell what they hold."""
PLACES_EVERY = 7
"""So many steps go by before the scheduler places another piece of what moved anew."""


class Run(Office):
    """Everything that happens under one seed."""

    def play(self) -> None:
        """Act until the steps are used up."""
        doings: list[tuple[float, Callable[[], None]]] = [
            (30, self.do_edit),
            (10, self.do_open),
            (16, self.do_touch),
            (4, self.do_leave),
            (28, self.do_sync),
            (8, self.do_deliver),
            (2, self.do_kill),
            (3, self.do_rollback),
            (3, self.do_delete),
            (1, self.do_foreign_answer),
            (2, self.do_rights),
            (5, self.do_office_open),
            (6, self.do_office_write),
            (1, self.do_move),
            (2, self.do_wait),
            (2, self.do_restore),
            (3, self.do_decide),
            (2, self.do_rush),
            (1, self.do_carry),
            (1.5, self.do_forge),
            (1, self.do_foresee),
            (1, self.do_update),
            (1.5, self.do_erase),
            (0.7, self.do_team),
            (0.5, self.do_revoke),
            (0.5, self.do_upgrade),
        ]
        self.take_names()
        weights, actions = zip(*doings, strict=True)
        for vault in self.vaults.values():
            if self.random.random() < 0.9:
                self.sync(vault)
        for at in range(1, self.steps + 1):
            if self.only is not None and at not in self.only:
                continue
            self.begin_step(at)
            self.random.choices(actions, weights)[0]()
            if at % PLACES_EVERY == 0:
                self.town.place(1, self.now)


def settle(run: Run, rounds: int = 30) -> None:
    """Let the weather clear: everybody leaves their forms, and all letters arrive or are lost.

    Then round trips on a working link, over one midnight (what is shelved is sent again daily),
    until a whole round changes nothing (L-1).
    """
    run.begin_step(run.steps + 1)
    run.do_upgrade()
    for vault in run.vaults.values():
        run.tell(vault, "freeze", id=None)
        vault.forms.clear()
        while vault.letters:
            run.at += 1
            run.do_deliver_to(vault)
    compared = run.seed % COMPARED_EVERY > 0
    for number in range(rounds):
        run.at += 1
        run.town.place(None, run.now)
        news = [drain(run, vault) for vault in run.vaults.values()]
        if number > 0 and not any(news):
            if compared:
                return
            compared = True
            for vault in run.vaults.values():
                run.compare(vault)
        if number == 0:
            run.now += timedelta(days=1, hours=1)
            run.town.judge_held(run.now)
    raise Violation(f"L-1: still busy after {rounds} rounds on a working link")


def drain(run: Run, vault: Vault, trips: int = 60) -> bool:
    """Sync until there is nothing to send and nothing more to read; say whether news came."""
    news = False
    if vault.revoked:
        run.carry(vault, seals_hold=True)
        return False
    for _ in range(trips):
        before = vault.cursor
        run.sync(vault)
        news = news or bool(vault.status.get("moved"))
        waits = vault.status["waits"] or vault.status["more"] or vault.status.get("forked")
        if not waits and before is not None and not vault.status["resetting"]:
            return news
    number = "L-1" if vault.status["waits"] else "L-2"
    raise Violation(f"{number}: {vault.name} is not done after {trips} round trips")
