"""Settings and backups, against the real daemon."""

import datetime
import pathlib
import sqlite3
import tempfile
import time

from customers import (
    AlreadyExists,
    Change,
    Customer,
    CustomerClient,
    Duration,
    Invalid,
    ResourceExhausted,
    StoreSettings,
)

from .support import Daemon, DaemonTestCase, offered


class SettingsTests(DaemonTestCase):
    @offered
    def test_settings_stay_with_the_store(self):
        self.assertEqual(self.client.update_settings(StoreSettings()), StoreSettings())
        month = Duration.from_timedelta(datetime.timedelta(days=30))
        settings = StoreSettings(unique_email=True, history_retention=month)
        self.assertEqual(self.client.update_settings(settings), settings)
        self.daemon.stop()
        self.daemon.start()
        self.assertEqual(self.client.settings(), settings)
        self.assertEqual(self.client.status().settings, settings)

    @offered
    def test_a_mask_sets_what_it_names(self):
        day = StoreSettings(history_retention=Duration(86_400))
        self.client.update_settings(day)
        only_email = self.client.update_settings(StoreSettings(unique_email=True), ["unique_email"])
        self.assertEqual(only_email, StoreSettings(True, Duration(86_400)))
        cleared = self.client.update_settings(StoreSettings(), ["history_retention"])
        self.assertEqual(cleared, StoreSettings(unique_email=True))

    @offered
    def test_history_is_kept_an_hour_at_least(self):
        hour = StoreSettings(history_retention=Duration(3600))
        self.assertEqual(self.client.update_settings(hour), hour)
        with self.assertRaises(Invalid):
            self.client.update_settings(StoreSettings(history_retention=Duration(3599)))
        self.assertEqual(self.client.settings(), hour)

    @offered
    def test_an_address_can_be_made_unique(self):
        self.client.update_settings(StoreSettings(unique_email=True))
        ann = self.client.create(Customer(first_name="Ann", email_address="ann@example.com"))
        with self.assertRaises(AlreadyExists) as caught:
            self.client.create(Customer(first_name="Bob", email_address="ANN@example.com"))
        self.assertEqual(caught.exception.customer_id, ann.customer_id)
        self.assertEqual(caught.exception.reason, "EMAIL_TAKEN")


class FreshSettingsTests(DaemonTestCase):
    @offered
    def test_a_new_store_has_no_rules(self):
        self.assertEqual(self.client.settings(), StoreSettings())


class BackupTests(DaemonTestCase):
    @offered
    def test_a_backup_is_a_database_with_the_customers_in_it(self):
        rows = [Customer(first_name=f"n{n}", attributes={"text": "x" * 400}) for n in range(3000)]
        list(self.client.import_customers(rows))
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "copy.db")
            backup = self.client.back_up()
            with open(path, "wb") as file:
                for piece in backup:
                    file.write(piece)
            self.assertEqual(path.stat().st_size, backup.total_bytes)
            self.assertEqual(path.read_bytes()[:16], b"SQLite format 3\0")
            with sqlite3.connect(path) as database:
                self.assertEqual(list(database.execute("PRAGMA integrity_check")), [("ok",)])
            database.close()
            self.assert_serves_the_same(path)
        after = self.client.create(Customer(first_name="Ann"))
        watch = self.client.watch(backup.resume_token, stop_at_end=True)
        changed = [it.customer for it in watch if it.kind != Change.Kind.NONE]
        self.assertEqual(changed, [after])

    def assert_serves_the_same(self, path):
        """Another daemon serves the copy."""
        copy = Daemon(database=str(path))
        try:
            copy.start()
            with CustomerClient(copy.socket_path) as client:
                self.assertEqual(list(client.export()), list(self.client.export()))
                self.assertEqual(client.status().store_id, self.client.status().store_id)
        finally:
            copy.remove()

    def begin_backup(self):
        """Reads the first piece of a copy; waits until the daemon has let go of the one before.

        One is made at a time, and that a caller has gone is seen a moment later.
        """
        end = time.monotonic() + 10
        while True:
            try:
                with self.client.back_up() as backup:
                    return next(backup)
            except ResourceExhausted:
                if time.monotonic() > end:
                    raise
            time.sleep(0.01)

    @offered
    def test_a_backup_that_is_given_up_harms_nothing(self):
        for _ in range(3):
            self.begin_backup()
        self.client.create(Customer(first_name="Ann"))
