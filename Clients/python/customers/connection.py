"""One connection to the daemon, with one call at a time on it."""

from __future__ import annotations

import select
import socket
import threading
from typing import Any, Optional

from . import wire
from .deadline import Deadline
from .envelope import Request, Response
from .errors import Cancelled, ProtocolError, from_status
from .frames import (
    DATA,
    DATA_LENGTH_MAX,
    NO_DATA,
    REMOTE_CLOSED,
    REMOTE_OPEN,
    REQUEST,
    RESPONSE,
    Frame,
    FrameReader,
    encode_frame,
)
from .methods import Method
from .well_known import Status

#: The last stream id that is used; a connection that has used it is replaced.
STREAM_ID_MAX = (1 << 31) - 1

#: Bytes that may come in while a message is on its way out: answers to the two messages of an
#: import that can be open then.
_UNREAD_BYTES_MAX = 2 * (DATA_LENGTH_MAX + 1024)

_READ_SIZE_MIN, _READ_SIZE_MAX = 64 << 10, 1 << 20


class ConnectionLost(Exception):
    """The connection ended before the call did."""

    def __init__(self, message: str, *, was_sent: bool) -> None:
        super().__init__(message)
        #: Whether the daemon may have seen the call.
        self.was_sent = was_sent


class Connection:
    """A connected socket, and the call that is open on it.

    One thread uses it at a time; only `abort` may be called by others. After any error the
    connection is of no more use: what was asked may still be answered on it.
    """

    def __init__(self, connected: socket.socket) -> None:
        connected.setblocking(False)
        self._socket = connected
        self._reader = FrameReader()
        self._stream_id = -1
        self._sent_any = False
        self._has_ended = False
        self._abort_reason: Optional[str] = None
        self._abort_lock = threading.Lock()

    @property
    def is_usable(self) -> bool:
        """Whether another call can be made: the daemon said and did nothing since the last."""
        has_ids = self._stream_id <= STREAM_ID_MAX - 2
        return has_ids and not self._reader.buffered and not self._wait(select.POLLIN, 0)

    @property
    def was_sent(self) -> bool:
        """Whether the daemon may have seen the call that was opened last."""
        return self._sent_any

    def close(self) -> None:
        """Ends the connection; the daemon gives up the call that is open on it."""
        with self._abort_lock:
            self._socket.close()

    def abort(self, reason: str) -> None:
        """Makes the call that is open end with Cancelled; callable from any thread."""
        with self._abort_lock:
            self._abort_reason = reason
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it has ended by itself

    # A call's messages

    def open(self, method: Method[Any, Any], payload: bytes, deadline: Deadline) -> None:
        """Opens a call; `payload` is its request, empty if the client streams."""
        self._stream_id += 2
        self._sent_any = False
        self._has_ended = False
        request = Request(
            service=method.service,
            method=method.name,
            payload=payload,
            timeout_nano=deadline.timeout_nanoseconds(),
        )
        flags = 0
        if method.client_streams:
            flags = REMOTE_OPEN | NO_DATA
        elif method.server_streams:
            flags = REMOTE_CLOSED
        self._send(Frame(self._stream_id, REQUEST, flags, wire.encode(request)), deadline)

    def send_message(self, message: bytes, deadline: Deadline) -> None:
        """Sends one message of a client that streams; takes in what comes meanwhile."""
        self._send(Frame(self._stream_id, DATA, 0, message), deadline)

    def end_messages(self, deadline: Deadline) -> None:
        """Says that the client sends no more messages."""
        self._send(Frame(self._stream_id, DATA, REMOTE_CLOSED | NO_DATA, b""), deadline)

    def response(self, deadline: Deadline) -> bytes:
        """Returns the one response of a unary call, or raises what the daemon says."""
        frame = self._frame(deadline)
        if frame.type != RESPONSE:
            raise ProtocolError(f"frame type {frame.type} instead of the response")
        return self._payload(frame)

    def message(self, deadline: Deadline) -> Optional[bytes]:
        """Returns the next message of a server that streams; None at the good end.

        A message that comes with the end is given first; the end follows when asked for again.
        """
        while not self._has_ended:
            frame = self._frame(deadline)
            if frame.type == RESPONSE:
                self._has_ended = True
                return self._payload(frame) or None
            if frame.type != DATA:
                raise ProtocolError(f"frame type {frame.type} instead of a message")
            if frame.flags & NO_DATA and frame.data:
                raise ProtocolError(f"{len(frame.data)} bytes in a frame that says it has none")
            self._has_ended = bool(frame.flags & REMOTE_CLOSED)
            if not frame.flags & NO_DATA:
                return frame.data
        return None

    @staticmethod
    def _payload(frame: Frame) -> bytes:
        try:
            response = wire.decode(Response, frame.data)
        except wire.WireError as error:
            raise ProtocolError(f"response can't be read: {error}") from None
        status = response.status or Status()
        if status.code != 0:
            raise from_status(status)
        return response.payload

    # Frames and bytes

    def _frame(self, deadline: Deadline) -> Frame:
        """Returns the next frame of the open call; those of calls before it are passed over."""
        while True:
            frame = self._reader.next()
            if frame is None:
                self._read(deadline)
            elif frame.stream_id == self._stream_id:
                return frame
            else:
                deadline.remaining()  # a daemon that sends only such frames ends in time too

    def _read(self, deadline: Deadline) -> None:
        """Waits for bytes and takes them in."""
        size = min(max(self._reader.missing, _READ_SIZE_MIN), _READ_SIZE_MAX)
        while True:
            try:
                data = self._socket.recv(size)
            except BlockingIOError:
                self._wait(select.POLLIN, deadline.remaining())
                continue
            except OSError as error:
                raise self._lost(error.strerror or str(error)) from None
            if not data:
                raise self._lost("the daemon closed it")
            self._reader.feed(data)
            return

    def _send(self, frame: Frame, deadline: Deadline) -> None:
        rest = memoryview(encode_frame(frame))
        while rest:
            try:
                count = self._socket.send(rest)
            except BlockingIOError:
                if self._wait(select.POLLIN | select.POLLOUT, deadline.remaining()) & select.POLLIN:
                    self._read_while_sending(deadline)
                continue
            except OSError as error:
                raise self._lost(error.strerror or str(error)) from None
            self._sent_any = True
            rest = rest[count:]

    def _read_while_sending(self, deadline: Deadline) -> None:
        """Takes in what the daemon sends: it stops reading when nobody reads from it."""
        if self._reader.buffered > _UNREAD_BYTES_MAX:
            raise ProtocolError(
                f"{self._reader.buffered} bytes came unasked, over the limit of "
                f"{_UNREAD_BYTES_MAX}"
            )
        self._read(deadline)

    def _wait(self, events: int, seconds: float) -> int:
        """Waits until the socket is ready; returns what for, 0 if the time passes first."""
        poll = select.poll()
        poll.register(self._socket, events)
        ready = poll.poll(max(0, int(seconds * 1000 + 0.999)))
        return ready[0][1] if ready else 0

    def _lost(self, reason: str) -> Exception:
        if self._abort_reason is not None:
            return Cancelled(self._abort_reason)
        return ConnectionLost(f"connection was lost: {reason}", was_sent=self._sent_any)
