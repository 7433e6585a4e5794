"""Somebody who behaves well, in the middle of all this, and checks every answer."""

from __future__ import annotations

import random
import time
from typing import Callable, Dict, List, NamedTuple, Tuple, TypeVar

from rude import api
from customers import Change, Customer, CustomerClient, CustomersError, ImportResult
from customers.well_known import RetryInfo

T = TypeVar("T")

#: How long a call may take before it counts as unanswered, in seconds.
TIMEOUT = 30.0

#: How long a call that was told to come back later is made again, in seconds.
RETRY_SECONDS_MAX = 30.0

#: How often the whole store is copied, in seconds.
COPY_EVERY = 10.0

#: Customers that are kept; more are deleted.
KEPT_MAX = 300


class Sample(NamedTuple):
    """One call: what it was, and when it began and ended."""

    call: str
    begun: float
    ended: float


class WrongAnswer(Exception):
    """An answer that contradicts those before."""


def expect(is_so: bool, fact: str, *details: object) -> None:
    if not is_so:
        raise WrongAnswer(f"{fact}: " + "; ".join(str(detail)[:600] for detail in details))


class Visitor:
    """Makes one call of each kind after the other, and remembers what it was answered."""

    def __init__(self, socket: str, seed: str) -> None:
        self.client = CustomerClient(socket, timeout=TIMEOUT)
        self.random = random.Random(seed)
        self.name = f"v{self.random.randrange(10**9)}"
        self.known: Dict[str, Customer] = {}
        #: Every version of every customer that was written: what the changes must tell.
        self.written: List[Tuple[Change.Kind, str, int]] = []
        self.count = 0
        self.samples: List[Sample] = []
        #: Errors and wrong answers.
        self.faults: List[str] = []
        #: How many customers there are, attackers' and all, as the store said last.
        self.customers = 0
        #: How often a call was told to come back later.
        self.retries = 0
        self.rounds = 0
        self.next_copy = 0.0
        self.token = self.client.list_page(1).resume_token

    def round(self) -> None:
        """One call of each kind."""
        for step in (
            self.create, self.get, self.update, self.past, self.list, self.search, self.batch,
            self.add_many, self.export, self.history, self.status, self.settings, self.delete,
        ):
            self.guarded(step)
        if time.monotonic() >= self.next_copy:
            self.guarded(self.back_up)
            self.next_copy = time.monotonic() + COPY_EVERY
        self.rounds += 1

    def guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except WrongAnswer as wrong:
            self.faults.append(f"wrong answer: {wrong}")
        except CustomersError as error:
            self.faults.append(f"{step.__name__}: {error!r} (code {error.code})")

    def patiently(self, name: str, call: Callable[[], T]) -> T:
        """Makes a call, again while it is told to come back later; the time is that of all."""
        begun = time.monotonic()
        try:
            while True:
                try:
                    return call()
                except CustomersError as error:
                    again = error.detail(RetryInfo)
                    if again is None or time.monotonic() - begun > RETRY_SECONDS_MAX:
                        raise
                    self.retries += 1
                    time.sleep(0.05)
        finally:
            self.samples.append(Sample(name, begun, time.monotonic()))

    def customer(self) -> Customer:
        self.count += 1
        word = f"{self.name}n{self.count}x"
        return Customer(
            first_name=self.random.choice(["Ann", "José", "Zoë", "小明"]),
            last_name=word,
            email_address=f"{word}@example.com",
            phones=[api.PhoneNumber(country="AU", number_local=f"04{self.count % 10**8:08}")],
            attributes={"visitor": self.name},
        )

    def pick(self) -> Customer:
        return self.random.choice(list(self.known.values()))

    def keep(self, kind: Change.Kind, stored: Customer) -> None:
        self.known[stored.customer_id] = stored
        self.written.append((kind, stored.customer_id, stored.version))

    # The calls

    def create(self) -> None:
        sent = self.customer()
        stored = self.patiently("create", lambda: self.client.create(sent))
        is_so = stored.version == 1 and stored.last_name == sent.last_name
        expect(is_so, "a create stores", stored)
        self.keep(Change.Kind.CREATED, stored)

    def get(self) -> None:
        known = self.pick()
        found = self.patiently("get", lambda: self.client.get(known.customer_id))
        expect(found == known, "a get shows the last write", found, known)

    def update(self) -> None:
        known = self.pick()
        value = str(self.random.random())
        sent = Customer(known.customer_id, known.version, attributes={"note": value})
        stored = self.patiently("update", lambda: self.client.update(sent, ["attributes.note"]))
        is_so = stored.version == known.version + 1 and stored.attributes["note"] == value
        expect(is_so, "an update writes", stored, known)
        self.keep(Change.Kind.UPDATED, stored)

    def past(self) -> None:
        known = self.pick()
        found = self.patiently("get past", lambda: self.client.get(known.customer_id, 1))
        expect(found.version == 1 and found.last_name == known.last_name, "a past is kept", found)

    def list(self) -> None:
        known = self.pick()
        filter = f'lastName = "{known.last_name}" AND attributes.visitor = "{self.name}"'
        page = self.patiently("list", lambda: self.client.list_page(filter=filter))
        expect(page.customers == [known], "a filter finds the one", filter, page.customers)
        order = self.random.choice(["lastName", "updateTime desc", "emailAddress", ""])
        page = self.patiently("list page", lambda: self.client.list_page(20, order_by=order))
        expect(len(page.customers) == 20, "a page is full", order, len(page.customers))
        if order == "lastName":
            names = [customer.last_name.casefold() for customer in page.customers]
            expect(names == sorted(names), "a page is in order", names)

    def search(self) -> None:
        known = self.pick()
        query = self.random.choice([known.last_name, known.email_address])
        found = self.patiently("search", lambda: self.client.search(query))
        expect(known in found, "a search sees the last write", query, found)

    def batch(self) -> None:
        known = self.random.sample(list(self.known.values()), min(20, len(self.known)))
        ids = [customer.customer_id for customer in known]
        found = self.patiently("batch get", lambda: self.client.batch_get(ids))
        expect(found == known, "a batch shows the last writes", found, known)

    def add_many(self) -> None:
        rows = [self.customer() for _ in range(5)]
        rows[3].email_address = "not an address"
        results = self.patiently("import", lambda: list(self.client.import_customers(rows)))
        made = ImportResult.Outcome.CREATED
        outcomes = [made, made, made, ImportResult.Outcome.FAILED, made]
        expect([result.outcome for result in results] == outcomes, "an import tells", results)
        ids = [result.customer_id for result in results if result.outcome == made]
        stored = self.patiently("batch get", lambda: self.client.batch_get(ids))
        names = [row.last_name for row in rows if "@" in row.email_address]
        is_so = [customer.last_name for customer in stored] == names
        expect(is_so, "an import stores", stored, names)
        for customer in stored:
            self.keep(Change.Kind.CREATED, customer)

    def exported(self, filter: str) -> Tuple[Dict[str, Customer], str]:
        export = self.client.export(filter, timeout=TIMEOUT)
        return {customer.customer_id: customer for customer in export}, export.resume_token

    def export(self) -> None:
        filter = f'attributes.visitor = "{self.name}"'
        mine, _ = self.patiently("export", lambda: self.exported(filter))
        expect(mine == self.known, "an export shows all and no more", len(mine), len(self.known))

    def history(self) -> None:
        known = self.pick()
        changes = self.patiently("watch", lambda: list(self.client.watch(
            from_start=True, stop_at_end=True, customer_id=known.customer_id, timeout=TIMEOUT)))
        told = [change.customer.version for change in changes if change.kind != Change.Kind.NONE]
        expect(told == list(range(1, known.version + 1)), "a history is whole", known, told)
        expect(changes[-1].customer == known, "a history ends with what is", known, changes[-1])

    def status(self) -> None:
        status = self.patiently("status", self.client.status)
        expect(status.customer_count >= len(self.known), "the store counts", status)
        self.customers = status.customer_count

    def settings(self) -> None:
        settings = self.patiently("settings", self.client.settings)
        expect(not settings.unique_email, "nobody has set a rule", settings)

    def delete(self) -> None:
        known = self.pick()
        while len(self.known) > 1:
            version = self.patiently(
                "delete", lambda: self.client.delete(known.customer_id, known.version)
            )
            expect(version == known.version + 1, "a deletion counts on", version, known)
            del self.known[known.customer_id]
            self.written.append((Change.Kind.DELETED, known.customer_id, known.version))
            try:
                found = self.client.get(known.customer_id)
                expect(False, "a deleted customer is gone", found)
            except api.NotFound as error:
                is_so = error.deleted_at_version == version
                expect(is_so, "a get says when it was deleted", error, version)
            if len(self.known) <= KEPT_MAX:
                return
            known = self.pick()

    def back_up(self) -> None:
        def copy() -> bytes:
            return b"".join(self.client.back_up(timeout=TIMEOUT))

        data = self.patiently("back up", copy)
        is_so = data[:16] == b"SQLite format 3\0" and len(data) % 4096 == 0
        expect(is_so, "a backup is a database", len(data))

    def check_changes(self) -> None:
        """At the end: every write has its change, in order, and there is no other."""
        mine = {customer_id for _, customer_id, _ in self.written}
        told = [
            (change.kind, change.customer.customer_id, change.customer.version)
            for change in self.client.watch(self.token, stop_at_end=True, timeout=2 * TIMEOUT)
            if change.kind != Change.Kind.NONE and change.customer.customer_id in mine
        ]
        for number, (kind, customer_id, version) in enumerate(self.written):
            is_so = number < len(told) and told[number] == (kind, customer_id, version)
            found = told[number] if number < len(told) else None
            expect(is_so, f"change {number} is the write", (kind, customer_id, version), found)
        expect(len(told) == len(self.written), "there are no other changes", len(told))


def slowest(
    samples: List[Sample], stops: List[Tuple[float, float]], share: float = 0.99
) -> Dict[str, Tuple[float, float, int]]:
    """The time that 99 % of the calls of a kind took at most, the longest, and how many they were.

    Where they are too few for that, all but one. The time in which the daemon was stopped doesn't
    count.
    """
    times: Dict[str, List[float]] = {}
    for sample in samples:
        took = sample.ended - sample.begun
        for begun, ended in stops:
            took -= max(0.0, min(sample.ended, ended) - max(sample.begun, begun))
        times.setdefault(sample.call, []).append(took)
    return {
        call: (sorted(took)[max(0, min(int(len(took) * share), len(took) - 2))], max(took), len(took))
        for call, took in times.items()
    }
