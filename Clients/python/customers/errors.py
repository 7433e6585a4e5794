"""What a call can end with instead of an answer.

Every error is a `CustomersError`: `message` says what is wrong with what, `advice` what to do about
it, `code` is the protocol's number, `reason` a word for programs such as `VERSION_MISMATCH`, and
`outcome` what became of what the call was to do.
"""

from __future__ import annotations

import enum
from typing import Dict, List, NamedTuple, Optional, Type, TypeVar

from . import wire
from .messages import Customer
from .well_known import BadRequest, CallFailure, CallOutcome, ErrorInfo, RetryInfo, Status

M = TypeVar("M")


class Code(enum.IntEnum):
    """How a call can end; the numbers are gRPC's."""

    OK = 0
    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    DATA_LOSS = 15
    UNAUTHENTICATED = 16


class Outcome(enum.Enum):
    """What became of what a failed call was to do.

    Of an import it speaks of the rows that have no results yet; those that have are done. A call
    that only reads leaves nothing: it is never perhaps done.
    """

    #: The daemon never began: the call can be made again as it is.
    NEVER_BEGUN = "never begun"
    #: The daemon began, and nothing of it stays: the call can be made again.
    UNDONE = "undone"
    #: Nobody answered: it is done, or will be, or isn't. Look before the call is made again.
    PERHAPS_DONE = "perhaps done"


_OUTCOMES = {
    CallOutcome.CALL_OUTCOME_NEVER_BEGUN: Outcome.NEVER_BEGUN,
    CallOutcome.CALL_OUTCOME_UNDONE: Outcome.UNDONE,
}

_LOOK_FIRST = "perhaps it was carried out: if it writes, look before you repeat the call"


class Violation(NamedTuple):
    """A rule that a field breaks."""

    #: The field's path, such as `phones[0].numberInternational`.
    field: str
    #: What is wrong with it.
    description: str


class CustomersError(Exception):
    """Why a call has no answer."""

    #: What the daemon's status becomes without a class of its own.
    default_code: int = Code.UNKNOWN
    #: What to do about it; empty where the message says it or nothing helps.
    advice: str = ""
    #: The same where the call was perhaps carried out.
    perhaps_done_advice: str = _LOOK_FIRST

    def __init__(self, message: str, status: Optional[Status] = None) -> None:
        super().__init__(message)
        #: What is wrong with what.
        self.message = message
        #: What the daemon sent; None if it sent nothing and this client found out by itself.
        self.status = status
        #: The status code; a plain number if it is one that this client doesn't know.
        self.code: int = self.default_code if status is None else _code(status.code)
        info = self.detail(ErrorInfo)
        #: A word that programs compare; may be empty.
        self.reason: str = info.reason if info else ""
        #: Facts that belong to the reason.
        self.metadata: Dict[str, str] = info.metadata if info else {}
        #: What became of what the call was to do; what this client finds out before it has sent
        #: anything never began.
        self.outcome = Outcome.NEVER_BEGUN
        if status is not None:
            failure = self.detail(CallFailure)
            said = failure.outcome if failure else None
            self.outcome = _OUTCOMES.get(said, Outcome.PERHAPS_DONE)  # type: ignore[arg-type]

    def detail(self, message_type: Type[M]) -> Optional[M]:
        """Returns the first of the status's details that is of a class; None if there is none."""
        for item in self.status.details if self.status else []:
            if item.type_url.rpartition("/")[2] == message_type.FULL_NAME:  # type: ignore
                try:
                    return wire.decode(message_type, item.value)
                except wire.WireError:
                    continue  # the status itself says enough
        return None

    def __str__(self) -> str:
        is_open = self.outcome is Outcome.PERHAPS_DONE
        advice = self.perhaps_done_advice if is_open else self.advice
        return f"{self.message}; {advice}" if advice else self.message


class NotFound(CustomersError):
    """There is no such customer, or no such version of one."""

    default_code = Code.NOT_FOUND

    def __init__(self, message: str, status: Optional[Status] = None) -> None:
        super().__init__(message, status)
        #: The version of the deletion, if the customer was there once.
        self.deleted_at_version: Optional[int] = None
        text = self.metadata.get("deletedAtVersion", "")
        if text.isascii() and text.isdigit() and len(text) <= 20:
            self.deleted_at_version = int(text)
            self.advice = "update with allow_missing brings a deleted customer back"


