"""The daemon under test, as a process."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
from typing import Dict, Optional

from workload import CustomerClient

#: How long a start, an end or a check may take, in seconds.
PATIENCE = 60


class Daemon:
    """A running `customerd`; its socket and its words are files in the folder of its database."""

    def __init__(
        self,
        program: pathlib.Path,
        database: pathlib.Path,
        environment: Optional[Dict[str, str]] = None,
        *arguments: str,
    ) -> None:
        self.socket = str(database.parent / "s")
        self.log = database.parent / "log"
        self.process = subprocess.Popen(
            [program, "--socket", self.socket, "--database", database, "--grace", "2s", *arguments],
            stderr=self.log.open("ab"),
            env={**os.environ, **(environment or {})},
        )

    def wait_until_ready(self) -> bool:
        """Whether it serves; False if it ended instead."""
        client = CustomerClient(self.socket)
        for _ in range(PATIENCE * 10):
            if self.process.poll() is not None:
                return False
            try:
                client.wait_until_ready(0.1)
                return True
            except Exception:
                continue
        raise AssertionError("the daemon neither serves nor ends")

    def stop(self) -> int:
        """Ends it in good order; the exit status."""
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def words(self) -> str:
        """The end of what it said."""
        return self.log.read_text(errors="replace")[-3000:]


def check(program: pathlib.Path, database: pathlib.Path) -> Optional[str]:
    """What `customerd --check` finds wrong; None if nothing is."""
    run = subprocess.run(
        [program, "--check", "--database", database],
        capture_output=True, text=True, timeout=PATIENCE,
    )
    return None if run.returncode == 0 else f"status {run.returncode}: {run.stdout}{run.stderr}"
