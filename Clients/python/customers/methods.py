"""The calls of the services in `Schema/customers.proto`; a test holds every one to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Type, TypeVar

from . import messages

Q = TypeVar("Q")
R = TypeVar("R")


@dataclass(frozen=True)
class Method(Generic[Q, R]):
    """A call: its name, its messages and how it behaves."""

    service: str
    name: str
    request: Type[Q]
    response: Type[R]
    client_streams: bool = False
    server_streams: bool = False
    #: Whether it changes what is stored. Such a call is repeated, when the connection is lost, only
    #: where its id or the version that it rests on tells whether it was done.
    is_writing: bool = False


def _customers(name: str, request: Type[Q], response: Type[R], **behaviour: Any) -> Method[Q, R]:
    return Method("customers.v1.CustomerService", name, request, response, **behaviour)


def _store(name: str, request: Type[Q], response: Type[R], **behaviour: Any) -> Method[Q, R]:
    return Method("customers.v1.StoreService", name, request, response, **behaviour)


CREATE = _customers(
    "CreateCustomer", messages.CreateCustomerRequest, messages.Customer, is_writing=True
)
GET = _customers("GetCustomer", messages.GetCustomerRequest, messages.Customer)
UPDATE = _customers(
    "UpdateCustomer", messages.UpdateCustomerRequest, messages.Customer, is_writing=True
)
DELETE = _customers(
    "DeleteCustomer",
    messages.DeleteCustomerRequest,
    messages.DeleteCustomerResponse,
    is_writing=True,
)
LIST = _customers("ListCustomers", messages.ListCustomersRequest, messages.ListCustomersResponse)
SEARCH = _customers(
    "SearchCustomers", messages.SearchCustomersRequest, messages.SearchCustomersResponse
)
BATCH_GET = _customers(
    "BatchGetCustomers", messages.BatchGetCustomersRequest, messages.BatchGetCustomersResponse
)
IMPORT = _customers(
    "ImportCustomers",
    messages.ImportCustomersRequest,
    messages.ImportCustomersResponse,
    client_streams=True,
    server_streams=True,
    is_writing=True,
)
EXPORT = _customers(
    "ExportCustomers",
    messages.ExportCustomersRequest,
    messages.ExportCustomersResponse,
    server_streams=True,
)
WATCH = _customers(
    "WatchCustomers", messages.WatchCustomersRequest, messages.Change, server_streams=True
)
STATUS = _store("GetStatus", messages.GetStatusRequest, messages.StoreStatus)
SETTINGS = _store("GetSettings", messages.GetSettingsRequest, messages.StoreSettings)
UPDATE_SETTINGS = _store(
    "UpdateSettings", messages.UpdateSettingsRequest, messages.StoreSettings, is_writing=True
)
BACK_UP = _store(
    "BackUpStore", messages.BackUpStoreRequest, messages.BackUpStoreResponse, server_streams=True
)

#: All calls.
ALL = (
    CREATE, GET, UPDATE, DELETE, LIST, SEARCH, BATCH_GET, IMPORT, EXPORT, WATCH,
    STATUS, SETTINGS, UPDATE_SETTINGS, BACK_UP,
)  # fmt: skip
