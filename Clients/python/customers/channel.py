"""Calls to the daemon behind one socket path, over as few connections as they need.

A call has a connection to itself while it lasts. Threads that make calls at the same time therefore
never share a socket, an answer can't go to the wrong one, and giving a call up reaches the daemon:
the connection is closed, for which plain ttrpc has no other word. Connections of unary calls are
kept and used again; that of a stream ends with it.
"""

from __future__ import annotations

import os
import random
import threading
import time
import weakref
from typing import Any, Callable, List, Optional

from .connection import Connection, ConnectionLost
from .deadline import Deadline
from .errors import Cancelled, CustomersError, Outcome, Unavailable
from .methods import Method
from .socket_path import Busy, NotServed
from .well_known import RetryInfo

#: Unary calls at a time; more wait for their turn.
CALLS_MAX = 64

#: Connections that are kept for later calls.
IDLE_CONNECTIONS_MAX = 8

#: Times that a call is repeated after its connection was lost.
REPEATS_MAX = 3

#: How many seconds a call waits for a daemon that was there before: time to restart.
RECONNECT_SECONDS = 3.0

#: How many seconds a call that has no deadline waits for a daemon whose queue of connections is
#: full: as long as a call usually may take.
CONNECT_SECONDS_MAX = 10.0

#: The first and the longest wait between two attempts to connect, in seconds; it doubles.
BACKOFF_SECONDS_MIN, BACKOFF_SECONDS_MAX = 0.002, 0.1


