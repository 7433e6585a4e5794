"""Calls that stream, against a server that says what each test wants."""

import threading
import time
import unittest
from unittest import mock

from customers import (
    Cancelled,
    Change,
    Customer,
    CustomerClient,
    DataLoss,
    DeadlineExceeded,
    Failed,
    ImportMode,
    ImportResult,
    Invalid,
    ProtocolError,
    ResourceExhausted,
    Unavailable,
    decode,
    encode,
)
from customers.envelope import Request, Response
from customers.messages import (
    BackUpStoreResponse,
    ExportCustomersResponse,
    ImportCustomersRequest,
    ImportCustomersResponse,
    WatchCustomersRequest,
)
from customers.well_known import Status

from .support import FakeServer, PeerFrame

REQUEST, RESPONSE, DATA = 1, 2, 3
END = PeerFrame(1, DATA, 0x05, b"")
ANN, BOB = Customer("a"), Customer("b")


def data(message, flags=0):
    """A message in a frame of its own."""
    return PeerFrame(1, DATA, flags, encode(message))


def ending(status=None, payload=b""):
    """A response, which ends a stream."""
    return PeerFrame(1, RESPONSE, 0, encode(Response(status, payload)))


def sending(*frames):
    """Sends frames after the request, then waits for the client to close."""

    def conversation(peer):
        peer.receive()
        peer.send(*frames)
        assert peer.is_closed()

    return conversation


def page(*customers, token=""):
    return ExportCustomersResponse(list(customers), token)


class ServerStreamTests(unittest.TestCase):
    def exported(self, *frames):
        """The ids that an export gives for the frames of a server."""
        with FakeServer(sending(*frames)) as server, CustomerClient(server.path) as client:
            return [customer.customer_id for customer in client.export()]

    def assert_fails(self, error_type, text, *frames):
        """The frames give Ann, then an error."""
        with FakeServer(sending(data(page(ANN)), *frames)) as server:
            with CustomerClient(server.path) as client:
                export = client.export()
                self.assertEqual(next(export), ANN)
                with self.assertRaises(error_type) as caught:
                    next(export)
                self.assertEqual(caught.exception.message, text)
                self.assertEqual(list(export), [])

    def test_the_request_says_that_nothing_follows(self):
        frames = []

        def conversation(peer):
            frames.append(peer.receive())
            peer.send(data(page(ANN, token="t")), END)

        with FakeServer(conversation) as server, CustomerClient(server.path) as client:
            export = client.export('lastName = "x"')
            self.assertEqual(list(export), [ANN])
            self.assertEqual(export.resume_token, "t")
        self.assertEqual(frames[0][:3], (1, REQUEST, 0x01))
        request = decode(Request, frames[0].data)
        self.assertEqual((request.method, request.timeout_nano), ("ExportCustomers", 0))

    def test_all_good_ends_of_the_protocol_page(self):
        for name, frames in {
            "data that says it": [data(page(ANN)), END],
            "a last message that says it": [data(page(ANN), 0x01)],
            "a response without a message": [data(page(ANN)), ending()],
            "a response with the last message": [ending(payload=encode(page(ANN)))],
            "messages without customers": [data(page()), data(page(ANN)), data(page()), END],
            "frames without a message": [PeerFrame(1, DATA, 4, b""), data(page(ANN)), END],
        }.items():
            with self.subTest(name):
                self.assertEqual(self.exported(*frames), ["a"])

    def test_a_frame_without_a_message_is_no_empty_one(self):
        with FakeServer(sending(PeerFrame(1, DATA, 4, b""), data(Change()), END)) as server:
            with CustomerClient(server.path) as client:
                self.assertEqual(list(client.watch()), [Change()])

    def test_failures_come_after_what_came_before(self):
        self.assert_fails(Failed, "broken", ending(Status(13, "broken")))
        self.assert_fails(ProtocolError, "frame type 64 instead of a message",
                          PeerFrame(1, 0x40, 0, b""))
        self.assert_fails(ProtocolError, "1 bytes in a frame that says it has none",
                          PeerFrame(1, DATA, 5, b"a"))
        self.assert_fails(ProtocolError,
                          "message can't be read: byte 1: bytes end within a number",
                          PeerFrame(1, DATA, 0, b"\x0a"))

    def test_a_connection_that_ends_is_no_good_end(self):
        def leaving(peer):
            peer.receive()
            peer.send(data(page(ANN)))

        with FakeServer(leaving) as server, CustomerClient(server.path) as client:
            export = client.export()
            self.assertEqual(next(export), ANN)
            self.assertRaises(Unavailable, next, export)

    def test_a_deadline_ends_a_stream(self):
        with FakeServer(sending(data(page(ANN)))) as server, CustomerClient(server.path) as client:
            export = client.export(timeout=0.2)
            self.assertEqual(next(export), ANN)
            self.assertRaises(DeadlineExceeded, next, export)

    def test_a_backup_of_another_size_than_it_says_is_none(self):
        for total, frames in [(6, [END]), (4, [data(BackUpStoreResponse(b"de", 4))])]:
            first = data(BackUpStoreResponse(b"abc", total))
            with FakeServer(sending(first, *frames)) as server:
                with CustomerClient(server.path) as client:
                    backup = client.back_up()
                    self.assertEqual((next(backup), backup.total_bytes), (b"abc", total))
                    with self.assertRaises(DataLoss) as caught:
                        next(backup)
            received = 3 if total == 6 else 5
            expected = f"backup has {received} of {total} bytes"
            self.assertEqual(caught.exception.message, expected)


