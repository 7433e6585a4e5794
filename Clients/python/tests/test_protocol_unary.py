"""Calls with one answer, against a server that says what each test wants."""

import math
import threading
import time
import unittest
from dataclasses import replace
from unittest import mock

from customers import (
    Cancelled,
    Conflict,
    Customer,
    CustomerClient,
    DeadlineExceeded,
    Failed,
    NotFound,
    Outcome,
    ProtocolError,
    ResourceExhausted,
    Unavailable,
    decode,
    encode,
)
from customers.envelope import Request, Response
from customers.messages import CreateCustomerRequest, GetCustomerRequest
from customers.well_known import (
    CallFailure,
    CallOutcome,
    Duration,
    ErrorInfo,
    RetryInfo,
    Status,
)

from .support import FakeServer, Peer, PeerFrame, packed

REQUEST, RESPONSE, DATA = 1, 2, 3
ANN = Customer("a", 1, first_name="Ann")
UNDONE = packed(CallFailure(CallOutcome.CALL_OUTCOME_UNDONE))


def answer(frame, message=ANN, status=None):
    """The response to a request."""
    payload = encode(message) if status is None else b""
    return PeerFrame(frame.stream_id, RESPONSE, 0, encode(Response(status, payload)))


def answering(count, message=ANN):
    """Answers so many calls, then waits for the client to close."""

    def conversation(peer: Peer) -> None:
        for _ in range(count):
            peer.send(answer(peer.receive(), message))
        assert peer.is_closed()

    return conversation


def failing(status):
    """Answers one call with a status, then waits for the client to close."""

    def conversation(peer: Peer) -> None:
        peer.send(answer(peer.receive(), status=status))
        assert peer.is_closed()

    return conversation


def leaving(peer: Peer) -> None:
    """Reads one call and closes."""
    peer.receive()


class RequestTests(unittest.TestCase):
    def test_calls_count_their_streams_upwards_on_one_connection(self):
        frames = []

        def conversation(peer):
            for _ in range(3):
                frames.append(peer.receive())
                peer.send(answer(frames[-1]))

        with FakeServer(conversation) as server, CustomerClient(server.path) as client:
            for _ in range(3):
                self.assertEqual(client.get("a", 2, timeout=2), ANN)
        self.assertEqual([frame[:3] for frame in frames], [(1, 1, 0), (3, 1, 0), (5, 1, 0)])
        request = decode(Request, frames[0].data)
        self.assertEqual(request.service, "customers.v1.CustomerService")
        self.assertEqual(request.method, "GetCustomer")
        self.assertEqual(decode(GetCustomerRequest, request.payload), GetCustomerRequest("a", 2))
        self.assertGreater(request.timeout_nano, 1_000_000_000)
        self.assertLessEqual(request.timeout_nano, 2_000_000_000)
        self.assertEqual(request.metadata, [])

    def test_no_limit_is_said_as_none(self):
        requests = []

        def conversation(peer):
            for _ in range(2):
                frame = peer.receive()
                requests.append(decode(Request, frame.data))
                peer.send(answer(frame))

        with FakeServer(conversation) as server, CustomerClient(server.path) as client:
            client.get("a", timeout=math.inf)
            client.get("a", timeout=1e300)
        self.assertEqual([it.timeout_nano for it in requests], [0, (1 << 63) - 1])

    def test_a_connection_whose_ids_are_used_up_is_replaced(self):
        with mock.patch("customers.connection.STREAM_ID_MAX", 3):
            with FakeServer(answering(2), answering(1)) as server:
                with CustomerClient(server.path) as client:
                    for _ in range(3):
                        client.get("a")

    def test_a_request_that_is_too_large_is_not_sent(self):
        with FakeServer(lambda peer: self.assertTrue(peer.is_closed())) as server:
            with CustomerClient(server.path) as client:
                with self.assertRaisesRegex(ResourceExhausted, "over the limit of 4194304"):
                    client.create(Customer(first_name="a" * (4 << 20)))


