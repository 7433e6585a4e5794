"""What statuses become."""

import unittest

from customers import (
    AlreadyExists,
    Cancelled,
    Code,
    Conflict,
    Customer,
    CustomersError,
    DataLoss,
    DeadlineExceeded,
    Failed,
    Invalid,
    NotFound,
    Outcome,
    PermissionDenied,
    ResourceExhausted,
    Unavailable,
    Unimplemented,
    from_status,
)
from customers.well_known import (
    Any,
    BadRequest,
    CallFailure,
    CallOutcome,
    Duration,
    ErrorInfo,
    FieldViolation,
    RetryInfo,
    Status,
)

from .support import packed


class ErrorTests(unittest.TestCase):
    def test_every_code_has_its_class(self):
        classes = {
            Code.CANCELLED: Cancelled, Code.UNKNOWN: Failed, Code.INVALID_ARGUMENT: Invalid,
            Code.DEADLINE_EXCEEDED: DeadlineExceeded, Code.NOT_FOUND: NotFound,
            Code.ALREADY_EXISTS: AlreadyExists, Code.PERMISSION_DENIED: PermissionDenied,
            Code.RESOURCE_EXHAUSTED: ResourceExhausted, Code.FAILED_PRECONDITION: Failed,
            Code.ABORTED: Conflict, Code.OUT_OF_RANGE: Failed, Code.UNIMPLEMENTED: Unimplemented,
            Code.INTERNAL: Failed, Code.UNAVAILABLE: Unavailable, Code.DATA_LOSS: DataLoss,
            Code.UNAUTHENTICATED: PermissionDenied,
        }  # fmt: skip
        self.assertEqual(set(classes), set(Code) - {Code.OK})
        for code, error_class in classes.items():
            with self.subTest(code.name):
                error = from_status(Status(int(code), "why"))
                self.assertIs(type(error), error_class)
                self.assertIs(error.code, code)
                self.assertEqual(error.message, "why")
                self.assertIsInstance(error, CustomersError)

    def test_a_code_that_nobody_knows_stays_a_number(self):
        for code in (17, 99, -1):
            error = from_status(Status(code))
            self.assertIs(type(error), Failed)
            self.assertEqual((error.code, error.message), (code, f"call failed with code {code}"))

    def test_a_conflict_carries_the_current_customer(self):
        current = Customer("a", 2, first_name="Ann")
        info = ErrorInfo("VERSION_MISMATCH", "customers.v1", {"currentVersion": "2"})
        error = from_status(Status(10, "moved on", [packed(info), packed(current)]))
        self.assertEqual(error.current, current)
        self.assertEqual(error.reason, "VERSION_MISMATCH")
        self.assertIs(error.outcome, Outcome.PERHAPS_DONE)
        undone = packed(CallFailure(CallOutcome.CALL_OUTCOME_UNDONE))
        error = from_status(Status(10, "moved on", [undone]))
        self.assertEqual(str(error), "moved on; repeat the change on the current customer")

    def test_every_outcome_comes_along(self):
        """`rpc.proto`: what isn't said may have been done."""
        outcomes = [Outcome.PERHAPS_DONE, Outcome.NEVER_BEGUN, Outcome.UNDONE, Outcome.PERHAPS_DONE]
        for number, outcome in enumerate(outcomes):
            failure = packed(CallFailure(CallOutcome(number)))
            self.assertIs(from_status(Status(14, "why", [failure])).outcome, outcome)
        strange = Any("type.googleapis.com/rpc.v1.CallFailure", b"\x08\x09")
        self.assertIs(from_status(Status(14, "why", [strange])).outcome, Outcome.PERHAPS_DONE)

    def test_violations_are_all_there(self):
        request = BadRequest([FieldViolation("firstName", "is long"), FieldViolation("x", "y")])
        error = from_status(Status(3, "invalid", [packed(request)]))
        self.assertEqual(error.violations, [("firstName", "is long"), ("x", "y")])

    def test_a_deletion_says_its_version(self):
        info = ErrorInfo("DELETED", metadata={"deletedAtVersion": "7"})
        self.assertEqual(from_status(Status(5, "gone", [packed(info)])).deleted_at_version, 7)
        for text in ("", "seven", "-7", "\u0667", "7" * 21):
            info = ErrorInfo("DELETED", metadata={"deletedAtVersion": text})
            error = from_status(Status(5, "gone", [packed(info)]))
            self.assertIsNone(error.deleted_at_version)

    def test_the_customer_in_the_way_and_the_time_to_wait(self):
        info = ErrorInfo("EMAIL_TAKEN", metadata={"customerId": "b"})
        self.assertEqual(from_status(Status(6, "taken", [packed(info)])).customer_id, "b")
        retry = RetryInfo(Duration(1, 500_000_000))
        self.assertEqual(from_status(Status(8, "full", [packed(retry)])).retry_after, 1.5)

    def test_details_that_cannot_be_read_are_passed_over(self):
        broken = Any("type.googleapis.com/customers.v1.Customer", b"\xff")
        stranger = Any("type.googleapis.com/somebody.Else", b"\xff")
        error = from_status(Status(10, "moved on", [broken, stranger]))
        self.assertIsNone(error.current)
        self.assertEqual(error.reason, "")
