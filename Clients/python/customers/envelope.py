"""The envelope around a call's messages; `Schema/ttrpc.proto` has it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, List, Optional

from . import wire
from .well_known import Status
from .wire import Kind


@dataclass
class KeyValue:
    """One item of metadata."""

    FULL_NAME: ClassVar[str] = "ttrpc.KeyValue"

    #: The name, in lower case.
    key: str = wire.string(1)
    #: The value.
    value: str = wire.string(2)


@dataclass
class Request:
    """Opens a call."""

    FULL_NAME: ClassVar[str] = "ttrpc.Request"

    #: The service's full name.
    service: str = wire.string(1)
    #: The method's name.
    method: str = wire.string(2)
    #: The encoded request message; empty when messages come in frames of their own.
    payload: bytes = wire.binary(3)
    #: How long the caller waits, in nanoseconds; 0 = no limit, negative = the time has passed.
    timeout_nano: int = wire.integer(4, Kind.INT64)
    #: Names and values that travel with the call.
    metadata: List[KeyValue] = wire.messages(5, KeyValue)


@dataclass
class Response:
    """Ends a call."""

    FULL_NAME: ClassVar[str] = "ttrpc.Response"

    #: How the call ended; None = OK.
    status: Optional[Status] = wire.message(1, Status)
    #: The encoded response message of a unary call.
    payload: bytes = wire.binary(2)