class AnswerTests(unittest.TestCase):
    def assert_refused(self, error_type, text, data):
        """The bytes end a call with an error and the connection; the next has another."""

        def conversation(peer):
            peer.receive()
            peer.socket.sendall(data)
            self.assertTrue(peer.is_closed())

        with FakeServer(conversation, answering(1)) as server:
            with CustomerClient(server.path) as client:
                with self.assertRaises(error_type) as caught:
                    client.create(ANN)
                self.assertEqual(caught.exception.message, text)
                self.assertEqual(client.get("a"), ANN)

    def test_an_answer_may_come_byte_by_byte(self):
        def conversation(peer):
            for byte in answer(peer.receive()).encoded():
                peer.socket.sendall(bytes([byte]))
                time.sleep(0.001)

        with FakeServer(conversation) as server, CustomerClient(server.path) as client:
            self.assertEqual(client.get("a"), ANN)

    def test_the_largest_answer_is_read_and_a_larger_one_is_refused(self):
        largest = Customer(first_name="a" * ((4 << 20) - 16))

        with FakeServer(answering(1, largest)) as server, CustomerClient(server.path) as client:
            self.assertEqual(client.get("a"), largest)
        self.assert_refused(
            ResourceExhausted,
            "stream 1: frame of 4194305 bytes is over the limit of 4194304",
            bytes.fromhex("00 40 00 01 00 00 00 01 02 00"),
        )

    def test_frames_of_streams_that_are_over_are_passed_over(self):
        def conversation(peer):
            first = peer.receive()
            peer.send(answer(first), answer(first), PeerFrame(1, DATA, 1, b"late"))
            second = peer.receive()
            stranger = PeerFrame(99, 0x40, 0xFF, b"?")
            peer.send(PeerFrame(1, DATA, 0, b"late"), stranger, answer(second, Customer("b")))

        with FakeServer(conversation) as server, CustomerClient(server.path) as client:
            self.assertEqual(client.get("a"), ANN)
            with mock.patch("customers.connection.Connection.is_usable", True):
                self.assertEqual(client.get("b").customer_id, "b")

    def test_a_connection_on_which_something_came_unasked_is_not_used_again(self):
        def conversation(peer):
            peer.send(answer(peer.receive()))
            peer.send(PeerFrame(1, DATA, 0, b"late"))
            self.assertTrue(peer.is_closed())

        with FakeServer(conversation, answering(1)) as server:
            with CustomerClient(server.path) as client:
                client.get("a")
                time.sleep(0.1)
                client.create(ANN)

    def test_what_is_no_frame_and_no_response_is_refused(self):
        self.assert_refused(
            ProtocolError,
            "first byte of a frame is 1, not 0",
            bytes.fromhex("01 00 00 00 00 00 00 01 02 00"),
        )
        self.assert_refused(
            ProtocolError,
            "frame type 3 instead of the response",
            PeerFrame(1, DATA, 0, b"").encoded(),
        )
        self.assert_refused(
            ProtocolError,
            "frame type 64 instead of the response",
            PeerFrame(1, 0x40, 0, b"").encoded(),
        )
        self.assert_refused(
            ProtocolError,
            "response can't be read: byte 1: bytes end within a number",
            PeerFrame(1, RESPONSE, 0, b"\x0a").encoded(),
        )

    def test_a_message_that_is_none_is_refused(self):
        def conversation(peer):
            frame = peer.receive()
            peer.send(PeerFrame(frame.stream_id, RESPONSE, 0, encode(Response(payload=b"\x0a"))))

        with FakeServer(conversation) as server, CustomerClient(server.path) as client:
            with self.assertRaises(ProtocolError) as caught:
                client.get("a")
            self.assertEqual(caught.exception.code, 13)

    def test_an_empty_answer_is_the_empty_message(self):
        with FakeServer(answering(1, Customer())) as server, CustomerClient(server.path) as client:
            self.assertEqual(client.get("a"), Customer())

    def test_statuses_arrive_as_errors_and_leave_the_connection(self):
        details = [packed(ErrorInfo("VERSION_MISMATCH", "customers.v1")), packed(ANN)]
        statuses = [Status(5, "none"), Status(10, "moved", details), Status(77, "new"), Status(0)]

        def conversation(peer):
            for status in statuses:
                peer.send(answer(peer.receive(), status=status))

        with FakeServer(conversation) as server, CustomerClient(server.path) as client:
            self.assertRaises(NotFound, client.get, "a")
            with self.assertRaises(Conflict) as caught:
                client.update(ANN)
            self.assertEqual(caught.exception.current, ANN)
            with self.assertRaises(Failed) as caught:
                client.get("a")
            self.assertEqual((caught.exception.code, caught.exception.message), (77, "new"))
            self.assertEqual(client.get("a"), Customer())


