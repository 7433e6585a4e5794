"""The messages of `Schema/customers.proto`; a test holds every field to it.

Attributes have the schema's names, and what isn't set is empty: "", 0, None, a list or dictionary
without elements. Messages that go back to the daemon keep in `unknown_fields` what a newer daemon
put into them.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import ClassVar, Dict, List, Optional

from . import wire
from .well_known import Duration, FieldMask, Status, Timestamp
from .wire import Kind


@dataclass
class PhoneNumber:
    """A telephone number of a customer."""

    FULL_NAME: ClassVar[str] = "customers.v1.PhoneNumber"

    class Kind(enum.IntEnum):
        """What a number is; the names are the strings in JSON."""

        Unknown = 0
        Phone = 1
        Mobile = 2

    #: UUID. Empty: a new number. Known: that number, changed.
    key: str = wire.string(1)
    type: Kind = wire.enumeration(2, Kind)
    #: ISO 3166-1 alpha-2, or empty.
    country: str = wire.string(3)
    #: The number as it is dialled in its country.
    number_local: str = wire.string(4)
    #: E.164. Empty: derived from country and local number.
    number_international: str = wire.string(5)
    unknown_fields: bytes = wire.unknown()


@dataclass
class Address:
    """A postal address of a customer."""

    FULL_NAME: ClassVar[str] = "customers.v1.Address"

    #: UUID. Empty: a new address. Known: that address, changed.
    key: str = wire.string(1)
    address1: str = wire.string(2)
    address2: str = wire.string(3)
    #: Suburb, town or city.
    suburb: str = wire.string(4)
    #: Postal code; leading zeros count.
    postcode: str = wire.string(5)
    #: State, province or region.
    state: str = wire.string(6)
    #: ISO 3166-1 alpha-2, or empty.
    country: str = wire.string(7)
    unknown_fields: bytes = wire.unknown()


@dataclass
class Customer:
    """A customer's record."""

    FULL_NAME: ClassVar[str] = "customers.v1.Customer"

    #: UUID, lower case. Empty on create: the server makes one.
    customer_id: str = wire.string(1)
    #: How often the record was written. On a write: the version that was read; 0 = don't check.
    version: int = wire.integer(2, Kind.UINT64)
    first_name: str = wire.string(3)
    last_name: str = wire.string(4)
    #: Empty on create: first and last name.
    display_name: str = wire.string(5)
    email_address: str = wire.string(6)
    phones: List[PhoneNumber] = wire.messages(7, PhoneNumber)
    addresses: List[Address] = wire.messages(8, Address)
    #: Names and values of the user's choice.
    attributes: Dict[str, str] = wire.string_map(9)
    #: Output only.
    create_time: Optional[Timestamp] = wire.message(10, Timestamp)
    #: Output only.
    update_time: Optional[Timestamp] = wire.message(11, Timestamp)
    unknown_fields: bytes = wire.unknown()


@dataclass
class CreateCustomerRequest:
    """What to create."""

    FULL_NAME: ClassVar[str] = "customers.v1.CreateCustomerRequest"

    customer: Optional[Customer] = wire.message(1, Customer)


@dataclass
class GetCustomerRequest:
    """Whom to return."""

    FULL_NAME: ClassVar[str] = "customers.v1.GetCustomerRequest"

    customer_id: str = wire.string(1)
    #: 0 = the latest; else that past version.
    version: int = wire.integer(2, Kind.UINT64)


@dataclass
class UpdateCustomerRequest:
    """What to change."""

    FULL_NAME: ClassVar[str] = "customers.v1.UpdateCustomerRequest"

    #: The new values. The id names the record, the version is the precondition.
    customer: Optional[Customer] = wire.message(1, Customer)
    #: Which fields to change. None = those that are set; `*` = replace all.
    update_mask: Optional[FieldMask] = wire.message(2, FieldMask)
    #: Whether to create the customer if it is not there.
    allow_missing: bool = wire.boolean(3)
    #: Whether to change it although others wrote since, if they changed nothing of the same.
    allow_merge: bool = wire.boolean(4)


@dataclass
class DeleteCustomerRequest:
    """Whom to delete."""

    FULL_NAME: ClassVar[str] = "customers.v1.DeleteCustomerRequest"

    customer_id: str = wire.string(1)
    #: The precondition; 0 = don't check.
    version: int = wire.integer(2, Kind.UINT64)
    #: Whether to erase every past version too, for good.
    erase: bool = wire.boolean(3)


@dataclass
class DeleteCustomerResponse:
    """What a deletion did."""

    FULL_NAME: ClassVar[str] = "customers.v1.DeleteCustomerResponse"

    #: The version of the deletion.
    version: int = wire.integer(1, Kind.UINT64)