class GivingUpTests(unittest.TestCase):
    """The server's `is_closed` in `sending` is what these tests wait for."""

    def test_leaving_the_block_or_letting_go_reaches_the_server(self):
        for leave in ("close", "with", "del"):
            with FakeServer(sending(data(page(ANN, BOB)))) as server:
                client = CustomerClient(server.path)
                export = client.export()
                next(export)
                if leave == "close":
                    export.close()
                    self.assertEqual(list(export), [])
                elif leave == "with":
                    with export:
                        pass
                else:
                    del export

    def test_another_thread_ends_a_loop_that_waits(self):
        with FakeServer(sending(data(page(ANN)))) as server, CustomerClient(server.path) as client:
            export = client.export()
            self.assertEqual(next(export), ANN)
            threading.Timer(0.1, export.close).start()
            self.assertEqual(list(export), [])

    def test_closing_the_client_ends_a_stream_with_an_error(self):
        with FakeServer(sending(data(page(ANN)))) as server:
            client = CustomerClient(server.path)
            export = client.export()
            self.assertEqual(next(export), ANN)
            threading.Timer(0.1, client.close).start()
            self.assertRaises(Cancelled, next, export)


class WatchTests(unittest.TestCase):
    def changes(self, *tokens):
        return [data(Change(token, Change.Kind.UPDATED)) for token in tokens]

    def conversation(self, requests, *frames):
        """Notes the request, sends frames and closes."""

        def talk(peer):
            request = decode(Request, peer.receive().data)
            requests.append(decode(WatchCustomersRequest, request.payload))
            peer.send(*frames)

        return talk

    def test_a_watch_goes_on_behind_the_last_change(self):
        requests = []
        conversations = [
            self.conversation(requests, *self.changes("1", "2")),
            self.conversation(requests),
            self.conversation(requests, ending(Status(14, "stopping"))),
            self.conversation(requests, *self.changes("3"), END),
        ]
        with FakeServer(*conversations) as server, CustomerClient(server.path) as client:
            watch = client.watch(from_start=True, customer_id="a")
            tokens = [change.resume_token for change in watch]
        self.assertEqual(tokens, ["1", "2", "3"])
        self.assertEqual(watch.resume_token, "3")
        first = WatchCustomersRequest("", True, False, "a")
        later = WatchCustomersRequest("2", False, False, "a")
        self.assertEqual(requests, [first, later, later, later])

    def test_a_watch_that_has_no_token_yet_does_not_go_on(self):
        with FakeServer(self.conversation([])) as server, CustomerClient(server.path) as client:
            watch = client.watch()
            self.assertRaises(Unavailable, next, watch)

    def test_a_server_that_does_not_come_back_is_given_up(self):
        with mock.patch("customers.streams.RECONNECT_SECONDS", 0.3), \
             mock.patch("customers.channel.RECONNECT_SECONDS", 0.3):
            with FakeServer(self.conversation([], *self.changes("1"))) as server:
                client = CustomerClient(server.path)
                watch = client.watch()
                next(watch)
                server.stop_listening()
                begin = time.monotonic()
                self.assertRaises(Unavailable, next, watch)
                self.assertLess(time.monotonic() - begin, 3)