class LossTests(unittest.TestCase):
    def test_a_repeatable_call_is_made_again(self):
        with FakeServer(leaving, leaving, answering(1)) as server:
            with CustomerClient(server.path) as client:
                self.assertEqual(client.get("a"), ANN)

    def test_it_is_not_made_again_for_ever(self):
        with FakeServer(leaving, leaving, leaving, leaving) as server:
            with CustomerClient(server.path) as client, self.assertRaises(Unavailable) as caught:
                client.get("a")
        # It only reads: nothing of it stays.
        self.assertIs(caught.exception.outcome, Outcome.UNDONE)

    def test_a_call_that_may_have_written_is_not_made_again(self):
        with FakeServer(leaving, answering(1)) as server:
            with CustomerClient(server.path) as client:
                with self.assertRaises(Unavailable) as caught:
                    client.create(ANN)
                self.assertIs(caught.exception.outcome, Outcome.PERHAPS_DONE)
                client.get("a")

    def test_a_creation_whose_id_is_made_here_is_made_once(self):
        names = []

        def creating(peer):
            payload = decode(Request, peer.receive().data).payload
            names.append(decode(CreateCustomerRequest, payload))

        def answering_again(peer):
            frame = peer.receive()
            names.append(decode(CreateCustomerRequest, decode(Request, frame.data).payload))
            peer.send(answer(frame, status=Status(6, "it is there", [UNDONE])))
            frame = peer.receive()
            request = decode(GetCustomerRequest, decode(Request, frame.data).payload)
            peer.send(answer(frame, Customer(request.customer_id, request.version)))

        with FakeServer(creating, answering_again) as server:
            with CustomerClient(server.path) as client:
                created = client.create(Customer(first_name="Ann"))
        self.assertEqual(names[0], names[1])
        self.assertEqual(created, Customer(names[0].customer.customer_id, 1))
        # RFC 9562, 5.7: version 7, variant 10.
        self.assertRegex(created.customer_id, "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]")

    def assert_update(self, current, outcome, customer, mask=None):
        """An update's answer is lost, and the second attempt runs into the current customer."""
        refused = Status(10, "moved on", [packed(current), UNDONE])
        with FakeServer(leaving, failing(refused)) as server:
            with CustomerClient(server.path) as client:
                if outcome is None:
                    self.assertEqual(client.update(customer, mask), current)
                    return
                with self.assertRaises(Conflict) as caught:
                    client.update(customer, mask)
                self.assertIs(caught.exception.outcome, outcome)

    def test_a_change_that_rests_on_a_version_is_made_once(self):
        sent = Customer("a", 1, first_name="Anna", attributes={"tier": "gold"})
        written = Customer("a", 2, "Anna", "Lee", attributes={"tier": "gold", "since": "2026"})
        self.assert_update(written, None, sent, ["first_name", "attributes.tier"])
        self.assert_update(replace(written, first_name="Annie"), Outcome.PERHAPS_DONE, sent,
                           ["first_name"])
        self.assert_update(replace(written, version=3), Outcome.PERHAPS_DONE, sent, ["first_name"])
        self.assert_update(Customer("a", 2, "Anna"), None, Customer("a", 1, "Anna"))
        self.assert_update(Customer("a", 2, "Bob"), Outcome.PERHAPS_DONE, Customer("a", 1, "Anna"))

    def test_a_change_that_rests_on_none_is_not_made_again(self):
        with FakeServer(leaving) as server, CustomerClient(server.path) as client:
            with self.assertRaises(Unavailable) as caught:
                client.update(Customer("a", first_name="Ann"))
            self.assertIs(caught.exception.outcome, Outcome.PERHAPS_DONE)

    def test_a_deletion_that_rests_on_a_version_is_made_once(self):
        info = ErrorInfo("DELETED", metadata={"deletedAtVersion": "4"})
        gone = Status(5, "gone", [packed(info), UNDONE])
        with FakeServer(leaving, failing(gone)) as server, CustomerClient(server.path) as client:
            self.assertEqual(client.delete("a", 3), 4)
        with FakeServer(leaving, failing(gone)) as server, CustomerClient(server.path) as client:
            with self.assertRaises(NotFound) as caught:
                client.delete("a", 2)
            self.assertIs(caught.exception.outcome, Outcome.PERHAPS_DONE)

    def test_what_was_never_begun_is_made_again(self):
        stopping = Status(14, "server is stopping", [packed(CallFailure(CallOutcome(1)))])
        with FakeServer(failing(stopping), answering(1)) as server:
            with CustomerClient(server.path) as client:
                self.assertEqual(client.create(ANN), ANN)

    def test_a_limit_is_told_and_not_run_against(self):
        never = packed(CallFailure(CallOutcome(1)))
        full = Status(14, "too many connections", [packed(RetryInfo(Duration(1))), never])
        with FakeServer(failing(full)) as server, CustomerClient(server.path) as client:
            with self.assertRaises(Unavailable) as caught:
                client.create(ANN)
            self.assertIs(caught.exception.outcome, Outcome.NEVER_BEGUN)

    def test_a_connection_that_was_lost_while_idle_is_noticed_before_a_write(self):
        def answering_once(peer):
            peer.send(answer(peer.receive()))

        with FakeServer(answering_once, answering(1)) as server:
            with CustomerClient(server.path) as client:
                client.get("a")
                time.sleep(0.1)
                client.create(ANN)

    def test_a_server_that_stops_is_asked_again(self):
        closed = Status(14, "closed", [packed(ErrorInfo("SHUTTING_DOWN", "customers.v1"))])
        for status in (Status(14, "stopping"), closed):
            with FakeServer(failing(status), answering(1)) as server:
                with CustomerClient(server.path) as client:
                    self.assertEqual(client.get("a"), ANN)

    def test_what_the_service_says_is_not_asked_again(self):
        locked = packed(ErrorInfo("DATABASE_LOCKED", "customers.v1"))
        with FakeServer(failing(Status(14, "locked", [locked]))) as server:
            with CustomerClient(server.path) as client, self.assertRaises(Unavailable) as caught:
                client.get("a")
        self.assertEqual(caught.exception.reason, "DATABASE_LOCKED")