@dataclass
class ListCustomersRequest:
    """Which customers to list."""

    FULL_NAME: ClassVar[str] = "customers.v1.ListCustomersRequest"

    #: How many at most. 0 = 100; more than 1000 is 1000.
    page_size: int = wire.integer(1, Kind.INT32)
    #: The next_page_token of the page before; empty = the first page.
    page_token: str = wire.string(2)
    #: Comparisons joined by AND; empty = all.
    filter: str = wire.string(3)
    #: Such as `lastName` or `updateTime desc`; empty = in order of creation.
    order_by: str = wire.string(4)


@dataclass
class ListCustomersResponse:
    """A page of a list."""

    FULL_NAME: ClassVar[str] = "customers.v1.ListCustomersResponse"

    customers: List[Customer] = wire.messages(1, Customer)
    #: What to ask for the next page with; empty = there is none.
    next_page_token: str = wire.string(2)
    #: How many there are in all. On the first page only.
    total_size: int = wire.integer(3, Kind.INT32)
    #: Where to watch from to keep this page fresh.
    resume_token: str = wire.string(4)
    #: Whether there may be more than total_size.
    total_size_is_minimum: bool = wire.boolean(5)


@dataclass
class SearchCustomersRequest:
    """What to search for."""

    FULL_NAME: ClassVar[str] = "customers.v1.SearchCustomersRequest"

    #: Words or parts of names, e-mail addresses, phone digits.
    query: str = wire.string(1)
    #: How many at most. 0 = 20; more than 100 is 100.
    limit: int = wire.integer(2, Kind.INT32)


@dataclass
class SearchCustomersResponse:
    """What a search found, best first."""

    FULL_NAME: ClassVar[str] = "customers.v1.SearchCustomersResponse"

    customers: List[Customer] = wire.messages(1, Customer)


@dataclass
class BatchGetCustomersRequest:
    """Whom to return, at most 1000."""

    FULL_NAME: ClassVar[str] = "customers.v1.BatchGetCustomersRequest"

    customer_ids: List[str] = wire.strings(1)


@dataclass
class BatchGetCustomersResponse:
    """Those that were found, in the order asked for."""

    FULL_NAME: ClassVar[str] = "customers.v1.BatchGetCustomersResponse"

    customers: List[Customer] = wire.messages(1, Customer)


@dataclass
class ImportCustomersRequest:
    """Rows to write in their order; other writes are let through between them."""

    FULL_NAME: ClassVar[str] = "customers.v1.ImportCustomersRequest"

    class Mode(enum.IntEnum):
        """What to do with a row."""

        #: Create, or replace if different.
        UPSERT = 0
        #: Create; one that is there already is an error.
        CREATE = 1
        #: Say what UPSERT would do; write nothing.
        VALIDATE = 2

    #: Read from the first message of a call only.
    mode: Mode = wire.enumeration(1, Mode)
    #: The field that finds a row without an id. Read from the first message only.
    match: str = wire.string(2)
    customers: List[Customer] = wire.messages(3, Customer)


@dataclass
class ImportResult:
    """What became of one row."""

    FULL_NAME: ClassVar[str] = "customers.v1.ImportCustomersResponse.Result"

    class Outcome(enum.IntEnum):
        """What was done."""

        FAILED = 0
        CREATED = 1
        UPDATED = 2
        UNCHANGED = 3

    outcome: Outcome = wire.enumeration(1, Outcome)
    customer_id: str = wire.string(2)
    #: The customer's version now.
    version: int = wire.integer(3, Kind.UINT64)
    #: Why it failed; `errors.from_status` makes an exception of it. With FAILED only.
    error: Optional[Status] = wire.message(4, Status)


@dataclass
class ImportCustomersResponse:
    """What became of the rows of one request, in order."""

    FULL_NAME: ClassVar[str] = "customers.v1.ImportCustomersResponse"

    results: List[ImportResult] = wire.messages(1, ImportResult)


@dataclass
class ExportCustomersRequest:
    """What to export."""

    FULL_NAME: ClassVar[str] = "customers.v1.ExportCustomersRequest"

    #: As in a list; empty = all.
    filter: str = wire.string(1)


@dataclass
class ExportCustomersResponse:
    """A part of an export."""

    FULL_NAME: ClassVar[str] = "customers.v1.ExportCustomersResponse"

    customers: List[Customer] = wire.messages(1, Customer)
    #: Where to watch from: nothing lost, nothing twice. On the last message only.
    resume_token: str = wire.string(2)


