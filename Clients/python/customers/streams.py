"""Calls whose messages come one after another: exports, watches, backups and imports.

Each is an iterator that asks the daemon for no more than it gives out, and a context manager that
ends the call. `close` may be called by any thread and ends a loop that waits.
"""

from __future__ import annotations

import abc
import threading
import time
from collections import deque
from typing import Any, Deque, Generic, Iterable, Iterator, List, Optional, TypeVar

from . import methods, wire
from .channel import (
    BACKOFF_SECONDS_MAX,
    BACKOFF_SECONDS_MIN,
    RECONNECT_SECONDS,
    Channel,
    settle,
)
from .connection import Connection, ConnectionLost
from .deadline import Deadline
from .errors import (
    CustomersError,
    DataLoss,
    Outcome,
    ProtocolError,
    ResourceExhausted,
    Unavailable,
)
from .frames import DATA_LENGTH_MAX
from .messages import (
    BackUpStoreResponse,
    Change,
    Customer,
    ExportCustomersRequest,
    ImportCustomersRequest,
    ImportResult,
    WatchCustomersRequest,
)
from .methods import Method

T = TypeVar("T")
S = TypeVar("S", bound="Stream[Any]")


class Stream(abc.ABC, Generic[T]):
    """One call whose server streams."""

    def __init__(
        self, channel: Channel, method: Method[Any, Any], timeout: Optional[float]
    ) -> None:
        self._channel = channel
        self._method = method
        self._deadline = Deadline(timeout)
        self._iterating = threading.Lock()
        self._is_closed = threading.Event()
        self._connection: Optional[Connection] = None

    def __iter__(self: S) -> S:
        return self

    def __enter__(self: S) -> S:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __del__(self) -> None:
        connection = getattr(self, "_connection", None)
        if connection is not None:
            connection.close()

    def __next__(self) -> T:
        with self._iterating:
            try:
                if not self._is_closed.is_set():
                    return self._next()
            except BaseException as error:
                was_closed = self._is_closed.is_set()
                if isinstance(error, CustomersError):
                    if error.status is None:
                        error.outcome = Outcome.PERHAPS_DONE
                    settle(error, self._method)
                self._end()
                if was_closed and isinstance(error, CustomersError):
                    raise StopIteration from None
                raise
            self._end()
            raise StopIteration

    def close(self) -> None:
        """Ends the call; a loop over it ends as if there were no more."""
        self._is_closed.set()
        connection = self._connection
        if connection is not None:
            connection.abort("stream was closed")
        # A thread that iterates lets go of the connection itself.
        if self._iterating.acquire(blocking=False):
            try:
                self._end()
            finally:
                self._iterating.release()

    def _end(self) -> None:
        self._is_closed.set()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @abc.abstractmethod
    def _next(self) -> T:
        """Returns the next element, or raises StopIteration."""

    def _open(self, request: object) -> None:
        payload = b"" if request is None else wire.encode(request)
        self._connection = self._channel.open_stream(self._method, payload, self._deadline)
        if self._is_closed.is_set():
            self._connection.abort("stream was closed")

    def _message(self) -> Any:
        """Returns the next message of the server; None at the end."""
        if self._connection is None:
            return None
        try:
            data = self._connection.message(self._deadline)
        except ConnectionLost as lost:
            raise Unavailable(str(lost)) from None
        if data is None:
            return None
        try:
            return wire.decode(self._method.response, data)
        except wire.WireError as error:
            raise ProtocolError(f"message can't be read: {error}") from None


class Export(Stream[Customer]):
    """All customers as they were at one moment, one by one."""

    def __init__(self, channel: Channel, filter: str, timeout: Optional[float]) -> None:
        super().__init__(channel, methods.EXPORT, timeout)
        #: Where a watch goes on, nothing lost and nothing twice; empty before the end.
        self.resume_token = ""
        self._customers: Iterator[Customer] = iter(())
        self._open(ExportCustomersRequest(filter=filter))

    def _next(self) -> Customer:
        while True:
            for customer in self._customers:
                return customer
            message = self._message()
            if message is None:
                raise StopIteration
            self.resume_token = message.resume_token or self.resume_token
            self._customers = iter(message.customers)


