"""Writes at random, and what is remembered of each: when it was asked for, when answered, and what.

"When" is a length of the recorder's file: what stands in it before the answer came was done before.
"""

from __future__ import annotations

import pathlib
import random
import sys
import threading
import uuid
from typing import Callable, Dict, List, NamedTuple, Optional, Tuple

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Clients" / "python"))

import customers as api  # noqa: E402
from customers import Change, Customer, CustomerClient, CustomersError, ImportResult  # noqa: E402

NAMES = ["Ann", "José", "Łukasz", "Møller", "Zoë", "O'Brien", "小明", "Müller", "Smith", "Lee"]


class Claim(NamedTuple):
    """One write of one customer."""

    #: When it was asked for.
    begun: int
    #: When it was answered; None if it failed.
    answered: Optional[int]
    #: What it makes of the customer; None: it is gone.
    sent: Optional[Customer]
    #: What the daemon says is stored; None if it wasn't said.
    stored: Optional[Customer]
    #: Whether the past goes as well.
    erases: bool = False
    #: Whether the daemon said that nothing of it stays.
    is_undone: bool = False

    def __str__(self) -> str:
        what = "erased" if self.erases else brief(self.stored or self.sent)
        answer = "no answer" if self.answered is None else f"answered at {self.answered}"
        return f"{what}, asked at {self.begun}, {answer}"

    def is_like(self, found: Optional[Customer]) -> bool:
        """Whether the store looks as this write leaves it."""
        if found is None or self.sent is None:
            return found is None and self.sent is None
        if self.stored is not None:
            return found == self.stored
        return facts(found) == facts(self.sent)


def brief(customer: Optional[Customer]) -> str:
    """Enough of a customer to tell it from its other versions."""
    return f"{customer.last_name} at {customer.version}" if customer else "gone"


def facts(customer: Customer) -> Tuple[object, ...]:
    """What a write says; times and keys are the daemon's."""
    return (
        customer.first_name, customer.last_name, customer.email_address, customer.attributes,
        [phone.number_local for phone in customer.phones],
    )


