"""Imports and exports, against the real daemon."""

import threading

from customers import (
    Customer,
    DeadlineExceeded,
    ImportMode,
    ImportResult,
    Invalid,
    NotFound,
    from_status,
)

from .support import DaemonTestCase

CREATED, UPDATED = ImportResult.Outcome.CREATED, ImportResult.Outcome.UPDATED
UNCHANGED, FAILED = ImportResult.Outcome.UNCHANGED, ImportResult.Outcome.FAILED


class ImportTests(DaemonTestCase):
    def outcomes(self, rows, **options):
        return [result.outcome for result in self.client.import_customers(rows, **options)]

    def test_every_row_has_its_result_in_order(self):
        rows = [Customer(first_name=f"n{n}") for n in range(25)]
        rows[7] = Customer(email_address="nobody")
        results = list(self.client.import_customers(rows, batch_rows=10))
        self.assertEqual([n for n, it in enumerate(results) if it.outcome != CREATED], [7])
        error = from_status(results[7].error)
        self.assertIsInstance(error, Invalid)
        self.assertEqual(error.violations[0].field, "emailAddress")
        self.assertEqual(self.client.get(results[24].customer_id).first_name, "n24")

    def test_rows_find_their_customers(self):
        rows = [Customer(first_name="Ann", attributes={"externalId": "7"})]
        match = "attributes.externalId"
        self.assertEqual(self.outcomes(rows, match=match), [CREATED])
        self.assertEqual(self.outcomes(rows, match=match), [UNCHANGED])
        rows[0].first_name = "Anna"
        self.assertEqual(self.outcomes(rows, match=match, mode=ImportMode.VALIDATE), [UPDATED])
        self.assertEqual(self.outcomes(rows, match=match), [UPDATED])
        self.assertEqual(self.outcomes(rows, match=match, mode=ImportMode.CREATE), [FAILED])

    def test_an_import_that_cannot_begin_says_why(self):
        with self.assertRaises(Invalid) as caught:
            list(self.client.import_customers([Customer(first_name="Ann")], match="shoeSize"))
        self.assertEqual(caught.exception.reason, "MATCH_NOT_SUPPORTED")

    def test_what_was_written_before_an_import_is_given_up_stays(self):
        rows = (Customer(first_name=f"n{n}") for n in range(1_000_000))
        with self.client.import_customers(rows, batch_rows=10) as results:
            first = next(results)
        self.assertEqual(self.client.get(first.customer_id).first_name, "n0")


class ExportTests(DaemonTestCase):
    COUNT = 2_500

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rows = (Customer(first_name=f"n{n}", attributes={"text": "x" * 200})
                for n in range(cls.COUNT))
        cls.ids = [result.customer_id for result in cls.client.import_customers(rows)]

    def test_an_export_has_every_customer_once_and_a_token_at_its_end(self):
        with self.client.export() as export:
            found = [customer.customer_id for customer in export]
        self.assertEqual(sorted(found), sorted(self.ids))
        self.assertNotEqual(export.resume_token, "")

    def test_calls_go_on_while_an_export_is_read_slowly(self):
        with self.client.export() as export:
            for _ in range(10):
                first = next(export)
                self.assertEqual(self.client.get(first.customer_id), first)

    def test_exports_can_be_read_by_many_threads(self):
        counts = []

        def read():
            counts.append(sum(1 for _ in self.client.export()))

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(counts, [self.COUNT] * 4)

    def test_time_that_is_over_ends_an_export(self):
        self.daemon.pause()
        try:
            with self.client.export(timeout=0.2) as export:
                self.assertRaises(DeadlineExceeded, list, export)
        finally:
            self.daemon.go_on()

    def test_exporting_into_an_import_changes_nothing(self):
        results = list(self.client.import_customers(self.client.export()))
        self.assertEqual({result.outcome for result in results}, {UNCHANGED})


class AbsenceTests(DaemonTestCase):
    def test_an_empty_store(self):
        self.assertEqual(list(self.client.export()), [])
        self.assertEqual(list(self.client.customers()), [])
        self.assertEqual(list(self.client.import_customers([])), [])
        with self.assertRaises(NotFound):
            self.client.get("0198c0de-0000-7000-8000-000000000001")
