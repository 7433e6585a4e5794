"""Mixed calls from several processes, then questions about what is left.

Started by `run`, which starts the daemon. Each worker is a process with customers of its own, and
remembers what the daemon acknowledged of each: a call that answers something else, or an end at
which the store tells otherwise, is a fault. Followers replay the changes, and end with exactly what
an export shows.
"""

from __future__ import annotations

import argparse
import multiprocessing
import pathlib
import random
import sys
import time
from typing import Callable, Dict, List, Optional, Tuple

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Clients" / "python"))

import customers as api  # noqa: E402
from customers import Customer, CustomerClient  # noqa: E402

NAMES = ["Ann", "José", "Łukasz", "Møller", "Zoë", "O'Brien", "小明", "Müller", "Smith", "Lee"]
WORKERS = 4
FOLLOWERS = 2


class Worker:
    """Calls at random, and what is known of the own customers."""

    def __init__(self, socket: str, number: int, seed: int) -> None:
        self.client = CustomerClient(socket, timeout=60)
        self.name = f"{seed}w{number}"
        self.random = random.Random(seed * 1000 + number)
        self.known: Dict[str, Customer] = {}
        self.gone: Dict[str, int] = {}
        self.erased: List[str] = []
        self.created = 0
        self.calls = 0

    def run(self, seconds: float) -> None:
        steps: List[Tuple[int, Callable[[], None]]] = [
            (30, self.create), (20, self.update), (15, self.get), (8, self.delete),
            (3, self.erase), (5, self.restore), (15, self.search), (10, self.list),
            (3, self.import_some), (2, self.conflict), (1, self.export),
        ]
        weights = [weight for weight, _ in steps]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            step = self.random.choices(steps, weights)[0][1]
            step()
            self.calls += 1
        self.check()

    def word(self) -> str:
        self.created += 1
        return f"{self.name}n{self.created}x"

    def customer(self) -> Customer:
        word = self.word()
        digits = self.random.randrange(10**8)
        return Customer(
            first_name=self.random.choice(NAMES),
            last_name=word,
            email_address=f"{word}@example.com",
            phones=[api.PhoneNumber(country="AU", number_local=f"04{digits:08}")],
            attributes={"worker": self.name, "tier": self.random.choice(["gold", "tin"])},
        )

    def pick(self) -> Optional[str]:
        return self.random.choice(list(self.known)) if self.known else None

    def create(self) -> None:
        stored = self.client.create(self.customer())
        expect(stored.version == 1, "a new customer is at version 1", stored)
        self.known[stored.customer_id] = stored

    def update(self) -> None:
        customer_id = self.pick()
        if customer_id is None:
            return
        before = self.known[customer_id]
        value = str(self.random.random())

        def change(customer: Customer) -> None:
            customer.attributes["note"] = value

        stored = self.client.edit(customer_id, change)
        expect(stored.version == before.version + 1, "an update counts on", before, stored)
        expect(stored.attributes["note"] == value, "an update writes", stored)
        self.known[customer_id] = stored

    def conflict(self) -> None:
        customer_id = self.pick()
        if customer_id is None or self.known[customer_id].version == 1:
            return
        current = self.known[customer_id]
        stale = api.decode(Customer, api.encode(current))
        stale.version -= 1
        try:
            self.client.update(stale, ["first_name"])
        except api.Conflict as conflict:
            expect(conflict.current == current, "a conflict tells the current record", conflict)
        else:
            expect(False, "a stale version is a conflict", stale)

    def get(self) -> None:
        customer_id = self.pick()
        if customer_id is not None:
            stored = self.client.get(customer_id)
            expect(stored == self.known[customer_id], "a get shows the last write", stored)
        if self.gone:
            customer_id = self.random.choice(list(self.gone))
            try:
                expect(False, "a deleted customer is gone", self.client.get(customer_id))
            except api.NotFound:
                pass

    def delete(self) -> None:
        customer_id = self.pick()
        if customer_id is not None:
            before = self.known.pop(customer_id)
            version = self.client.delete(customer_id, before.version)
            expect(version == before.version + 1, "a deletion counts on", before, version)
            self.gone[customer_id] = version

    def erase(self) -> None:
        customer_id = self.pick()
        if customer_id is not None:
            self.known.pop(customer_id)
            self.client.delete(customer_id, erase=True)
            self.erased.append(customer_id)

    def restore(self) -> None:
        if not self.gone:
            return
        customer_id = self.random.choice(list(self.gone))
        version = self.gone.pop(customer_id)
        past = self.client.get(customer_id, version - 1)
        past.version = 0
        stored = self.client.update(past, ["*"], allow_missing=True)
        expect(stored.version == version + 1, "a restored customer counts on", stored, version)
        self.known[customer_id] = stored

    def search(self) -> None:
        customer_id = self.pick()
        if customer_id is None:
            return
        customer = self.known[customer_id]
        way = self.random.randrange(3)
        query = [customer.last_name[:-1], customer.email_address, customer.last_name][way]
        found = self.client.search(query, 100)
        if way > 0 or len(found) < 100:
            expect(customer in found, "a search sees the last write", query, customer)

    def list(self) -> None:
        customer_id = self.pick()
        if customer_id is None:
            return
        customer = self.known[customer_id]
        filter = f'lastName = "{customer.last_name}" AND attributes.worker = "{self.name}"'
        page = self.client.list_page(filter=filter)
        expect(page.customers == [customer], "a filter finds the one", filter, page.customers)
        order = self.random.choice(["lastName", "updateTime desc", "emailAddress", ""])
        self.client.list_page(50, order_by=order)

    def import_some(self) -> None:
        rows = [self.customer() for _ in range(self.random.randrange(1, 40))]
        for row in rows[::5]:
            row.email_address = "not an address"
        for row, result in zip(rows, self.client.import_customers(rows)):
            if row.email_address == "not an address":
                expect(result.outcome == api.ImportResult.Outcome.FAILED, "a wrong row fails", result)
                continue
            expect(result.outcome == api.ImportResult.Outcome.CREATED, "a row is created", result)
            self.known[result.customer_id] = self.client.get(result.customer_id)

    def export(self) -> None:
        mine = {
            customer.customer_id: customer
            for customer in self.client.export(f'attributes.worker = "{self.name}"')
        }
        expect(mine == self.known, "an export shows all and no more", len(mine), len(self.known))

    def check(self) -> None:
        self.export()
        for customer_id in self.erased:
            history = list(
                self.client.watch(from_start=True, stop_at_end=True, customer_id=customer_id)
            )
            kinds = [change.kind for change in history]
            expect(kinds == [api.Change.Kind.ERASED], "an erased customer has no past", kinds)