@dataclass
class WatchCustomersRequest:
    """Which changes to return."""

    FULL_NAME: ClassVar[str] = "customers.v1.WatchCustomersRequest"

    #: The token to go on from. Empty = from now.
    resume_token: str = wire.string(1)
    #: Whether to begin with the oldest change that is kept.
    from_start: bool = wire.boolean(2)
    #: Whether to end instead of waiting for more.
    stop_at_end: bool = wire.boolean(3)
    #: The customer to watch. Empty = all.
    customer_id: str = wire.string(4)


@dataclass
class Author:
    """Who made a change, as the server saw it; what it doesn't know isn't there."""

    FULL_NAME: ClassVar[str] = "customers.v1.Author"

    #: The user's number.
    user_id: Optional[int] = wire.optional_integer(1, Kind.UINT32)
    #: The group's number.
    group_id: Optional[int] = wire.optional_integer(2, Kind.UINT32)
    #: The process's number.
    process_id: Optional[int] = wire.optional_integer(3, Kind.INT32)
    #: The program's short name, or empty. For people: a process may call itself anything.
    program: str = wire.string(4)


@dataclass
class Change:
    """One change of one customer."""

    FULL_NAME: ClassVar[str] = "customers.v1.Change"

    class Kind(enum.IntEnum):
        """What happened."""

        #: Nothing; there is a newer token only.
        NONE = 0
        CREATED = 1
        UPDATED = 2
        DELETED = 3
        ERASED = 4

    #: Where to go on from behind this change.
    resume_token: str = wire.string(1)
    kind: Kind = wire.enumeration(2, Kind)
    #: The record after the change. DELETED: before it; ERASED: id and version only.
    customer: Optional[Customer] = wire.message(3, Customer)
    change_time: Optional[Timestamp] = wire.message(4, Timestamp)
    #: Who made it; None = not known.
    author: Optional[Author] = wire.message(6, Author)


@dataclass
class StoreSettings:
    """Rules that are set for a store, and stay with it."""

    FULL_NAME: ClassVar[str] = "customers.v1.StoreSettings"

    #: Whether no two customers may have one e-mail address.
    unique_email: bool = wire.boolean(1)
    #: How long past changes are kept, an hour at least. None = for ever.
    history_retention: Optional[Duration] = wire.message(2, Duration)
    unknown_fields: bytes = wire.unknown()


@dataclass
class GetStatusRequest:
    """Asks nothing."""

    FULL_NAME: ClassVar[str] = "customers.v1.GetStatusRequest"


@dataclass
class StoreStatus:
    """What the store holds and who serves it."""

    FULL_NAME: ClassVar[str] = "customers.v1.StoreStatus"

    #: Random, made with the store; part of every token.
    store_id: str = wire.string(1)
    #: The daemon's version.
    server_version: str = wire.string(2)
    #: When the daemon started.
    start_time: Optional[Timestamp] = wire.message(3, Timestamp)
    customer_count: int = wire.integer(4, Kind.UINT64)
    #: How many changes were ever made.
    change_count: int = wire.integer(5, Kind.UINT64)
    #: The database's size, its log included.
    database_bytes: int = wire.integer(6, Kind.UINT64)
    #: The version of the store's tables, not of the protocol.
    schema_version: int = wire.integer(7, Kind.UINT32)
    #: How many changes wait to be taken into the search index; a search sees them.
    unindexed_count: int = wire.integer(8, Kind.UINT64)
    #: Whether traces of erased customers are still being overwritten in the database's files.
    erasing: bool = wire.boolean(9)
    #: When the oldest change that is kept was made; None = there is none.
    oldest_change_time: Optional[Timestamp] = wire.message(10, Timestamp)
    settings: Optional[StoreSettings] = wire.message(11, StoreSettings)


@dataclass
class GetSettingsRequest:
    """Asks nothing."""

    FULL_NAME: ClassVar[str] = "customers.v1.GetSettingsRequest"


@dataclass
class UpdateSettingsRequest:
    """What to set."""

    FULL_NAME: ClassVar[str] = "customers.v1.UpdateSettingsRequest"

    settings: Optional[StoreSettings] = wire.message(1, StoreSettings)
    #: Which to set. None = all.
    update_mask: Optional[FieldMask] = wire.message(2, FieldMask)


@dataclass
class BackUpStoreRequest:
    """Asks nothing."""

    FULL_NAME: ClassVar[str] = "customers.v1.BackUpStoreRequest"


@dataclass
class BackUpStoreResponse:
    """A piece of a copy of the database."""

    FULL_NAME: ClassVar[str] = "customers.v1.BackUpStoreResponse"

    #: The next bytes of the file.
    data: bytes = wire.binary(1)
    #: The size of the whole file, in every piece.
    total_bytes: int = wire.integer(2, Kind.UINT64)
    #: Where to watch from behind what the copy holds. On the last piece only.
    resume_token: str = wire.string(3)
