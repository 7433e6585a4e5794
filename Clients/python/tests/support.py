"""What the tests share: the schema as protoc reads it, a fake server, the real daemon."""

from __future__ import annotations

import functools
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import unittest
from typing import Any, Callable, List, NamedTuple, Optional

from customers import CustomerClient, Unimplemented, encode, well_known

PACKAGE = pathlib.Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent.parent
SCHEMA_FILES = ["customers.proto", "rpc.proto", "ttrpc.proto", "google/rpc/error_details.proto"]


def need(is_there: object, what: str) -> None:
    """Skips a test on a machine that lacks something; fails it where everything must be."""
    if is_there:
        return
    if os.environ.get("CI") == "true":
        raise AssertionError(f"{what} is missing")
    raise unittest.SkipTest(f"{what} is missing")


# The schema


@functools.lru_cache(maxsize=None)
def descriptor_pool() -> Any:
    """Returns the schema's descriptors: from protoc, in the form of Python's protobuf."""
    need(shutil.which("protoc"), "protoc")
    try:
        from google.protobuf import descriptor_pb2, descriptor_pool
    except ImportError:
        need(False, "protobuf for Python")
    with tempfile.TemporaryDirectory() as folder:
        output = pathlib.Path(folder, "schema")
        command = ["protoc", "-I", ROOT / "Schema", "--include_imports"]
        subprocess.run([*command, f"--descriptor_set_out={output}", *SCHEMA_FILES], check=True)
        files = descriptor_pb2.FileDescriptorSet.FromString(output.read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return pool


def judge_class(full_name: str) -> Any:
    """Returns the class that Python's protobuf makes for a message of the schema."""
    from google.protobuf import message_factory

    return message_factory.GetMessageClass(descriptor_pool().FindMessageTypeByName(full_name))


# A server that sends what a test says


def packed(message: Any) -> well_known.Any:
    """A message as a detail of a status."""
    return well_known.Any(f"type.googleapis.com/{message.FULL_NAME}", encode(message))


class PeerFrame(NamedTuple):
    """A frame as a test writes and reads it."""

    stream_id: int
    type: int
    flags: int
    data: bytes

    def encoded(self) -> bytes:
        header = struct.pack(">IIBB", len(self.data), self.stream_id, self.type, self.flags)
        return header + self.data


class Peer:
    """The server's end of one connection."""

    def __init__(self, connected: socket.socket) -> None:
        connected.settimeout(10)
        self.socket = connected

    def send(self, *frames: PeerFrame) -> None:
        self.socket.sendall(b"".join(frame.encoded() for frame in frames))

    def receive(self) -> PeerFrame:
        """Returns the next frame; raises EOFError if the client has closed."""
        length, stream_id, frame_type, flags = struct.unpack(">IIBB", self._exactly(10))
        return PeerFrame(stream_id, frame_type, flags, self._exactly(length))

    def is_closed(self) -> bool:
        """Waits for the client to close."""
        try:
            return not self.socket.recv(1)
        except ConnectionError:
            return True

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise EOFError
            data += more
        return data


class FakeServer:
    """Listens, and gives each connection to the next of a test's functions, in its own thread."""

    def __init__(self, *conversations: Callable[[Peer], None]) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self._folder.name, "s")
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(self.path)
        self._listener.listen(16)
        self._listener.settimeout(10)
        self.failures: List[BaseException] = []
        self._thread = threading.Thread(target=self._serve, args=[conversations], daemon=True)

    def __enter__(self) -> FakeServer:
        self._thread.start()
        return self

    def __exit__(self, error_type: Optional[type], *error: object) -> None:
        self._thread.join(20)
        self._listener.close()
        self._folder.cleanup()
        if error_type is None and self.failures:
            raise self.failures[0]

    def stop_listening(self) -> None:
        """Refuses connections from now on."""
        self._listener.close()

    def _serve(self, conversations: List[Callable[[Peer], None]]) -> None:
        threads = []
        try:
            for conversation in conversations:
                connected, _ = self._listener.accept()
                threads.append(threading.Thread(target=self._talk, args=[conversation, connected]))
                threads[-1].start()
        except OSError as error:
            self.failures.append(error)
        for thread in threads:
            thread.join(20)

    def _talk(self, conversation: Callable[[Peer], None], connected: socket.socket) -> None:
        try:
            with connected:
                conversation(Peer(connected))
        except BaseException as error:  # handed to the test's own thread
            self.failures.append(error)


# The daemon


def offered(test: Callable[..., None]) -> Callable[..., None]:
    """Lets a test fail with what is the matter when the daemon is older than the schema."""

    @functools.wraps(test)
    def wrapper(self: unittest.TestCase) -> None:
        try:
            test(self)
        except Unimplemented as error:
            self.fail(f"this daemon is older than the schema: {error.message}")

    return wrapper


class Daemon:
    """A `customerd` with a socket and a folder of its own, and a database that is made there."""

    def __init__(self, database: Optional[str] = None) -> None:
        self.program = os.environ.get("CUSTOMERD") or str(ROOT / ".build/debug/customerd")
        need(os.access(self.program, os.X_OK), f"{self.program}, named by CUSTOMERD,")
        self._folder = tempfile.TemporaryDirectory()
        self.socket_path = os.path.join(self._folder.name, "s")
        self.database = database or os.path.join(self._folder.name, "customers.db")
        self._process: Optional[subprocess.Popen[bytes]] = None

    def start(self, *options: str) -> None:
        """Starts the daemon and waits until it answers."""
        command = [self.program, "--socket", self.socket_path, "--database", self.database]
        log = os.path.join(self._folder.name, "log")
        with open(log, "ab") as events:
            self._process = subprocess.Popen([*command, *options], stderr=events)
        with CustomerClient(self.socket_path) as client:
            client.wait_until_ready(timeout=30)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """Stops the daemon and waits for its end."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=30)
            self._process = None

    def pause(self) -> None:
        """Lets the daemon neither read nor answer until it goes on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self._process.pid, os.WSTOPPED)  # not all its threads stop at once

    def go_on(self) -> None:
        """Ends a pause."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def remove(self) -> None:
        """Stops the daemon and removes its files."""
        self.stop()
        self._folder.cleanup()


class DaemonTestCase(unittest.TestCase):
    """Tests that share a daemon and a client."""

    daemon: Daemon
    client: CustomerClient

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon()
        cls.addClassCleanup(cls.daemon.remove)
        cls.daemon.start()
        cls.client = CustomerClient(cls.daemon.socket_path)
        cls.addClassCleanup(cls.client.close)