class Watch(Stream[Change]):
    """Changes of customers in the order they were made.

    When the daemon is restarted the watch goes on by itself behind the last change that was given
    out, with none missing and none twice.
    """

    def __init__(
        self, channel: Channel, request: WatchCustomersRequest, timeout: Optional[float]
    ) -> None:
        super().__init__(channel, methods.WATCH, timeout)
        self._request = request
        self._opened_at = time.monotonic()
        self._has_received = False
        self._give_up_at = 0.0
        self._open(request)

    @property
    def resume_token(self) -> str:
        """Where another watch goes on behind the last change that was given out."""
        return self._request.resume_token

    def _next(self) -> Change:
        while True:
            try:
                change: Optional[Change] = self._message()
            except Unavailable as error:
                self._resume(error)
                continue
            if change is None:
                raise StopIteration
            self._has_received = True
            if change.resume_token:
                self._request.resume_token = change.resume_token
                self._request.from_start = False
            return change

    def _resume(self, error: Unavailable) -> None:
        """Opens the watch again behind the last change; raises the error if that can't be done."""
        lived_seconds = time.monotonic() - self._opened_at
        # A watch that is lost again before it was of use goes on with the time it had before.
        if self._has_received or lived_seconds > RECONNECT_SECONDS:
            self._give_up_at = time.monotonic() + RECONNECT_SECONDS
        self._has_received = False
        backoff = BACKOFF_SECONDS_MIN
        while True:
            is_over = time.monotonic() > self._give_up_at
            if not self._request.resume_token or is_over or self._is_closed.is_set():
                raise error
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self._is_closed.wait(self._deadline.remaining(backoff))
            backoff = min(backoff * 2, BACKOFF_SECONDS_MAX)
            try:
                self._opened_at = time.monotonic()
                self._open(self._request)
                return
            except Unavailable as another:
                error = another


class Backup(Stream[bytes]):
    """The bytes of a copy of the database, piece by piece."""

    def __init__(self, channel: Channel, request: object, timeout: Optional[float]) -> None:
        super().__init__(channel, methods.BACK_UP, timeout)
        #: The size of the whole file; 0 before the first piece.
        self.total_bytes = 0
        #: Where to watch from behind what the copy holds; empty before the end.
        self.resume_token = ""
        self._received_bytes = 0
        self._open(request)

    def _next(self) -> bytes:
        message: Optional[BackUpStoreResponse] = self._message()
        if message is not None:
            self.total_bytes = message.total_bytes
            self.resume_token = message.resume_token or self.resume_token
            self._received_bytes += len(message.data)
        is_at_end = self._received_bytes == self.total_bytes
        if self._received_bytes > self.total_bytes or (message is None and not is_at_end):
            raise DataLoss(f"backup has {self._received_bytes} of {self.total_bytes} bytes")
        if message is None:
            raise StopIteration
        return message.data


class Import(Stream[ImportResult]):
    """What becomes of the customers that an import is given: one result each, in order.

    The customers are taken and sent as the results are asked for, so that neither side ever holds
    all of them. Other programs' writes may go in between.
    """

    #: Batches that may be on their way: while the daemon writes one, the next is sent.
    _OPEN_BATCHES_MAX = 2

    #: Bytes after which a batch is sent though it could have more rows.
    _BATCH_BYTES_MAX = DATA_LENGTH_MAX // 4

    def __init__(
        self,
        channel: Channel,
        customers: Iterable[Customer],
        header: ImportCustomersRequest,
        batch_rows: int,
        timeout: Optional[float],
    ) -> None:
        super().__init__(channel, methods.IMPORT, timeout)
        if batch_rows < 1:
            raise ValueError(f"batch of {batch_rows} rows is under the limit of 1")
        self._batches = _batches(customers, header, batch_rows, self._BATCH_BYTES_MAX)
        self._open_batches: Deque[int] = deque()
        self._has_sent_all = False
        self._results: Iterator[ImportResult] = iter(())
        self._open(None)

    def _next(self) -> ImportResult:
        while True:
            for result in self._results:
                return result
            while not self._has_sent_all and len(self._open_batches) < self._OPEN_BATCHES_MAX:
                self._send_batch()
            message = self._message()
            if message is None:
                if self._open_batches or not self._has_sent_all:
                    raise ProtocolError("import ended before all results had come")
                raise StopIteration
            if not self._open_batches:
                raise ProtocolError(f"{len(message.results)} results that nobody waits for")
            expected = self._open_batches.popleft()
            if len(message.results) != expected:
                raise ProtocolError(f"{len(message.results)} results for {expected} rows")
            self._results = iter(message.results)

    def _send_batch(self) -> None:
        batch = next(self._batches, None)
        connection = self._connection
        if connection is None:
            return
        try:
            if batch is None:
                self._has_sent_all = True
                connection.end_messages(self._deadline)
            else:
                connection.send_message(wire.encode(batch), self._deadline)
                self._open_batches.append(len(batch.customers))
        except ConnectionLost:
            # The daemon may have said why before it left.
            while self._message() is not None:
                pass
            raise ProtocolError("import ended before all customers were sent") from None


def _batches(
    customers: Iterable[Customer],
    header: ImportCustomersRequest,
    rows_max: int,
    bytes_max: int,
) -> Iterator[ImportCustomersRequest]:
    """Cuts customers into messages that are neither too long nor too large."""
    batch: List[Customer] = []
    batch_bytes = 0
    for customer in customers:
        size = len(wire.encode(customer))
        if size > DATA_LENGTH_MAX:
            raise ResourceExhausted(
                f"customer of {size} bytes is over the limit of {DATA_LENGTH_MAX}"
            )
        if batch and (len(batch) == rows_max or batch_bytes + size > bytes_max):
            yield ImportCustomersRequest(header.mode, header.match, batch)
            batch, batch_bytes = [], 0
        batch.append(customer)
        batch_bytes += size
    if batch:
        yield ImportCustomersRequest(header.mode, header.match, batch)
