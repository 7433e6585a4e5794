"""Calls with one answer, against the real daemon."""

import os
import signal
import threading
import time

from customers import (
    Address,
    AlreadyExists,
    Conflict,
    Customer,
    CustomerClient,
    DeadlineExceeded,
    Invalid,
    NotFound,
    PhoneNumber,
    ResourceExhausted,
    Violation,
)

from .support import DaemonTestCase

MISSING = "0198c0de-0000-7000-8000-000000000001"


class RecordTests(DaemonTestCase):
    def test_a_customer_is_stored_as_it_was_sent(self):
        sent = Customer(
            first_name="Zoë",
            last_name="O'Neil",
            email_address="zoe@example.com",
            phones=[PhoneNumber(type=PhoneNumber.Kind.Mobile, country="AU",
                                number_international="+61491570006")],
            addresses=[Address(address1="1 Queen Street", postcode="0800", country="AU")],
            attributes={"tier": "gold", "\U0001f600": ""},
        )
        stored = self.client.create(sent)
        self.assertEqual((stored.version, stored.display_name), (1, "Zoë O'Neil"))
        self.assertEqual(len(stored.customer_id), 36)
        self.assertEqual(stored.phones[0].number_international, "+61491570006")
        self.assertIs(stored.phones[0].type, PhoneNumber.Kind.Mobile)
        self.assertEqual(stored.addresses[0].postcode, "0800")
        self.assertEqual(stored.attributes, sent.attributes)
        self.assertLess(abs(stored.create_time.to_datetime().timestamp() - time.time()), 60)
        self.assertEqual(self.client.get(stored.customer_id), stored)

    def test_an_update_changes_what_is_set_or_named(self):
        first = self.client.create(Customer(first_name="Ann", attributes={"a": "1", "b": "2"}))
        second = self.client.update(Customer(first.customer_id, 1, last_name="Lee"))
        self.assertEqual((second.version, second.first_name), (2, "Ann"))
        mask = ["last_name", "attributes.a"]
        third = self.client.update(Customer(first.customer_id), mask)
        self.assertEqual((third.version, third.last_name, third.attributes), (3, "", {"b": "2"}))
        self.assertEqual(self.client.update(third, ["*"]), third)
        self.assertEqual(self.client.get(first.customer_id, 1), first)

    def test_a_conflict_carries_what_the_customer_is_now(self):
        stored = self.client.create(Customer(first_name="Ann"))
        now = self.client.update(Customer(stored.customer_id, first_name="Anna"))
        with self.assertRaises(Conflict) as caught:
            self.client.update(Customer(stored.customer_id, 1, last_name="Lee"))
        self.assertEqual(caught.exception.current, now)
        self.assertEqual(caught.exception.reason, "VERSION_MISMATCH")
        self.assertRaises(Conflict, self.client.delete, stored.customer_id, 1)

    def test_a_deleted_customer_is_not_found_and_comes_back(self):
        stored = self.client.create(Customer(first_name="Ann"))
        self.assertEqual(self.client.delete(stored.customer_id, 1), 2)
        with self.assertRaises(NotFound) as caught:
            self.client.get(stored.customer_id)
        self.assertEqual(caught.exception.deleted_at_version, 2)
        past = self.client.get(stored.customer_id, 1)
        past.version = 0
        back = self.client.update(past, allow_missing=True)
        self.assertEqual((back.version, back.first_name), (3, "Ann"))
        with self.assertRaises(NotFound) as caught:
            self.client.get(MISSING)
        self.assertIsNone(caught.exception.deleted_at_version)

    def test_all_broken_rules_are_named(self):
        with self.assertRaises(Invalid) as caught:
            self.client.create(Customer(first_name="a" * 257, email_address="nobody"))
        self.assertEqual([it.field for it in caught.exception.violations],
                         ["firstName", "emailAddress"])
        self.assertIsInstance(caught.exception.violations[0], Violation)

    def test_an_id_that_is_taken(self):
        stored = self.client.create(Customer(first_name="Ann"))
        again = Customer(stored.customer_id, first_name="Bob")
        self.assertRaises(AlreadyExists, self.client.create, again)

    def test_an_edit_is_merged_with_those_of_others(self):
        stored = self.client.create(Customer(first_name="Ann", attributes={"tier": "silver"}))
        versions = []

        def change(customer):
            if not versions:
                self.client.update(Customer(stored.customer_id, last_name="Lee"))
            versions.append(customer.version)
            customer.attributes["tier"] = "gold"

        edited = self.client.edit(stored.customer_id, change)
        self.assertEqual(versions, [1])
        self.assertEqual((edited.version, edited.last_name, edited.attributes),
                         (3, "Lee", {"tier": "gold"}))
        self.assertEqual(self.client.edit(stored.customer_id, lambda it: None), edited)

    def test_phones_are_added_beside_each_other(self):
        stored = self.client.create(Customer(first_name="Ann"))

        def change(customer):
            other = Customer(stored.customer_id, phones=[PhoneNumber(number_local="1")])
            self.client.update(other, ["phones"])
            customer.phones.append(PhoneNumber(number_local="2"))

        edited = self.client.edit(stored.customer_id, change)
        self.assertEqual([phone.number_local for phone in edited.phones], ["1", "2"])

    def test_an_edit_like_that_of_somebody_else_is_made_on_top_of_it(self):
        stored = self.client.create(Customer(first_name="Ann"))
        names = []

        def change(customer):
            if not names:
                self.client.update(Customer(stored.customer_id, first_name="Bob"))
            names.append(customer.first_name)
            customer.first_name, customer.last_name = "Bob", "Lee"

        edited = self.client.edit(stored.customer_id, change)
        self.assertEqual((names, edited.version), (["Ann", "Bob"], 3))

    def test_an_edit_of_what_somebody_else_changed_is_a_conflict(self):
        stored = self.client.create(Customer(first_name="Ann"))

        def change(customer):
            self.client.update(Customer(stored.customer_id, first_name="Bob"))
            customer.first_name = "Cid"

        with self.assertRaises(Conflict) as caught:
            self.client.edit(stored.customer_id, change)
        self.assertEqual(caught.exception.current.first_name, "Bob")

    def test_fields_of_a_newer_schema_survive_a_change(self):
        newer = bytes.fromhex("a2 06 03") + b"new"  # field 100, which nobody here knows
        sent = Customer(first_name="Ann", unknown_fields=newer, phones=[PhoneNumber(
            number_international="+61491570006", unknown_fields=newer)])
        read = self.client.get(self.client.create(sent).customer_id)
        self.assertEqual((read.unknown_fields, read.phones[0].unknown_fields), (newer, newer))
        read.last_name = "Lee"
        for mask in (None, ["last_name"], ["*"]):
            written = self.client.update(read, mask)
            self.assertEqual(written.unknown_fields, newer)
            self.assertEqual(written.phones[0].unknown_fields, newer)
            read.version = written.version
            read.last_name += "!"
        edited = self.client.edit(read.customer_id, lambda it: setattr(it, "first_name", "Bea"))
        self.assertEqual((edited.first_name, edited.unknown_fields), ("Bea", newer))

    def test_several_are_read_in_the_order_asked_for(self):
        ids = [self.client.create(Customer(first_name=name)).customer_id for name in "abc"]
        found = self.client.batch_get([ids[2], MISSING, ids[0]])
        self.assertEqual([it.customer_id for it in found], [ids[2], ids[0]])
        self.assertEqual(len(self.client.batch_get(ids * 400)), 1200)
        self.assertEqual(self.client.batch_get([]), [])

    def test_pages_hold_every_customer_once(self):
        created = {self.client.create(Customer(first_name="p")).customer_id for _ in range(5)}
        page = self.client.list_page(2)
        self.assertEqual(len(page.customers), 2)
        self.assertGreaterEqual(page.total_size, 5)
        listed = [it.customer_id for it in self.client.customers(page_size=2)]
        self.assertEqual(len(listed), len(set(listed)))
        self.assertLessEqual(created, set(listed))
        with self.assertRaises(Invalid):
            self.client.list_page(-1)

    def test_the_status_counts(self):
        before = self.client.status()
        self.client.create(Customer(first_name="Ann"))
        after = self.client.status()
        self.assertEqual(after.customer_count, before.customer_count + 1)
        self.assertEqual(after.change_count, before.change_count + 1)
        self.assertEqual(after.store_id, before.store_id)