class Conflict(CustomersError):
    """Somebody else wrote since the version that the call rests on; nothing was written."""

    default_code = Code.ABORTED
    advice = "repeat the change on the current customer"

    def __init__(self, message: str, status: Optional[Status] = None) -> None:
        super().__init__(message, status)
        #: The customer as it is now, to show or to merge with.
        self.current: Optional[Customer] = self.detail(Customer)


class AlreadyExists(CustomersError):
    """A customer with this id, or with this e-mail address where that must be unique, is there."""

    default_code = Code.ALREADY_EXISTS

    def __init__(self, message: str, status: Optional[Status] = None) -> None:
        super().__init__(message, status)
        #: The customer that is in the way; empty if it is the one that was named.
        self.customer_id: str = self.metadata.get("customerId", "")


class Invalid(CustomersError):
    """What was sent breaks rules; nothing was written."""

    default_code = Code.INVALID_ARGUMENT

    def __init__(self, message: str, status: Optional[Status] = None) -> None:
        super().__init__(message, status)
        request = self.detail(BadRequest)
        #: All broken rules, each with its field; empty if it isn't about a field.
        self.violations: List[Violation] = [
            Violation(item.field, item.description)
            for item in (request.field_violations if request else [])
        ]


class Unavailable(CustomersError):
    """No daemon answers, or it stopped before it did."""

    default_code = Code.UNAVAILABLE

    def __init__(self, message: str, status: Optional[Status] = None) -> None:
        super().__init__(message, status)
        if status is None:
            self.advice = "start customerd, or name its socket in CUSTOMERS_SOCKET"


class DeadlineExceeded(CustomersError):
    """No answer came in time."""

    default_code = Code.DEADLINE_EXCEEDED
    advice = "give the call more time"


class Cancelled(CustomersError):
    """The client was closed."""

    default_code = Code.CANCELLED


class Unimplemented(CustomersError):
    """The daemon doesn't know the call: it is older than this client."""

    default_code = Code.UNIMPLEMENTED


class ResourceExhausted(CustomersError):
    """The daemon or this client has too much to do, or a message is too large."""

    default_code = Code.RESOURCE_EXHAUSTED

    def __init__(self, message: str, status: Optional[Status] = None) -> None:
        super().__init__(message, status)
        retry = self.detail(RetryInfo)
        #: In how many seconds trying again has a chance, if the daemon knows.
        self.retry_after: Optional[float] = None
        if retry and retry.retry_delay:
            self.retry_after = retry.retry_delay.total_seconds()


class PermissionDenied(CustomersError):
    """The daemon doesn't let this user do this."""

    default_code = Code.PERMISSION_DENIED
    advice = "ask who runs the daemon"


class Failed(CustomersError):
    """Anything else; `code` and `reason` say what."""


class DataLoss(CustomersError):
    """Data is lost or damaged; what came so far must not be used."""

    default_code = Code.DATA_LOSS


class ProtocolError(Failed):
    """The daemon sent what the protocol doesn't know; the connection was closed."""

    default_code = Code.INTERNAL


_BY_CODE: Dict[int, Type[CustomersError]] = {
    Code.UNAUTHENTICATED: PermissionDenied,
    **{
        error.default_code: error
        for error in (
            NotFound, Conflict, AlreadyExists, Invalid, Unavailable, DeadlineExceeded, Cancelled,
            Unimplemented, ResourceExhausted, PermissionDenied, DataLoss,
        )  # fmt: skip
    },
}


def from_status(status: Status) -> CustomersError:
    """Returns the error that a status says, of the class that its code has."""
    error_type = _BY_CODE.get(status.code, Failed)
    return error_type(status.message or f"call failed with {_code_name(status.code)}", status)


def _code(number: int) -> int:
    try:
        return Code(number)
    except ValueError:
        return number


def _code_name(number: int) -> str:
    code = _code(number)
    return code.name if isinstance(code, Code) else f"code {number}"
