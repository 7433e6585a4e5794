"""Every wait ends at its deadline, against a daemon that is there and does nothing."""

import os
import socket
import tempfile
import threading
import time
import unittest
from unittest import mock

from customers import Cancelled, Customer, CustomerClient, DeadlineExceeded, Unavailable

from .support import DaemonTestCase, FakeServer

ANN = Customer(first_name="Ann")

#: More than a socket's buffers take, in messages of 1 MiB.
MANY = [Customer(first_name="a" * 1000)] * 50_000

#: A call of each kind, by its name.
CALLS = {
    "get": lambda client: client.get("a", timeout=0.2),
    "create": lambda client: client.create(ANN, timeout=0.2),
    "update": lambda client: client.update(Customer("a", 1), timeout=0.2),
    "delete": lambda client: client.delete("a", timeout=0.2),
    "pages": lambda client: list(client.customers(timeout=0.2)),
    "batch_get": lambda client: client.batch_get(["a"], timeout=0.2),
    "search": lambda client: client.search("a", timeout=0.2),
    "status": lambda client: client.status(timeout=0.2),
    "settings": lambda client: client.settings(timeout=0.2),
    "edit": lambda client: client.edit("a", lambda customer: None, timeout=0.2),
    "export": lambda client: list(client.export(timeout=0.2)),
    "watch": lambda client: next(client.watch(timeout=0.2)),
    "back_up": lambda client: list(client.back_up(timeout=0.2)),
    "import": lambda client: list(client.import_customers([ANN], timeout=0.2)),
    "import that is not read": lambda client: list(
        client.import_customers(MANY, batch_rows=10_000, timeout=0.5)
    ),
}


class FullListener:
    """Listens and accepts nothing, with as many in its queue as go in."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self._folder.name, "s")
        self._sockets = [socket.socket(socket.AF_UNIX)]
        self._sockets[0].bind(self.path)
        self._sockets[0].listen(1)
        for _ in range(100):
            self._sockets.append(socket.socket(socket.AF_UNIX))
            self._sockets[-1].setblocking(False)
            try:
                self._sockets[-1].connect(self.path)
            except BlockingIOError:
                return
        raise AssertionError("the queue has no end")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for each in self._sockets:
            each.close()
        self._folder.cleanup()


class DeadlineTests(unittest.TestCase):
    def assert_ends(self, call, client, within=3.0):
        start = time.monotonic()
        with self.assertRaises(DeadlineExceeded):
            call(client)
        self.assertLess(time.monotonic() - start, within)

    def test_a_server_that_never_answers_holds_up_no_call(self):
        for name, call in CALLS.items():
            is_over = threading.Event()
            # It reads nothing either.
            with self.subTest(name), FakeServer(lambda peer: is_over.wait(10)) as server:
                with CustomerClient(server.path) as client:
                    self.assert_ends(call, client)
                is_over.set()

    def test_a_full_queue_holds_up_no_call(self):
        with FullListener() as listener, CustomerClient(listener.path) as client:
            for name, call in CALLS.items():
                with self.subTest(name):
                    self.assert_ends(call, client)

    def test_a_full_queue_is_waited_for_until_the_deadline(self):
        with FullListener() as listener, CustomerClient(listener.path) as client:
            with mock.patch("customers.channel.CONNECT_SECONDS_MAX", 0.05):
                start = time.monotonic()
                with self.assertRaises(DeadlineExceeded):
                    client.get("a", timeout=0.3)
                self.assertGreater(time.monotonic() - start, 0.2)

    def test_connecting_without_a_deadline_ends_at_its_limit(self):
        with FullListener() as listener, CustomerClient(listener.path) as client:
            with mock.patch("customers.channel.CONNECT_SECONDS_MAX", 0.1):
                with self.assertRaisesRegex(Unavailable, "takes no more connections now"):
                    client.watch()

    def test_waiting_for_a_daemon_ends_where_none_answers(self):
        with FullListener() as listener, CustomerClient(listener.path) as client:
            start = time.monotonic()
            with self.assertRaises(Unavailable):
                client.wait_until_ready(timeout=0.2)
            self.assertLess(time.monotonic() - start, 3)

    def test_closing_ends_a_call_that_waits_to_connect(self):
        with FullListener() as listener, CustomerClient(listener.path) as client:
            threading.Timer(0.1, client.close).start()
            with self.assertRaises(Cancelled):
                client.watch()


class StoppedDaemonTests(DaemonTestCase):
    """The real daemon, stopped by SIGSTOP: the kernel still takes connections and bytes for it."""

    def test_every_call_ends_at_its_deadline_and_works_again_afterwards(self):
        ann = self.client.create(ANN)
        watch = self.client.watch(timeout=0.5)
        self.daemon.pause()
        try:
            for name, call in {**CALLS, "open watch": lambda client: next(watch)}.items():
                with self.subTest(name):
                    start = time.monotonic()
                    with self.assertRaises(DeadlineExceeded):
                        call(self.client)
                    self.assertLess(time.monotonic() - start, 3)
        finally:
            self.daemon.go_on()
        self.assertEqual(self.client.get(ann.customer_id), ann)
