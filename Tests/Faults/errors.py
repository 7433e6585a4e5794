"""Errors of the disk at random moments: each is answered with an error, and costs nothing answered.

Started by `run`. Each round has a store from before, a daemon of which the n-th write, sync or read
of a file fails, once or from then on, and writers and readers that compare every answer with what
they know. A daemon may refuse to start, if it says why. Where the error was passing, calls work
again afterwards. Then the store is whole and shows what was answered, by a daemon without errors.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import pathlib
import random
import shutil
import sys
import time
from typing import Dict, List, Tuple

from daemon import Daemon, check
from workload import Claim, CustomersError, Worker, api, brief, faults_of, look, run_workers
from workload import CustomerClient

WORKERS = 3

#: How long after a passing error calls may still fail, in seconds.
RECOVERY_SECONDS_MAX = 10

#: Which operation on which file fails how.
KINDS = [
    (operation, file, how)
    for operation, file, hows in [
        ("write", "database", ["EIO", "ENOSPC", "short", "torn"]),
        ("write", "log", ["EIO", "ENOSPC", "short", "torn"]),
        ("sync", "database", ["EIO"]),
        ("sync", "log", ["EIO"]),
        ("read", "database", ["EIO", "short"]),
        ("read", "log", ["EIO", "short"]),
    ]
    for how in hows
]


class Prober(Worker):
    """A writer that also reads, and believes no answer."""

    def step(self) -> None:
        if self.random.random() < 0.5 or not self.versions:
            super().step()
            return
        self.calls += 1
        customer_id = self.pick()
        assert customer_id is not None
        claim = self.claims[customer_id][-1]
        assert claim.sent is not None
        try:
            if self.random.random() < 0.5:
                found = self.client.get(customer_id)
            else:
                page = self.client.search(claim.sent.last_name)
                match = [customer for customer in page if customer.customer_id == customer_id]
                assert match, f"a search for {claim.sent.last_name} does not find {claim}"
                found = match[0]
        except api.NotFound as error:
            raise AssertionError(f"{claim} was answered, and is: {error}") from error
        except CustomersError as error:
            self.errors.append(error)
            return
        assert claim.is_like(found), f"{found} is not {claim}"

    def settle(self) -> None:
        """Asks what became of the writes that failed."""
        for customer_id in list(self.unknown):
            found = None
            try:
                found = self.client.get(customer_id)
            except api.NotFound:
                pass
            claims = [claim for claim in self.claims[customer_id] if not claim.is_undone]
            known = [index for index, claim in enumerate(claims) if claim.answered is not None]
            possible = claims[known[-1]:] if known else [*claims, Claim(0, 0, None, None)]
            ways = " or ".join(map(str, possible))
            assert any(claim.is_like(found) for claim in possible), f"{brief(found)}, not {ways}"


def run_round(
    options: argparse.Namespace, folder: pathlib.Path, number: int, kind: Tuple[str, str, str]
) -> str:
    """One error; what came of it. Raises AssertionError if that isn't as it must be."""
    chance = random.Random(f"{options.seed} {number}")
    operation, file, how = kind
    database = folder / "customers.db"
    claims: Dict[str, List[Claim]] = {}
    workers: List[Prober] = []

    def write(daemon: Daemon, tag: str, seconds: float) -> None:
        made = [
            Prober(daemon.socket, f"{options.seed} {number} {tag} {worker}", lambda: 0)
            for worker in range(WORKERS)
        ]
        for worker in made:
            claims_of_all.append(worker.claims)
        workers.extend(made)
        end = time.monotonic() + seconds
        run_workers(list(made), lambda: time.monotonic() < end and daemon.process.poll() is None)

    claims_of_all: List[Dict[str, List[Claim]]] = []
    before = Daemon(options.daemon, database)
    assert before.wait_until_ready(), before.words()
    write(before, "before", 0.3)
    before.kill()

    hit = folder / "hit"
    passes = chance.random() < 0.5
    # Most operations come at the start and at the first writes: small numbers more often.
    first = int(10 ** chance.uniform(0, 2.5 if operation == "write" else 1.5))
    fault = f"{operation}:{file}:{first}:{1 if passes else 0}:{how}"
    daemon = Daemon(options.daemon, database, {
        "LD_PRELOAD": str(options.shim),
        "FAULTS_DATABASE": str(database),
        "FAULTS_FAIL": fault,
        "FAULTS_HIT": str(hit),
    })
    serves = daemon.wait_until_ready()
    outcome = "does not start"
    visitors: List[str] = []
    try:
        if serves:
            write(daemon, "with", 1)
            failed = sum(len(worker.errors) for worker in workers)
            outcome = "calls failed" if failed else "no call failed"
            if hit.exists() and (passes or how == "short"):
                visitors = recover(daemon)
            assert daemon.process.poll() is None, f"it ended: {daemon.words()}"
            daemon.stop()
        else:
            assert daemon.process.wait() > 0, f"it crashed: {daemon.words()}"
            assert daemon.words().strip().count("\n") > 0, "it says nothing"
    finally:
        daemon.kill()

    found = check(options.daemon, database)
    assert found is None, found
    after = Daemon(options.daemon, database)
    try:
        assert after.wait_until_ready(), after.words()
        for worker in workers:
            worker.settle()
            claims.update(worker.claims)
        with CustomerClient(after.socket, timeout=60) as client:
            seen = look(client)
        for customer_id in visitors:
            seen.customers.pop(customer_id, None)
            seen.changes.pop(customer_id, None)
        faults = faults_of(seen, claims, 1)
        assert not faults, "\n  ".join(faults[:5])
    finally:
        after.kill()
    return outcome if hit.exists() else "not reached"


def recover(daemon: Daemon) -> List[str]:
    """After an error that has passed, calls work again; the customers that were made to see it."""
    end = time.monotonic() + RECOVERY_SECONDS_MAX
    client = CustomerClient(daemon.socket)
    made: List[str] = []
    while True:
        try:
            visitor = client.create(api.Customer(first_name="Afterwards")).customer_id
            made.append(visitor)
            client.update(api.Customer(visitor, last_name="Later"))
            client.get(visitor)
            client.list_page(10, order_by="lastName")
            client.search("Afterwards")
            client.batch_get([visitor])
            client.status()
            next(iter(client.export()))
            list(client.watch(from_start=True, stop_at_end=True, customer_id=visitor))
            client.delete(visitor, erase=True)
            return made
        except CustomersError as error:
            assert time.monotonic() < end, f"calls still fail: {error!r}: {daemon.words()}"
            time.sleep(0.1)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--daemon", type=pathlib.Path, required=True)
    parser.add_argument("--shim", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    outcomes: Dict[str, int] = collections.Counter()
    bad = 0
    for number, kind in enumerate(itertools.islice(itertools.cycle(KINDS), options.rounds)):
        folder = options.folder / "round"
        folder.mkdir()
        try:
            outcomes[run_round(options, folder, number, kind)] += 1
        except AssertionError as fault:
            bad += 1
            print(f"round {number}, {':'.join(kind)}: {fault}", flush=True)
        shutil.rmtree(folder)
    print(f"{options.rounds} errors ({dict(outcomes)}): {bad} with faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