class ImportTests(unittest.TestCase):
    def results(self, count):
        """The response to a batch of so many rows."""
        results = [ImportResult(ImportResult.Outcome.CREATED) for _ in range(count)]
        return data(ImportCustomersResponse(results))

    def test_the_frames_of_an_import(self):
        frames = []

        def conversation(peer):
            frames.append(peer.receive())
            for count in (2, 1):
                frames.append(peer.receive())
                peer.send(self.results(count))
            frames.append(peer.receive())
            peer.send(END)

        with FakeServer(conversation) as server, CustomerClient(server.path) as client:
            rows = [Customer("a"), Customer("b"), Customer("c")]
            results = list(client.import_customers(
                rows, mode=ImportMode.CREATE, match="emailAddress", batch_rows=2))
        self.assertEqual(len(results), 3)
        self.assertEqual([frame[:3] for frame in frames],
                         [(1, REQUEST, 0x06), (1, DATA, 0), (1, DATA, 0), (1, DATA, 0x05)])
        self.assertEqual(decode(Request, frames[0].data).payload, b"")
        first = ImportCustomersRequest(ImportMode.CREATE, "emailAddress", rows[:2])
        self.assertEqual(decode(ImportCustomersRequest, frames[1].data), first)
        self.assertEqual(frames[3].data, b"")

    def test_an_import_of_nothing(self):
        def conversation(peer):
            peer.receive()
            self.assertEqual(peer.receive()[:3], (1, DATA, 0x05))
            peer.send(END)

        with FakeServer(conversation) as server, CustomerClient(server.path) as client:
            self.assertEqual(list(client.import_customers([])), [])

    def test_batches_stay_under_the_limit_of_bytes(self):
        counts = []

        def conversation(peer):
            peer.receive()
            while True:
                frame = peer.receive()
                if frame.flags:
                    break
                self.assertLess(len(frame.data), 4 << 20)
                counts.append(len(decode(ImportCustomersRequest, frame.data).customers))
                peer.send(self.results(counts[-1]))
            peer.send(END)

        with FakeServer(conversation) as server, CustomerClient(server.path) as client:
            rows = (Customer(first_name="a" * 300_000) for _ in range(10))
            self.assertEqual(len(list(client.import_customers(rows))), 10)
        self.assertEqual(counts, [3, 3, 3, 1])

    def test_sending_goes_on_while_the_server_sends(self):
        """Each side sends more than the socket holds before the server reads."""
        answer = ImportCustomersResponse([ImportResult(customer_id="x" * 3_000_000)])

        def conversation(peer):
            peer.receive()
            peer.receive()
            peer.send(data(answer))
            peer.receive()
            peer.send(data(answer))
            peer.receive()
            peer.send(END)

        with FakeServer(conversation) as server, CustomerClient(server.path) as client:
            rows = [Customer(first_name="a" * 3_000_000), Customer(first_name="b" * 3_000_000)]
            self.assertEqual(len(list(client.import_customers(rows, timeout=10))), 2)

    def test_a_server_that_only_sends_is_left(self):
        def conversation(peer):
            peer.receive()
            try:
                while True:
                    peer.socket.sendall(data(ImportCustomersResponse()).encoded() * 10_000)
            except ConnectionError:
                pass

        with FakeServer(conversation) as server, CustomerClient(server.path) as client:
            rows = [Customer(first_name="a" * 3_000_000)]
            self.assertRaises(ProtocolError, list, client.import_customers(rows, timeout=20))

    def test_an_error_of_the_server_arrives_though_it_leaves_while_we_send(self):
        def conversation(peer):
            peer.receive()
            peer.send(ending(Status(3, "no such mode")))

        with FakeServer(conversation) as server, CustomerClient(server.path) as client:
            rows = [Customer(first_name="a" * 3_000_000)]
            with self.assertRaisesRegex(Invalid, "no such mode"):
                list(client.import_customers(rows))

    def test_results_that_do_not_fit_the_rows_are_refused(self):
        def conversation(peer):
            for _ in range(3):
                peer.receive()
            peer.send(self.results(2))

        with FakeServer(conversation) as server, CustomerClient(server.path) as client:
            with self.assertRaisesRegex(ProtocolError, "^2 results for 1 rows;"):
                list(client.import_customers([ANN]))

    def test_results_that_nobody_waits_for_are_refused(self):
        def conversation(peer):
            for _ in range(3):
                peer.receive()
            peer.send(self.results(1), self.results(0))

        with FakeServer(conversation) as server, CustomerClient(server.path) as client:
            with self.assertRaisesRegex(ProtocolError, "^0 results that nobody waits for;"):
                list(client.import_customers([ANN]))

    def test_an_end_before_all_results_is_refused(self):
        def conversation(peer):
            for _ in range(3):
                peer.receive()
            peer.send(END)

        with FakeServer(conversation) as server, CustomerClient(server.path) as client:
            with self.assertRaisesRegex(ProtocolError, "ended before all results had come"):
                list(client.import_customers([ANN]))

    def test_an_error_of_the_rows_themselves_ends_the_import(self):
        def rows():
            yield ANN
            raise KeyError("row 2")

        with FakeServer(lambda peer: peer.receive()) as server:
            with CustomerClient(server.path) as client:
                self.assertRaises(KeyError, list, client.import_customers(rows()))

    def test_rows_that_cannot_be_sent(self):
        with FakeServer(lambda peer: peer.receive()) as server:
            with CustomerClient(server.path) as client:
                rows = [Customer(first_name="a" * (4 << 20))]
                self.assertRaises(ResourceExhausted, list, client.import_customers(rows))
                with self.assertRaisesRegex(ValueError, "batch of 0 rows is under the limit of 1"):
                    client.import_customers([], batch_rows=0)
