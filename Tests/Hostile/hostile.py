"""A daemon among attackers, and a visitor who behaves well: is every answer true, and in time?

Started by `run`. Attackers are processes, half of them of another user where that can be arranged;
each goes through all the attacks in an order of its own. Meanwhile the daemon's log isn't read for
seconds on end, and the daemon itself is stopped and goes on now and then. At the end everybody
leaves, and the daemon must be as it was: memory, descriptors, and a whole store.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import pathlib
import pwd
import random
import signal
import subprocess
import sys
import threading
import time
from typing import Dict, List, NamedTuple, Optional, Tuple

import attacks
from rude import api
from visitor import Sample, Visitor, slowest

ATTACKERS = 6

#: How many customers there are before anybody comes.
CUSTOMERS = 10_000

#: How long one attack lasts, in seconds.
ATTACK_SECONDS = (1.0, 6.0)

#: How long the log isn't read, and is, in seconds.
STALL_SECONDS, FLOW_SECONDS = (2.0, 6.0), (1.0, 3.0)

#: How often the daemon is stopped, and for how long, in seconds.
STOP_EVERY, STOP_SECONDS = (5.0, 10.0), (0.2, 1.5)

# What must hold. The attackers keep both processors of a small machine busy, and so does the
# daemon for them: the times are what a person waits for without wondering, not what is possible.

#: The most seconds that 99 % of the visitor's calls of a kind may take.
P99_SECONDS_MAX: Dict[str, float] = {
    "get": 0.25, "get past": 0.5, "batch get": 0.5, "status": 0.25, "settings": 0.5,
    "create": 1.0, "update": 1.0, "delete": 1.0, "list": 1.0, "list page": 1.0, "search": 1.0,
    "watch": 2.0, "import": 2.0, "export": 4.0, "back up": 20.0,
}  # fmt: skip

#: What reads the whole store: the bounds are for as many customers as there are at first, and grow
#: with what the attackers add.
READS_ALL = {"export", "back up"}

#: The most seconds that any one of them may take; of a copy, what 99 % may.
WORST_SECONDS_MAX = 10.0

#: The most private memory that the daemon may have at any time, in bytes.
PRIVATE_BYTES_MAX = 768 << 20

#: How much of it may stay when all have left, in bytes: what the allocator keeps for the next time.
KEPT_BYTES_MAX = 192 << 20

#: How many more descriptors there may be when all have left: the store's own readers.
KEPT_DESCRIPTORS_MAX = 16

#: How long the daemon has to get there, in seconds.
CALM_SECONDS_MAX = 20.0

#: The most bytes that the log may have for each second.
LOG_BYTES_A_SECOND_MAX = 64 << 10

#: Memory at which the trial is ended at once, so that the machine survives it.
ENDURED_BYTES_MAX = 3 << 30


class Figures(NamedTuple):
    """What the daemon holds."""

    private_bytes: int
    descriptors: int

    @staticmethod
    def of(pid: int) -> Figures:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        kibibytes = int(status.partition("RssAnon:")[2].split()[0])
        return Figures(kibibytes << 10, len(os.listdir(f"/proc/{pid}/fd")))


class Log:
    """The daemon's log, which is a pipe: read by a thread that pauses when it is told to."""

    def __init__(self, pipe: int, path: pathlib.Path) -> None:
        self.pipe, self.file = pipe, path.open("wb")
        self.path = path
        self.flows = threading.Event()
        self.flows.set()
        self.bytes = 0
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self) -> None:
        while True:
            self.flows.wait()
            data = os.read(self.pipe, 1 << 16)
            if not data:
                return
            self.bytes += len(data)
            if self.bytes < 64 << 20:
                self.file.write(data)
                self.file.flush()


class Disturbance:
    """Stalls of the log and stops of the daemon; `stops` are the times of the latter."""

    def __init__(self, pid: int, log: Log, chance: random.Random) -> None:
        self.pid, self.log, self.chance = pid, log, chance
        self.stops: List[Tuple[float, float]] = []
        self.next_turn = time.monotonic()
        self.next_stop = time.monotonic() + chance.uniform(*STOP_EVERY)

    def step(self, now: float) -> None:
        if now >= self.next_turn:
            stalls = self.log.flows.is_set()
            (self.log.flows.clear if stalls else self.log.flows.set)()
            self.next_turn = now + self.chance.uniform(*(STALL_SECONDS if stalls else FLOW_SECONDS))
        if now >= self.next_stop:
            os.kill(self.pid, signal.SIGSTOP)
            time.sleep(self.chance.uniform(*STOP_SECONDS))
            os.kill(self.pid, signal.SIGCONT)
            # What had gathered is worked off first.
            self.stops.append((now, time.monotonic() + 1))
            self.next_stop = time.monotonic() + self.chance.uniform(*STOP_EVERY)