class Worker:
    """Writes to customers of its own, one call after the other."""

    def __init__(self, socket: str, seed: str, position: Callable[[], int]) -> None:
        self.client = CustomerClient(socket, timeout=20)
        self.random = random.Random(seed)
        self.position = position
        self.claims: Dict[str, List[Claim]] = {}
        #: The version of those that are there.
        self.versions: Dict[str, int] = {}
        #: The customers of which it isn't known how a write ended.
        self.unknown: Dict[str, None] = {}
        self.calls = 0
        self.errors: List[CustomersError] = []

    def step(self) -> None:
        """Makes one call; one that fails is remembered as perhaps done."""
        steps = [
            (30, self.create), (40, self.update), (8, self.delete), (4, self.restore),
            (3, self.erase), (6, self.add_many),
        ]
        weights = [weight for weight, _ in steps]
        self.calls += 1
        self.random.choices([step for _, step in steps], weights)[0]()

    def customer(self, customer_id: str) -> Customer:
        word = f"{self.random.randrange(36**8):x}"
        return Customer(
            customer_id=customer_id,
            first_name=self.random.choice(NAMES),
            last_name="x" + word,
            email_address=f"{word}@example.com",
            phones=[api.PhoneNumber(country="AU", number_local=f"04{int(word, 16) % 10**8:08}")],
            attributes={"note": word * self.random.choice([1, 1, 1, 20])},
        )

    def pick(self) -> Optional[str]:
        return self.random.choice(list(self.versions)) if self.versions else None

    def new_id(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def write(
        self,
        customer_id: str,
        sent: Optional[Customer],
        call: Callable[[], object],
        erases: bool = False,
    ) -> None:
        begun = self.position()
        try:
            answer = call()
        except CustomersError as error:
            is_undone = error.outcome is not api.Outcome.PERHAPS_DONE
            self.note(customer_id, Claim(begun, None, sent, None, erases, is_undone))
            self.errors.append(error)
            return
        stored = answer if isinstance(answer, Customer) else None
        self.note(customer_id, Claim(begun, self.position(), sent, stored, erases))
        if stored is not None:
            self.versions[customer_id] = stored.version

    def note(self, customer_id: str, claim: Claim) -> None:
        self.claims.setdefault(customer_id, []).append(claim)
        self.versions.pop(customer_id, None)
        if claim.answered is None:
            self.unknown[customer_id] = None

    def create(self) -> None:
        sent = self.customer(self.new_id())
        self.write(sent.customer_id, sent, lambda: self.client.create(sent))

    def update(self) -> None:
        customer_id = self.pick()
        if customer_id is not None:
            sent = self.customer(customer_id)
            sent.version = self.versions[customer_id]
            self.write(customer_id, sent, lambda: self.client.update(sent, ["*"]))

    def delete(self) -> None:
        customer_id = self.pick()
        if customer_id is not None:
            version = self.versions[customer_id]
            self.write(customer_id, None, lambda: self.client.delete(customer_id, version))

    def erase(self) -> None:
        customer_id = self.pick()
        if customer_id is not None:
            call = lambda: self.client.delete(customer_id, erase=True)  # noqa: E731
            self.write(customer_id, None, call, erases=True)

    def restore(self) -> None:
        gone = [
            customer_id for customer_id, claims in self.claims.items()
            if claims[-1].answered is not None and claims[-1].sent is None and not claims[-1].erases
        ]
        if gone:
            sent = self.customer(self.random.choice(gone))
            call = lambda: self.client.update(sent, ["*"], allow_missing=True)  # noqa: E731
            self.write(sent.customer_id, sent, call)

    def add_many(self) -> None:
        rows = [self.customer(self.new_id()) for _ in range(self.random.choice([3, 10, 60]))]
        known = list(self.versions)
        for row, customer_id in zip(rows, self.random.sample(known, min(len(known), 5))):
            row.customer_id = customer_id
        begun = self.position()
        results: List[ImportResult] = []
        try:
            for result in self.client.import_customers(rows, batch_rows=50):
                results.append(result)
                answered = self.position()
                row = rows[len(results) - 1]
                if result.outcome == ImportResult.Outcome.FAILED:
                    self.note(row.customer_id, Claim(begun, None, row, None))
                else:
                    self.note(row.customer_id, Claim(begun, answered, row, None))
                    self.versions[row.customer_id] = result.version
        except CustomersError as error:
            self.errors.append(error)
        for row in rows[len(results):]:
            self.note(row.customer_id, Claim(begun, None, row, None))


def run_workers(workers: List[Worker], goes_on: Callable[[], bool]) -> None:
    """Has all workers write at the same time."""
    faults: List[BaseException] = []

    def work(worker: Worker) -> None:
        try:
            while goes_on():
                worker.step()
        except BaseException as error:
            faults.append(error)
            raise

    threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


class Seen(NamedTuple):
    """What a daemon shows of a store."""

    customers: Dict[str, Customer]
    changes: Dict[str, List[Change]]


def look(client: CustomerClient) -> Seen:
    """Reads the whole store: an export, and every change that led there."""
    customers = {customer.customer_id: customer for customer in client.export()}
    changes: Dict[str, List[Change]] = {}
    for change in client.watch(from_start=True, stop_at_end=True):
        if change.kind != Change.Kind.NONE:
            changes.setdefault(change.customer.customer_id, []).append(change)
    return Seen(customers, changes)


def faults_of(seen: Seen, claims: Dict[str, List[Claim]], moment: int) -> List[str]:
    """What contradicts the answers that were given before a moment; empty if nothing does."""
    faults: List[str] = []
    for customer_id, claimed in claims.items():
        found = seen.customers.get(customer_id)
        asked = [claim for claim in claimed if claim.begun <= moment and not claim.is_undone]
        answered = [
            index for index, claim in enumerate(asked)
            if claim.answered is not None and claim.answered <= moment
        ]
        possible = asked[answered[-1]:] if answered else [*asked, Claim(0, 0, None, None)]
        if not any(claim.is_like(found) for claim in possible):
            ways = " or ".join(map(str, possible))
            faults.append(f"{customer_id} is {brief(found)}, and should be {ways}")
            continue
        changes = seen.changes.get(customer_id, [])
        faults += past_faults(customer_id, changes, asked, answered, found)
    strangers = (seen.customers.keys() | seen.changes.keys()) - claims.keys()
    faults += [f"{customer_id} was never written" for customer_id in strangers]
    return faults


def past_faults(
    customer_id: str,
    changes: List[Change],
    asked: List[Claim],
    answered: List[int],
    found: Optional[Customer],
) -> List[str]:
    """Whether a customer's changes are the writes that were asked for, and end with what is."""
    kinds = [change.kind for change in changes]
    if Change.Kind.ERASED in kinds or any(asked[index].erases for index in answered):
        is_so = kinds == [Change.Kind.ERASED] and any(claim.erases for claim in asked)
        return [] if is_so and found is None else [f"{customer_id} was erased, and has {kinds}"]
    place = 0
    for number, change in enumerate(changes, 1):
        after = None if change.kind == Change.Kind.DELETED else change.customer
        if after is not None and after.version != number:
            return [f"{customer_id}: change {number} is of version {after.version}"]
        is_new = number == 1 or kinds[number - 2] == Change.Kind.DELETED
        if (change.kind == Change.Kind.CREATED) != is_new:
            return [f"{customer_id}: change {number} is {change.kind} behind {kinds}"]
        while place < len(asked) and not asked[place].is_like(after):
            if place in answered:
                return [f"{customer_id}: write {place} was answered and has no change"]
            place += 1
        if place == len(asked):
            return [f"{customer_id}: change {number} was never asked for: {brief(after)}"]
        place += 1
    if [index for index in answered if index >= place]:
        return [f"{customer_id}: of {len(answered)} answered writes only {kinds} have a change"]
    last = changes[-1].customer if changes and kinds[-1] != Change.Kind.DELETED else None
    words = f"{customer_id} is {brief(found)}, its last change {brief(last)}"
    return [] if last == found else [words]
