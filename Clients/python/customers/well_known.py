"""The standard messages that the schema uses: times, masks, statuses and their details.

Their definitions are in `google/protobuf` and in `Schema/google/rpc`.
"""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass
from typing import ClassVar, Dict, List, Optional

from . import wire
from .wire import Kind

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


@dataclass
class Timestamp:
    """A moment, to the nanosecond."""

    FULL_NAME: ClassVar[str] = "google.protobuf.Timestamp"

    #: Seconds since 1970-01-01T00:00:00Z; may be negative.
    seconds: int = wire.integer(1, Kind.INT64)
    #: Nanoseconds after that second, 0 to 999,999,999.
    nanos: int = wire.integer(2, Kind.INT32)

    def to_datetime(self) -> datetime.datetime:
        """Returns the moment in UTC; what is below a microsecond is cut off."""
        return _EPOCH + datetime.timedelta(seconds=self.seconds, microseconds=self.nanos // 1000)

    @classmethod
    def from_datetime(cls, moment: datetime.datetime) -> Timestamp:
        """Creates the moment of a datetime that knows its zone.

        Raises ValueError if it knows none: it could be any of two dozen moments.
        """
        if moment.utcoffset() is None:
            raise ValueError(f"{moment} has no time zone")
        since = moment - _EPOCH
        return cls(since.days * 86_400 + since.seconds, since.microseconds * 1000)


@dataclass
class Duration:
    """A length of time, to the nanosecond; both numbers have the same sign."""

    FULL_NAME: ClassVar[str] = "google.protobuf.Duration"

    #: Whole seconds.
    seconds: int = wire.integer(1, Kind.INT64)
    #: Nanoseconds beyond them.
    nanos: int = wire.integer(2, Kind.INT32)

    def total_seconds(self) -> float:
        """Returns the length in seconds."""
        return self.seconds + self.nanos / 1e9

    @classmethod
    def from_timedelta(cls, length: datetime.timedelta) -> Duration:
        """Creates the same length of time."""
        sign = -1 if length < datetime.timedelta(0) else 1
        length = abs(length)
        seconds = length.days * 86_400 + length.seconds
        return cls(sign * seconds, sign * length.microseconds * 1000)


@dataclass
class FieldMask:
    """Names of fields."""

    FULL_NAME: ClassVar[str] = "google.protobuf.FieldMask"

    #: Paths such as `first_name` and `attributes.tier`.
    paths: List[str] = wire.strings(1)


@dataclass
class Any:
    """A message of any type, with the type's name."""

    FULL_NAME: ClassVar[str] = "google.protobuf.Any"

    #: The type's full name behind a slash, such as `type.googleapis.com/google.rpc.ErrorInfo`.
    type_url: str = wire.string(1)
    #: The encoded message.
    value: bytes = wire.binary(2)


@dataclass
class Status:
    """How a call ended."""

    FULL_NAME: ClassVar[str] = "google.rpc.Status"

    #: One of the canonical codes, 0 to 16; 0 is OK.
    code: int = wire.integer(1, Kind.INT32)
    #: What is wrong with what, for people.
    message: str = wire.string(2)
    #: What a program can use.
    details: List[Any] = wire.messages(3, Any)


class CallOutcome(enum.IntEnum):
    """What became of what a failed call was to do, as it travels; `rpc.proto` says more."""

    CALL_OUTCOME_UNSPECIFIED = 0
    CALL_OUTCOME_NEVER_BEGUN = 1
    CALL_OUTCOME_UNDONE = 2
    CALL_OUTCOME_PERHAPS_DONE = 3


@dataclass
class CallFailure:
    """What a failed call has left behind; among the details of its status."""

    FULL_NAME: ClassVar[str] = "rpc.v1.CallFailure"

    #: What became of what the call was to do.
    outcome: CallOutcome = wire.enumeration(1, CallOutcome)


@dataclass
class ErrorInfo:
    """Why a call was refused, in words that a program compares."""

    FULL_NAME: ClassVar[str] = "google.rpc.ErrorInfo"

    #: A constant such as `VERSION_MISMATCH`.
    reason: str = wire.string(1)
    #: Whose reasons these are.
    domain: str = wire.string(2)
    #: Facts that belong to the reason.
    metadata: Dict[str, str] = wire.string_map(3)


@dataclass
class RetryInfo:
    """When a call may be made again."""

    FULL_NAME: ClassVar[str] = "google.rpc.RetryInfo"

    #: How long to wait at least.
    retry_delay: Optional[Duration] = wire.message(1, Duration)


@dataclass
class FieldViolation:
    """One thing that is wrong with one field."""

    FULL_NAME: ClassVar[str] = "google.rpc.BadRequest.FieldViolation"

    #: The field's path, such as `phones[0].numberInternational`.
    field: str = wire.string(1)
    #: What is wrong with it.
    description: str = wire.string(2)


@dataclass
class BadRequest:
    """What is wrong with a request, all of it at once."""

    FULL_NAME: ClassVar[str] = "google.rpc.BadRequest"

    #: All that is wrong.
    field_violations: List[FieldViolation] = wire.messages(1, FieldViolation)