class DeadlineTests(unittest.TestCase):
    def test_a_server_that_does_not_answer_is_given_up_in_time(self):
        def silent(peer):
            peer.receive()
            self.assertTrue(peer.is_closed())

        with FakeServer(silent, answering(1)) as server, CustomerClient(server.path) as client:
            begin = time.monotonic()
            with self.assertRaises(DeadlineExceeded) as caught:
                client.get("a", timeout=0.2)
            self.assertLess(time.monotonic() - begin, 2)
            self.assertGreaterEqual(time.monotonic() - begin, 0.2)
            self.assertEqual(caught.exception.message, "no answer within 0.2 s")
            self.assertEqual(client.get("a"), ANN)

    def test_frames_of_other_streams_put_nothing_off(self):
        def chattering(peer):
            peer.receive()
            try:
                while True:
                    peer.send(PeerFrame(99, DATA, 0, b""))
            except ConnectionError:
                pass

        with FakeServer(chattering) as server, CustomerClient(server.path) as client:
            self.assertRaises(DeadlineExceeded, client.get, "a", timeout=0.2)

    def test_time_that_is_over_makes_no_call(self):
        with CustomerClient("/nowhere") as client:
            for timeout in (0, -1, -math.inf):
                self.assertRaises(DeadlineExceeded, client.get, "a", timeout=timeout)
            with self.assertRaises(ValueError):
                client.get("a", timeout=math.nan)

    def test_calls_over_the_limit_wait_for_their_turn(self):
        may_answer = threading.Event()

        def slow(peer):
            frame = peer.receive()
            may_answer.wait(10)
            peer.send(answer(frame))
            peer.send(answer(peer.receive()))

        with mock.patch("customers.channel.CALLS_MAX", 1):
            with FakeServer(slow) as server, CustomerClient(server.path) as client:
                thread = threading.Thread(target=client.get, args=["a"])
                thread.start()
                time.sleep(0.1)
                self.assertRaises(DeadlineExceeded, client.get, "b", timeout=0.1)
                may_answer.set()
                client.get("b")
                thread.join()


class CloseTests(unittest.TestCase):
    def test_closing_the_client_ends_a_call_that_waits(self):
        has_arrived = threading.Event()

        def silent(peer):
            peer.receive()
            has_arrived.set()
            self.assertTrue(peer.is_closed())

        def close():
            has_arrived.wait(10)
            client.close()

        with FakeServer(silent) as server:
            client = CustomerClient(server.path)
            threading.Thread(target=close).start()
            with self.assertRaises(Cancelled) as caught:
                client.get("a")
            self.assertEqual(caught.exception.message, "client was closed")
            self.assertRaises(Cancelled, client.get, "a")

    def test_no_more_connections_are_kept_than_the_limit(self):
        everyone = threading.Barrier(3)

        def meeting(peer):
            frame = peer.receive()
            everyone.wait(10)
            peer.send(answer(frame))
            self.assertTrue(peer.is_closed())

        with mock.patch("customers.channel.IDLE_CONNECTIONS_MAX", 1):
            with FakeServer(meeting, meeting, meeting) as server:
                client = CustomerClient(server.path)
                threads = [threading.Thread(target=client.get, args=["a"]) for _ in range(3)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                self.assertEqual(len(client._channel._idle), 1)
                client.close()