def expect(is_so: bool, fact: str, *details: object) -> None:
    if not is_so:
        raise AssertionError(f"{fact}: " + "; ".join(map(str, details)))


def work(socket: str, number: int, seed: int, seconds: float) -> None:
    worker = Worker(socket, number, seed)
    worker.run(seconds)
    print(f"worker {number}: {worker.calls} calls, {len(worker.known)} customers", flush=True)


class Follower:
    """Replays changes from an export on: what it knows is the store at its token."""

    def __init__(self, socket: str) -> None:
        self.client = CustomerClient(socket, timeout=60)
        export = self.client.export()
        self.state = {customer.customer_id: customer for customer in export}
        self.token = export.resume_token
        self.count = 0

    def replay(self, until: str = "") -> None:
        """Applies the changes that there are, or those up to a token."""
        if self.token == until:
            return
        for change in self.client.watch(self.token, stop_at_end=True):
            self.token = change.resume_token
            if change.kind in (api.Change.Kind.CREATED, api.Change.Kind.UPDATED):
                is_there = change.customer.customer_id in self.state
                is_new = change.kind == api.Change.Kind.CREATED
                expect(is_there != is_new, "a change follows the one before", change)
                self.state[change.customer.customer_id] = change.customer
            else:
                self.state.pop(change.customer.customer_id, None)
            self.count += 1
            if self.token == until:
                return


def follow(socket: str, number: int, end: multiprocessing.synchronize.Event) -> None:
    """Replays until the workers are done, then compares with an export of that moment."""
    follower = Follower(socket)
    while not end.wait(0.2 * number):
        follower.replay()
    export = follower.client.export()
    now = {customer.customer_id: customer for customer in export}
    follower.replay(until=export.resume_token)
    is_same = follower.state == now
    expect(is_same, "the changes replay to the store", len(follower.state), len(now))
    print(f"follower {number}: {follower.count} changes, {len(now)} customers", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("socket")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    end = multiprocessing.Event()
    workers = [
        multiprocessing.Process(
            target=work, args=(options.socket, number, options.seed, options.seconds)
        )
        for number in range(WORKERS)
    ]
    followers = [
        multiprocessing.Process(target=follow, args=(options.socket, number, end))
        for number in range(1, FOLLOWERS + 1)
    ]
    for process in workers + followers:
        process.start()
    for process in workers:
        process.join()
    end.set()
    for process in followers:
        process.join()
    return 0 if all(process.exitcode == 0 for process in workers + followers) else 1


if __name__ == "__main__":
    sys.exit(main())
