"""Losses of power at random moments of a life of the daemon, and what is found afterwards.

Started by `run`. A life is several daemons on one database, some of them killed, with many writers.
After each loss the store is whole, shows what was answered before it, and nothing half-done.
"""

from __future__ import annotations

import argparse
import bisect
import collections
import mmap
import pathlib
import random
import shutil
import sys
import time
from typing import Dict, List

from daemon import Daemon, check
from disk import Disk, records
from workload import Claim, Worker, faults_of, look, run_workers
from workload import CustomerClient

WORKERS = 6
LIVES = 3


def record_life(
    options: argparse.Namespace, folder: pathlib.Path
) -> Dict[str, List[Claim]]:
    """Has daemons write for some seconds each; what was asked and answered."""
    record = folder / "record"
    record.touch()
    position = lambda: record.stat().st_size  # noqa: E731
    environment = {
        "LD_PRELOAD": str(options.shim),
        "FAULTS_DATABASE": str(folder / "customers.db"),
        "FAULTS_RECORD": str(record),
    }
    claims: Dict[str, List[Claim]] = {}
    calls = 0
    for life in range(LIVES):
        how = ("--durability", options.durability)
        daemon = Daemon(options.daemon, folder / "customers.db", environment, *how)
        assert daemon.wait_until_ready(), daemon.words()
        workers = [
            Worker(daemon.socket, f"{options.seed} {life} {number}", position)
            for number in range(WORKERS)
        ]
        end = time.monotonic() + options.seconds / LIVES
        limit = (life + 1) * options.record_bytes_max // LIVES
        run_workers(workers, lambda: time.monotonic() < end and position() < limit)
        if life == LIVES - 2:
            daemon.kill()
        else:
            assert daemon.stop() == 0, daemon.words()
        for worker in workers:
            assert not worker.errors, worker.errors[0]
            claims.update(worker.claims)
            calls += worker.calls
    print(f"{calls} calls to {len(claims)} customers, {position() >> 20} MiB recorded", flush=True)
    return claims


def moments(
    recorded: memoryview, claims: Dict[str, List[Claim]], count: int, chance: random.Random
) -> List[int]:
    """Lengths of the record at which the power goes: half of them right behind an answer."""
    ends = [record.end for record in records(recorded)]
    answers = [
        claim.answered for claimed in claims.values() for claim in claimed
        if claim.answered is not None
    ]
    half = count // 2
    # An answer may have come while a record was being written: it counts from that one's end.
    behind = [ends[bisect.bisect_left(ends, at)] for at in answers if at <= ends[-1]]
    return sorted(chance.choices(ends, k=count - half) + chance.choices(behind, k=half))


def examine(
    options: argparse.Namespace,
    folder: pathlib.Path,
    claims: Dict[str, List[Claim]],
    moment: int,
) -> List[str]:
    """What is wrong with the store that was left at a moment."""
    database = folder / "customers.db"
    # Before the first answer the store may not have been made yet, or not whole.
    is_made = any(
        claim.answered is not None and claim.answered <= moment
        for claimed in claims.values() for claim in claimed
    )
    found = check(options.daemon, database) if is_made else None
    faults = [found] if found else []
    daemon = Daemon(options.daemon, database)
    try:
        if not daemon.wait_until_ready():
            return [*faults, f"does not start: {daemon.words()}"]
        with CustomerClient(daemon.socket, timeout=60) as client:
            faults += faults_of(look(client), claims, moment)
    finally:
        daemon.kill()
    return faults


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--daemon", type=pathlib.Path, required=True)
    parser.add_argument("--shim", type=pathlib.Path, required=True)
    parser.add_argument("--points", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--durability", default="full")
    parser.add_argument("--record-bytes-max", type=int, default=60 << 20)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    life = options.folder / "life"
    life.mkdir()
    claims = record_life(options, life)
    bad = 0
    lost: Dict[str, int] = collections.Counter()
    with (life / "record").open("rb") as file:
        recorded = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    chance = random.Random(f"{options.seed} moments")
    points = moments(recorded, claims, options.points, chance)
    disk, walk = Disk(), records(recorded)
    place = 0
    for number, moment in enumerate(points):
        while place < moment:
            record = next(walk)
            disk.take(record)
            place = record.end
        folder = options.folder / "point"
        folder.mkdir()
        disk.lose_power(folder, random.Random(f"{options.seed} {number}"))
        faults = examine(options, folder, claims, moment)
        if faults:
            bad += 1
            print(f"point {number} at {moment}:", *faults[:5], sep="\n  ", flush=True)
        lost["with a log" if (folder / "customers.db-wal").exists() else "without a log"] += 1
        shutil.rmtree(folder)
    print(f"{len(points)} losses of power ({dict(lost)}): {bad} with faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