def attack(socket: str, seed: str, end: float, user: Optional[int]) -> None:
    """One attacker: all attacks, in an order of its own, until the end."""
    # The processors are few: what is asked is how the daemon shares, not how the kernel does.
    os.nice(5)
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    chance = random.Random(seed)
    while time.monotonic() < end:
        for kind in chance.sample(attacks.ALL, len(attacks.ALL)):
            left = end - time.monotonic()
            if left <= 0:
                return
            until = time.monotonic() + min(left, chance.uniform(*ATTACK_SECONDS))
            try:
                kind(attacks.Attack(socket, chance, until))
            except OSError:
                continue  # a refused connection is an answer, too


def visit(visitor: Visitor, until: threading.Event) -> None:
    while not until.is_set():
        visitor.round()


class Trial:
    """The daemon, the visitor and what was found out."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.folder: pathlib.Path = options.folder
        self.socket = str(self.folder / "s")
        self.chance = random.Random(f"{options.seed} trial")
        self.faults: List[str] = []
        reading, writing = os.pipe()
        self.daemon = subprocess.Popen(
            [options.programs / "customerd", "--socket", self.socket, "--socket-mode", "0666",
             "--database", self.folder / "customers.db", "--grace", "5s"],
            stderr=writing,
        )
        os.close(writing)
        self.log = Log(reading, self.folder / "log")
        self.peak = 0

    def run(self) -> None:
        self.furnish()
        visitor = Visitor(self.socket, f"{self.options.seed} visitor")
        for _ in range(20):
            visitor.round()
        before = Figures.of(self.daemon.pid)
        quiet = visitor.samples
        visitor.samples = []
        stops = self.disturb(visitor)
        self.report(visitor, quiet, stops)
        self.log.flows.set()
        self.calm_down(before)
        print(f"log: {self.log.bytes} bytes")
        if self.log.bytes > LOG_BYTES_A_SECOND_MAX * (self.options.seconds + CALM_SECONDS_MAX):
            self.faults.append(f"the log has {self.log.bytes} bytes")
        for check in (visitor.export, visitor.check_changes):
            visitor.guarded(check)
        self.faults += visitor.faults[:20]
        if len(visitor.faults) > 20:
            self.faults.append(f"and {len(visitor.faults) - 20} more of the visitor's")
        visitor.client.close()

    def furnish(self) -> None:
        """Puts so many customers into the store that to walk them takes a while."""
        client = api.CustomerClient(self.socket, timeout=60)
        client.wait_until_ready()
        rows = [
            api.Customer(
                first_name=self.chance.choice(["Ann", "Sam", "Lea", "Ian"]),
                last_name=f"{self.chance.choice(['Smith', 'Lee', 'Stone'])}{number}",
                email_address=f"seed{number}@example.net",
                attributes={"tier": self.chance.choice(["gold", "tin"]), "note": "n" * 200},
            )
            for number in range(CUSTOMERS)
        ]
        for result in client.import_customers(rows):
            assert result.outcome == api.ImportResult.Outcome.CREATED, result
        client.close()

    def disturb(self, visitor: Visitor) -> List[Tuple[float, float]]:
        """Lets everybody in for as long as was asked; when the daemon was stopped."""
        end = time.monotonic() + self.options.seconds
        stranger = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
        attackers = [
            multiprocessing.Process(
                target=attack,
                args=(self.socket, f"{self.options.seed} {number}", end,
                      stranger if number % 2 else None),
            )
            for number in range(ATTACKERS)
        ]
        for attacker in attackers:
            attacker.start()
        leaves = threading.Event()
        thread = threading.Thread(target=visit, args=(visitor, leaves))
        thread.start()
        disturbance = Disturbance(self.daemon.pid, self.log, self.chance)
        try:
            while time.monotonic() < end and self.daemon.poll() is None:
                disturbance.step(time.monotonic())
                self.peak = max(self.peak, Figures.of(self.daemon.pid).private_bytes)
                if self.peak > ENDURED_BYTES_MAX:
                    self.faults.append(f"the trial ended early: {self.peak >> 20} MiB")
                    self.daemon.kill()
                time.sleep(0.1)
        finally:
            self.log.flows.set()
            leaves.set()
            for attacker in attackers:
                attacker.join(20)
                if attacker.is_alive():
                    attacker.kill()
            thread.join(120)
        if self.daemon.poll() is not None:
            raise AssertionError(f"the daemon ended: {self.daemon.returncode}")
        return disturbance.stops

    def report(
        self, visitor: Visitor, quiet: List[Sample], stops: List[Tuple[float, float]]
    ) -> None:
        """Prints how long the visitor waited, alone and among attackers."""
        alone, among = slowest(quiet, []), slowest(visitor.samples, stops)
        growth = max(1.0, visitor.customers / CUSTOMERS)
        print(f"{visitor.rounds} rounds, {len(stops)} stops of the daemon, "
              f"told to come back {visitor.retries} times, {visitor.customers} customers")
        print("call          calls   p99 ms  (alone)   worst ms")
        for call, (p99, worst, count) in among.items():
            before = alone.get(call, (0.0, 0.0, 0))[0]
            print(f"{call:12}{count:7}{p99 * 1e3:9.1f}{before * 1e3:9.1f}{worst * 1e3:11.1f}")
            bound = P99_SECONDS_MAX[call] * (growth if call in READS_ALL else 1)
            if p99 > bound:
                self.faults.append(f"{call}: p99 of {p99:.3f} s is over {bound:.3f}")
            if worst > max(WORST_SECONDS_MAX, bound):
                self.faults.append(f"{call}: {worst:.3f} s, the worst, is over any bound")
        if missing := P99_SECONDS_MAX.keys() - among.keys():
            self.faults.append(f"nothing was answered of {sorted(missing)}")

    def calm_down(self, before: Figures) -> None:
        """Waits until the daemon holds no more than before."""
        end = time.monotonic() + CALM_SECONDS_MAX
        bytes_max = before.private_bytes + KEPT_BYTES_MAX
        while True:
            now = Figures.of(self.daemon.pid)
            is_calm = now.descriptors <= before.descriptors + KEPT_DESCRIPTORS_MAX
            if (is_calm and now.private_bytes <= bytes_max) or time.monotonic() > end:
                break
            time.sleep(0.2)
        print(f"private MiB: {before.private_bytes >> 20} before, {self.peak >> 20} at most, "
              f"{now.private_bytes >> 20} after")
        print(f"descriptors: {before.descriptors} before, {now.descriptors} after")
        if self.peak > PRIVATE_BYTES_MAX:
            self.faults.append(f"{self.peak >> 20} MiB of memory is over {PRIVATE_BYTES_MAX >> 20}")
        if now.private_bytes > bytes_max:
            self.faults.append(f"{now.private_bytes >> 20} MiB of memory stay")
        if not is_calm:
            self.faults.append(f"{now.descriptors} descriptors stay open")

    def end(self) -> None:
        """Stops the daemon, which takes no longer than its grace, and reads the store."""
        self.log.flows.set()
        if self.daemon.poll() is None:
            self.daemon.terminate()
            try:
                status = self.daemon.wait(30)
                if status != 0:
                    self.faults.append(f"the daemon ended with {status}")
            except subprocess.TimeoutExpired:
                self.faults.append("the daemon does not stop")
                self.daemon.kill()
                self.daemon.wait()
        program, database = self.options.programs / "customerd", self.folder / "customers.db"
        check = subprocess.run(
            [program, "--check", "--database", database], capture_output=True, text=True
        )
        if check.returncode != 0:
            self.faults.append(f"the store isn't whole: {check.stdout}{check.stderr}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    trial = Trial(options)
    try:
        trial.run()
    except AssertionError as fault:
        trial.faults.append(str(fault))
    finally:
        trial.end()
    if trial.faults:
        words = trial.log.path.read_bytes()[-4000:].decode(errors="replace")
        print("the end of the log:", words, "faults:", *trial.faults, sep="\n")
    print(f"{len(trial.faults)} faults")
    return 1 if trial.faults else 0


if __name__ == "__main__":
    sys.exit(main())
