"""Watching and erasing, against the real daemon."""

import os
import queue
import signal
import threading

from customers import (
    Author,
    Change,
    Customer,
    CustomerClient,
    CustomersError,
    Failed,
    Invalid,
    NotFound,
)

from .support import Daemon, DaemonTestCase, offered

Kind = Change.Kind
WAIT_SECONDS = 20


class Followed:
    """A watch that a thread reads, and what came of it."""

    def __init__(self, watch):
        self._watch = watch
        self._changes = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        try:
            for change in self._watch:
                if change.kind != Kind.NONE:
                    self._changes.put(change)
        except CustomersError as error:
            self._changes.put(error)

    def next(self):
        """Returns the next change; raises what ended the watch, and queue.Empty if none comes."""
        change = self._changes.get(timeout=WAIT_SECONDS)
        if isinstance(change, CustomersError):
            raise change
        return change

    def end(self):
        self._watch.close()
        self._thread.join(WAIT_SECONDS)
        assert not self._thread.is_alive()


class WatchTests(DaemonTestCase):
    def past(self, token="", customer_id=""):
        """The changes behind a token up to now; without one, all."""
        watch = self.client.watch(
            token, from_start=not token, stop_at_end=True, customer_id=customer_id)
        return [change for change in watch if change.kind != Kind.NONE]

    def history(self):
        """Makes a customer with a history of three changes; returns its id."""
        stored = self.client.create(Customer(first_name="Ann"))
        self.client.update(Customer(stored.customer_id, last_name="Lee"))
        self.client.delete(stored.customer_id)
        return stored.customer_id

    @offered
    def test_from_the_start_every_change_is_there_in_order_and_signed(self):
        customer_id = self.history()
        for changes in (
            self.past(customer_id=customer_id),
            [it for it in self.past() if it.customer.customer_id == customer_id],
        ):
            self.assertEqual([it.kind for it in changes],
                             [Kind.CREATED, Kind.UPDATED, Kind.DELETED])
            created, updated, deleted = (change.customer for change in changes)
            self.assertEqual((created.version, created.last_name), (1, ""))
            self.assertEqual((updated.version, updated.last_name), (2, "Lee"))
            self.assertEqual((deleted.first_name, deleted.last_name), ("Ann", "Lee"))
            for change in changes:
                author = Author(os.getuid(), os.getgid(), os.getpid(), change.author.program)
                self.assertEqual(change.author, author)
                self.assertTrue(author.program)
                self.assertIsNotNone(change.change_time)

    @offered
    def test_a_token_goes_on_with_nothing_lost_and_nothing_twice(self):
        self.history()
        self.history()
        whole = [change.resume_token for change in self.past()]
        self.assertEqual(len(whole), len(set(whole)))
        for place, token in enumerate(whole):
            rest = [change.resume_token for change in self.past(token)]
            self.assertEqual(rest, whole[place + 1 :])

    @offered
    def test_lists_and_exports_say_where_to_go_on(self):
        self.history()
        page = self.client.list_page()
        export = self.client.export()
        list(export)
        customer_id = self.history()
        for token in (page.resume_token, export.resume_token):
            changes = self.past(token)
            self.assertEqual([change.customer.customer_id for change in changes], [customer_id] * 3)

    @offered
    def test_changes_arrive_as_they_are_made(self):
        followed = Followed(self.client.watch(self.client.list_page(1).resume_token))
        stored = self.client.create(Customer(first_name="Ann"))
        change = followed.next()
        self.assertEqual((change.kind, change.customer), (Kind.CREATED, stored))
        updated = self.client.update(Customer(stored.customer_id, last_name="Lee"))
        self.assertEqual(followed.next().customer, updated)
        followed.end()

    @offered
    def test_one_customer_can_be_watched(self):
        ann = self.client.create(Customer(first_name="Ann"))
        token = self.client.list_page(1).resume_token
        followed = Followed(self.client.watch(token, customer_id=ann.customer_id))
        self.client.create(Customer(first_name="Bob"))
        updated = self.client.update(Customer(ann.customer_id, last_name="Lee"))
        self.assertEqual(followed.next().customer, updated)
        followed.end()

    @offered
    def test_a_watch_goes_on_by_itself_after_a_restart(self):
        followed = Followed(self.client.watch(self.client.list_page(1).resume_token))
        for how in (signal.SIGTERM, signal.SIGKILL):
            before = self.client.create(Customer(first_name="Ann"))
            self.assertEqual(followed.next().customer, before)
            self.daemon.stop(how)
            self.daemon.start()
            after = self.client.create(Customer(first_name="Bob"))
            self.assertEqual(followed.next().customer, after)
        followed.end()

    @offered
    def test_a_token_that_is_none_is_refused(self):
        with self.assertRaises(Invalid):
            self.past("not a token")


class OtherStoreTests(DaemonTestCase):
    @offered
    def test_a_token_of_another_store_is_told_apart(self):
        other = Daemon()
        self.addCleanup(other.remove)
        other.start()
        with CustomerClient(other.socket_path) as client:
            token = client.list_page(1).resume_token
        with self.assertRaises(Failed) as caught:
            next(self.client.watch(token))
        self.assertEqual(caught.exception.reason, "RESUME_TOKEN_EXPIRED")


class EraseTests(DaemonTestCase):
    @offered
    def test_an_erased_customer_leaves_nothing_but_that(self):
        stored = self.client.create(Customer(first_name="Ann"))
        self.client.update(Customer(stored.customer_id, last_name="Lee"))
        followed = Followed(self.client.watch(self.client.list_page(1).resume_token))
        version = self.client.delete(stored.customer_id, 2, erase=True)
        self.assertEqual(version, 3)
        change = followed.next()
        self.assertEqual(change.kind, Kind.ERASED)
        self.assertEqual(change.customer, Customer(stored.customer_id, 3))
        followed.end()
        for past in (0, 1, 2):
            with self.assertRaises(NotFound):
                self.client.get(stored.customer_id, past)
        history = self.client.watch(from_start=True, stop_at_end=True,
                                    customer_id=stored.customer_id)
        names = {(it.customer.first_name, it.customer.last_name) for it in history if it.customer}
        self.assertLessEqual(names, {("", "")})