class ManyCallersTests(DaemonTestCase):
    def test_many_threads_share_a_client(self):
        stored = [self.client.create(Customer(first_name=f"n{n}")) for n in range(8)]
        failures = []

        def work(customer):
            try:
                for _ in range(40):
                    if self.client.get(customer.customer_id) != customer:
                        failures.append("somebody else's answer")
            except Exception as error:  # handed to the test's own thread
                failures.append(error)

        threads = [threading.Thread(target=work, args=[it]) for it in stored * 10]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])

    def test_a_forked_process_has_connections_of_its_own(self):
        stored = self.client.create(Customer(first_name="Ann"))
        child = os.fork()
        if child == 0:
            try:
                is_same = all(self.client.get(stored.customer_id) == stored for _ in range(50))
                os._exit(0 if is_same else 1)
            finally:
                os._exit(2)
        for _ in range(50):
            self.assertEqual(self.client.get(stored.customer_id), stored)
        self.assertEqual(os.waitpid(child, 0)[1], 0)


class RestartTests(DaemonTestCase):
    def test_calls_of_all_kinds_go_on_after_a_restart(self):
        stored = self.client.create(Customer(first_name="Ann"))
        for how in (signal.SIGTERM, signal.SIGKILL):
            self.daemon.stop(how)
            self.daemon.start()
            self.assertEqual(self.client.create(Customer(first_name="Bob")).version, 1)
            self.assertEqual(self.client.get(stored.customer_id), stored)

    def test_a_call_waits_for_a_daemon_that_restarts(self):
        stored = self.client.create(Customer(first_name="Ann"))
        self.daemon.stop()
        restart = threading.Timer(0.3, self.daemon.start)
        restart.start()
        self.assertEqual(self.client.get(stored.customer_id), stored)
        restart.join()

    def test_a_call_that_takes_too_long_is_given_up_in_time(self):
        self.client.status()
        self.daemon.pause()
        try:
            begin = time.monotonic()
            self.assertRaises(DeadlineExceeded, self.client.status, timeout=0.3)
            self.assertLess(time.monotonic() - begin, 2)
        finally:
            self.daemon.go_on()
        self.client.status()

    def test_a_limit_of_the_daemon_is_an_error_of_its_own(self):
        self.daemon.stop()
        self.daemon.start("--metadata-items-max", "0", "--calls-max", "1")
        try:
            with CustomerClient(self.daemon.socket_path) as client:
                rows = blocked(client)
                self.assertRaises(ResourceExhausted, self.client.export().__next__)
                rows.close()
        finally:
            self.daemon.stop()
            self.daemon.start()


def blocked(client):
    """An import that is open: its first result is there, its rows are not at their end."""
    rows = client.import_customers((Customer(first_name="x") for _ in iter(int, 1)), batch_rows=1)
    next(rows)
    return rows
