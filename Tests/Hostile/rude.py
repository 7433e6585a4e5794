"""Raw frames on a socket, by somebody who keeps no rule."""

from __future__ import annotations

import pathlib
import select
import socket
import struct
import sys
import time
from typing import Any, List, Optional

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Clients" / "python"))

import customers as api  # noqa: E402
from customers import methods, wire  # noqa: E402
from customers.envelope import Request  # noqa: E402
from customers.frames import (  # noqa: E402
    DATA,
    DATA_LENGTH_MAX,
    NO_DATA,
    REMOTE_CLOSED,
    REMOTE_OPEN,
    REQUEST,
    Frame,
    encode_frame,
)
from customers.methods import Method  # noqa: E402

#: How long somebody rude waits for anything, in seconds.
PATIENCE = 2.0


class Rude:
    """A connection that is used badly. Whatever the daemon does to it, it ends in silence."""

    def __init__(self, path: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.is_open = True
        self.stream_id = -1
        try:
            self.socket.connect(path)
        except OSError:
            self.is_open = False

    def send(self, data: bytes) -> None:
        """Sends what goes out in time; the connection is of no more use after the rest."""
        try:
            if self.is_open:
                self.socket.sendall(data)
        except OSError:
            self.is_open = False

    def call(
        self,
        method: Method[Any, Any],
        message: Any,
        timeout_nanoseconds: int = 0,
        payload: Optional[bytes] = None,
    ) -> None:
        """Opens a call and asks for no answer."""
        self.send(self.opening(method, message, timeout_nanoseconds, payload))

    def opening(
        self,
        method: Method[Any, Any],
        message: Any,
        timeout_nanoseconds: int = 0,
        payload: Optional[bytes] = None,
    ) -> bytes:
        """The frames that open a call, with its message."""
        self.stream_id += 2
        if payload is None:
            payload = wire.encode(message)
        flags, rest = 0, b""
        if method.client_streams:
            flags = REMOTE_OPEN | NO_DATA
            rest = encode_frame(Frame(self.stream_id, DATA, 0, payload))
            payload = b""
        elif method.server_streams:
            flags = REMOTE_CLOSED
        request = Request(method.service, method.name, payload, timeout_nanoseconds)
        return encode_frame(Frame(self.stream_id, REQUEST, flags, wire.encode(request))) + rest

    def read(self, seconds: float, bytes_max: int = 1 << 20) -> int:
        """Reads for so long, or so much; how much came."""
        end = time.monotonic() + seconds
        count = 0
        while self.is_open and count < bytes_max:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                break
            try:
                data = self.socket.recv(min(bytes_max - count, 1 << 16))
            except OSError:
                data = b""
            self.is_open = bool(data)
            count += len(data)
        return count

    def close(self, resets: bool = False) -> None:
        try:
            if resets:
                linger = struct.pack("ii", 1, 0)
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.socket.close()
        except OSError:
            pass


def closed(connections: List[Rude]) -> None:
    for connection in connections:
        connection.close()