class Channel:
    """Makes calls; any thread may use it at any time."""

    def __init__(self, connect: Callable[[Deadline], Connection]) -> None:
        """Creates a channel over connections that a function makes, when they are needed."""
        self._connect = connect
        self._is_closed = False
        self._restart_end: Optional[float] = None
        self._idle: List[Connection] = []
        self._begin()
        _channels.add(self)

    def _begin(self) -> None:
        """Begins without connections and calls, also in a process that was forked off: those that
        it has are its parent's."""
        for connection in self._idle:
            connection.close()
        self._changed = threading.Condition()
        # What a channel knows is read and written with the lock of `_changed` held.
        self._idle = []
        self._at_work: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._call_count = 0

    def close(self) -> None:
        """Ends all calls with Cancelled, and refuses more."""
        with self._changed:
            self._is_closed = True
            idle, self._idle = self._idle, []
            at_work = list(self._at_work)
            self._changed.notify_all()
        for connection in idle:
            connection.close()
        for connection in at_work:
            connection.abort("client was closed")

    def unary(
        self,
        method: Method[Any, Any],
        request: bytes,
        deadline: Deadline,
        is_repeatable: bool = False,
    ) -> bytes:
        """Makes a call with one request and one response, and returns the response's bytes.

        It is made again on another connection when that can do no harm: nothing of it was begun or
        stays, it only reads, or it is repeatable: then its error, which may be about its own first
        attempt, is perhaps done.
        """
        is_repeatable = is_repeatable or not method.is_writing
        is_perhaps_done = False
        self._begin_call(deadline)
        try:
            repeats_left = REPEATS_MAX
            while True:
                try:
                    return self._unary_once(method, request, deadline)
                except Unavailable as error:
                    is_open = error.outcome is Outcome.PERHAPS_DONE
                    can_go_on = _is_lost(error) or _is_stopping(error)
                    if not (repeats_left and can_go_on and (is_repeatable or not is_open)):
                        raise
                    is_perhaps_done |= is_open
                    self._note_loss()
                repeats_left -= 1
        except CustomersError as error:
            if is_perhaps_done:
                error.outcome = Outcome.PERHAPS_DONE
            settle(error, method)
            raise
        finally:
            self._end_call()

    def _unary_once(self, method: Method[Any, Any], request: bytes, deadline: Deadline) -> bytes:
        connection = self._take_idle() or self._new_connection(deadline)
        is_reusable = False
        try:
            connection.open(method, request, deadline)
            response = connection.response(deadline)
            is_reusable = True
            return response
        except ConnectionLost as lost:
            raise _Lost(str(lost), was_sent=lost.was_sent) from None
        except CustomersError as error:
            # What the daemon itself answered leaves the connection as it was.
            is_reusable = error.status is not None and not isinstance(error, Unavailable)
            if error.status is None and connection.was_sent:
                error.outcome = Outcome.PERHAPS_DONE
            raise
        finally:
            self._give_back(connection, is_reusable)

    def open_stream(
        self, method: Method[Any, Any], request: bytes, deadline: Deadline
    ) -> Connection:
        """Opens a call of another kind; the connection is the caller's, to read and to close."""
        repeats_left = REPEATS_MAX
        while True:
            connection = self._new_connection(deadline)
            try:
                connection.open(method, request, deadline)
                return connection
            except ConnectionLost as lost:
                connection.close()
                self._note_loss()
                if lost.was_sent or not repeats_left:
                    raise _Lost(str(lost), was_sent=False) from None
                repeats_left -= 1
            except BaseException:
                connection.close()
                raise

    # Connections

    def _begin_call(self, deadline: Deadline) -> None:
        """Waits for a call's turn."""
        with self._changed:
            while self._call_count >= CALLS_MAX and not self._is_closed:
                self._changed.wait(deadline.remaining())
            self._call_count += 1

    def _end_call(self) -> None:
        with self._changed:
            self._call_count -= 1
            self._changed.notify()

    def _take_idle(self) -> Optional[Connection]:
        """Returns a connection that was kept and is still good."""
        with self._changed:
            while self._idle:
                connection = self._idle.pop()
                if connection.is_usable:
                    self._at_work.add(connection)
                    return connection
                connection.close()
                self._restart_end = time.monotonic() + RECONNECT_SECONDS
        return None

    def _give_back(self, connection: Connection, is_reusable: bool) -> None:
        with self._changed:
            self._at_work.discard(connection)
            has_room = len(self._idle) < IDLE_CONNECTIONS_MAX and not self._is_closed
            if is_reusable and has_room:
                self._idle.append(connection)
                return
        connection.close()

    def _new_connection(self, deadline: Deadline) -> Connection:
        """Returns a new connection; waits for a daemon that was just there, or has no room."""
        backoff = BACKOFF_SECONDS_MIN
        give_up = time.monotonic() + CONNECT_SECONDS_MAX
        while True:
            if self._is_closed:
                raise Cancelled("client was closed")
            try:
                connection = self._connect(deadline)
                break
            except NotServed:
                with self._changed:
                    is_restarting = time.monotonic() < (self._restart_end or 0)
                if not is_restarting:
                    raise
            except Busy:
                if deadline.seconds is None and time.monotonic() > give_up:
                    raise
            # Up to half more, so that many callers don't come back together.
            time.sleep(deadline.remaining(backoff * random.uniform(1, 1.5)))
            backoff = min(backoff * 2, BACKOFF_SECONDS_MAX)
        with self._changed:
            self._restart_end = None
            if not self._is_closed:
                self._at_work.add(connection)
                return connection
        connection.close()
        raise Cancelled("client was closed")

    def _note_loss(self) -> None:
        """Gives the daemon time to come back; what is kept is as lost as what was."""
        with self._changed:
            self._restart_end = time.monotonic() + RECONNECT_SECONDS
            kept, self._idle = self._idle, []
        for connection in kept:
            connection.close()


class _Lost(Unavailable):
    """The connection was lost."""

    def __init__(self, message: str, *, was_sent: bool) -> None:
        super().__init__(message)
        if was_sent:
            self.outcome = Outcome.PERHAPS_DONE


def settle(error: CustomersError, method: Method[Any, Any]) -> None:
    """Takes in that nothing stays of a call that only reads, answered or not."""
    if error.outcome is Outcome.PERHAPS_DONE and not method.is_writing:
        error.outcome = Outcome.UNDONE


def _is_lost(error: Unavailable) -> bool:
    return isinstance(error, _Lost)


def _is_stopping(error: Unavailable) -> bool:
    """Whether a daemon said that it stops; what else its service says has details."""
    if error.status is None or error.detail(RetryInfo):
        return False
    return error.reason in ("", "SHUTTING_DOWN")


_channels: weakref.WeakSet[Channel] = weakref.WeakSet()


def _begin_all() -> None:
    for channel in list(_channels):
        channel._begin()


os.register_at_fork(after_in_child=_begin_all)
