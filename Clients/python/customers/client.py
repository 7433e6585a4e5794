"""The client: a method for every call of the daemon."""

from __future__ import annotations

import os
import random
import time
import uuid
from dataclasses import replace
from typing import Any, Callable, Iterable, Iterator, List, Optional, Sequence

from . import methods, wire
from .channel import Channel
from .connection import Connection
from .deadline import Deadline
from .edits import changed_paths, contested, is_written
from .errors import (
    AlreadyExists,
    Conflict,
    DeadlineExceeded,
    NotFound,
    Outcome,
    PermissionDenied,
    ProtocolError,
    Unavailable,
    Unimplemented,
)
from .messages import (
    BackUpStoreRequest,
    BatchGetCustomersRequest,
    CreateCustomerRequest,
    Customer,
    DeleteCustomerRequest,
    GetCustomerRequest,
    GetSettingsRequest,
    GetStatusRequest,
    ImportCustomersRequest,
    ListCustomersRequest,
    ListCustomersResponse,
    SearchCustomersRequest,
    StoreSettings,
    StoreStatus,
    UpdateCustomerRequest,
    UpdateSettingsRequest,
    WatchCustomersRequest,
)
from .methods import Method, Q, R
from .socket_path import check_folder, connect, default_socket_path
from .streams import Backup, Export, Import, Watch
from .well_known import FieldMask

#: The ids that one call can carry.
_BATCH_IDS_MAX = 1000

#: How long an edit waits at most before it is made again, the first time and later.
_PAUSE_SECONDS_MIN, _PAUSE_SECONDS_MAX = 0.001, 0.1

Mode = ImportCustomersRequest.Mode


class CustomerClient:
    """The customers of this computer, kept by the daemon `customerd`.

    One client serves a whole program: any thread may use it at any time. It connects when the first
    call is made and again when the daemon was restarted. Calls that can do no harm twice are
    repeated when the connection is lost: those that read, and those that make a customer or rest
    on a version. The others fail with `Unavailable`.

    Times are in seconds. A unary call waits for the client's `timeout` unless it is given another;
    streams take as long as they take unless they are given one. `math.inf` = no limit.
    """

    def __init__(self, socket_path: Optional[str] = None, *, timeout: float = 10.0) -> None:
        """Creates a client; connects when it is needed.

        `socket_path` is where the daemon listens; None = `default_socket_path()`.
        """
        self.socket_path = default_socket_path() if socket_path is None else socket_path
        self.timeout = timeout
        is_made_up = socket_path is None
        path = self.socket_path

        def connection(deadline: Deadline) -> Connection:
            if is_made_up:  # in the temporary folder anybody could have put a socket there
                check_folder(path)
            return Connection(connect(path, deadline))

        self._channel = Channel(connection)

    def __enter__(self) -> CustomerClient:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends all calls with `Cancelled`, and refuses more."""
        self._channel.close()

    def wait_until_ready(self, timeout: float = 10.0) -> None:
        """Waits until a daemon answers, for a program that starts together with it.

        Raises Unavailable if none has answered by then.
        """
        end = time.monotonic() + timeout
        while True:
            left = end - time.monotonic()
            try:
                self.status(timeout=max(min(left, 1.0), 0.001))
                return
            except (Unimplemented, PermissionDenied):
                return  # a daemon that says no is a daemon
            except (Unavailable, DeadlineExceeded) as error:
                if left <= 0:
                    message = f"no daemon answered within {timeout:g} s: {error.message}"
                    raise Unavailable(message) from None
            time.sleep(min(0.02, max(left, 0)))

    # Customers

    def create(self, customer: Customer, *, timeout: Optional[float] = None) -> Customer:
        """Adds a customer and returns it as it was stored, at version 1.

        An empty id is filled in before it is sent, so that the call can be repeated when its answer
        is lost; empty keys of phones and addresses are filled in by the daemon.
        """
        if customer.customer_id:
            return self._unary(methods.CREATE, CreateCustomerRequest(customer), timeout)
        named = replace(customer, customer_id=_new_id())
        try:
            return self._unary(methods.CREATE, CreateCustomerRequest(named), timeout, True)
        except AlreadyExists as error:
            if error.outcome is not Outcome.PERHAPS_DONE:
                raise
        # Nobody else knows the id: the second attempt has met the first.
        return self.get(named.customer_id, 1, timeout=timeout)

    def get(
        self, customer_id: str, version: int = 0, *, timeout: Optional[float] = None
    ) -> Customer:
        """Reads a customer; `version` is a past one, 0 = the latest."""
        return self._unary(methods.GET, GetCustomerRequest(customer_id, version), timeout)

    def update(
        self,
        customer: Customer,
        mask: Optional[Sequence[str]] = None,
        *,
        allow_missing: bool = False,
        allow_merge: bool = False,
        timeout: Optional[float] = None,
    ) -> Customer:
        """Changes a customer and returns it as it was stored.

        Its id names the customer, its version is the one that the change rests on; 0 = whatever it
        is now. `mask` are the fields to change, such as `["last_name", "attributes.tier"]`; None =
        those that are set, `["*"]` = all. `allow_missing` adds the customer if it isn't there, or
        was deleted; `allow_merge` changes it although others wrote since that version, if they
        changed nothing of the same. A change that changes nothing keeps the version.
        """
        request = UpdateCustomerRequest(customer, _field_mask(mask), allow_missing, allow_merge)
        try:
            return self._unary(methods.UPDATE, request, timeout, customer.version > 0)
        except Conflict as error:
            current = error.current
            is_open = error.outcome is Outcome.PERHAPS_DONE
            if current is None or not is_open:
                raise
            if not allow_merge and current.version != customer.version + 1:
                raise
            # The second attempt has met the first, if what was to be written stands there.
            if not is_written(customer, mask, current):
                raise
            return current

    def edit(
        self,
        customer_id: str,
        change: Callable[[Customer], Any],
        *,
        timeout: Optional[float] = None,
    ) -> Customer:
        """Reads a customer, lets `change` edit it and writes what changed; returns what is stored.

        What others change meanwhile stays: the daemon puts the two together. If both changed the
        same to something else, the call raises Conflict; texts, attributes, and phones and
        addresses by their keys count one by one. `change` may be called again with a newer
        customer. `timeout` is for each call.
        """
        base = self.get(customer_id, timeout=timeout)
        end = time.monotonic() + (self.timeout if timeout is None else timeout)
        pause_max = _PAUSE_SECONDS_MIN
        while True:
            edited = wire.decode(Customer, wire.encode(base))
            change(edited)
            edited.customer_id, edited.version = base.customer_id, base.version
            paths = changed_paths(base, edited)
            if not paths:
                return base
            try:
                return self.update(edited, paths, allow_merge=True, timeout=timeout)
            except Conflict as conflict:
                current = conflict.current
                if current is None or contested(base, edited, current):
                    raise
                # Both made the same of it, or what it was before is no longer kept.
                pause = random.uniform(0, pause_max)
                if time.monotonic() + pause > end:
                    raise
                time.sleep(pause)
                pause_max = min(2 * pause_max, _PAUSE_SECONDS_MAX)
                base = current

    def delete(
        self,
        customer_id: str,
        version: int = 0,
        *,
        erase: bool = False,
        timeout: Optional[float] = None,
    ) -> int:
        """Deletes a customer and returns the version of the deletion.

        `version` is the one that the deletion rests on; 0 = whatever it is now. Past versions can
        still be read, unless `erase` removes them as well, for good.
        """
        request = DeleteCustomerRequest(customer_id, version, erase)
        try:
            # What is erased leaves nothing that tells who did it.
            is_repeatable = version > 0 and not erase
            return self._unary(methods.DELETE, request, timeout, is_repeatable).version
        except NotFound as error:
            is_open = error.outcome is Outcome.PERHAPS_DONE
            if not is_open or error.deleted_at_version != version + 1:
                raise
            return version + 1

    def list_page(
        self,
        page_size: int = 0,
        page_token: str = "",
        *,
        filter: str = "",
        order_by: str = "",
        timeout: Optional[float] = None,
    ) -> ListCustomersResponse:
        """Reads a page of customers; `customers` reads them all.

        `page_size` is how many at most; 0 = 100, more than 1000 is 1000. `page_token` is the
        `next_page_token` of the page before, made with the same filter and order. `filter` is such
        as `lastName = "smi*" AND attributes.tier = "gold"`, `order_by` such as `lastName` or
        `updateTime desc`; empty = in order of creation.
        """
        request = ListCustomersRequest(page_size, page_token, filter, order_by)
        return self._unary(methods.LIST, request, timeout)

    def customers(
        self,
        *,
        filter: str = "",
        order_by: str = "",
        page_size: int = 0,
        timeout: Optional[float] = None,
    ) -> Iterator[Customer]:
        """Reads all customers, a page at a time as they are asked for; `timeout` is for each page.

        What is written meanwhile may or may not be seen; `export` shows one moment.
        """
        token = ""
        while True:
            page = self.list_page(
                page_size, token, filter=filter, order_by=order_by, timeout=timeout
            )
            yield from page.customers
            token = page.next_page_token
            if not token:
                return

    def batch_get(
        self, customer_ids: Iterable[str], *, timeout: Optional[float] = None
    ) -> List[Customer]:
        """Reads customers by their ids, in that order; those that aren't there are left out.

        More than a call can carry are read by several; `timeout` is for each.
        """
        ids = list(customer_ids)
        found: List[Customer] = []
        for start in range(0, len(ids), _BATCH_IDS_MAX):
            request = BatchGetCustomersRequest(ids[start : start + _BATCH_IDS_MAX])
            found += self._unary(methods.BATCH_GET, request, timeout).customers
        return found

    def search(
        self, query: str, limit: int = 0, *, timeout: Optional[float] = None
    ) -> List[Customer]:
        """Finds customers by words or parts of names, e-mail addresses, phone digits and addresses,
        the best match first.

        Capitals and accents don't matter. `limit` is how many at most; 0 = 20, more than 100 is
        100. What was written before is found at once.
        """
        request = SearchCustomersRequest(query, limit)
        return self._unary(methods.SEARCH, request, timeout).customers

    # Streams

    def import_customers(
        self,
        customers: Iterable[Customer],
        *,
        mode: Mode = Mode.UPSERT,
        match: str = "",
        batch_rows: int = 500,
        timeout: Optional[float] = None,
    ) -> Import:
        """Writes many customers; iterating gives what became of each, in order.

        A customer that breaks a rule stops no other. `match` is the field that finds the customer
        of a row without an id, such as `emailAddress` or `attributes.externalId`; empty = such rows
        are new customers. `batch_rows` are written in one transaction, at most 10,000. Nothing is
        written before the results are asked for.
        """
        header = ImportCustomersRequest(mode, match)
        return Import(self._channel, customers, header, batch_rows, timeout)

    def export(self, filter: str = "", *, timeout: Optional[float] = None) -> Export:
        """Returns all customers as they are at one moment.

        At its end the export's `resume_token` is where a watch goes on, with no gap.
        """
        return Export(self._channel, filter, timeout)

    def watch(
        self,
        resume_token: str = "",
        *,
        from_start: bool = False,
        stop_at_end: bool = False,
        customer_id: str = "",
        timeout: Optional[float] = None,
    ) -> Watch:
        """Follows changes as they are made, past ones first.

        It begins behind `resume_token`, the token of a change, a page, an export or a backup; or
        `from_start` with the oldest change that is kept; else with what changes from now on.
        `stop_at_end` ends it instead of waiting for more: from the start and with a `customer_id`
        that is a customer's history. A change of the kind NONE only brings a newer token.
        """
        request = WatchCustomersRequest(resume_token, from_start, stop_at_end, customer_id)
        return Watch(self._channel, request, timeout)

    def back_up(self, *, timeout: Optional[float] = None) -> Backup:
        """Returns the bytes of a copy of the database as it is at one moment, in pieces."""
        return Backup(self._channel, BackUpStoreRequest(), timeout)

    # The store

    def status(self, *, timeout: Optional[float] = None) -> StoreStatus:
        """Returns what the store holds and who serves it."""
        return self._unary(methods.STATUS, GetStatusRequest(), timeout)

    def settings(self, *, timeout: Optional[float] = None) -> StoreSettings:
        """Returns the rules that were set for this store."""
        return self._unary(methods.SETTINGS, GetSettingsRequest(), timeout)

    def update_settings(
        self,
        settings: StoreSettings,
        mask: Optional[Sequence[str]] = None,
        *,
        timeout: Optional[float] = None,
    ) -> StoreSettings:
        """Sets rules for this store and returns all of them.

        `mask` are those to set, such as `["unique_email"]`; None = all.
        """
        request = UpdateSettingsRequest(settings, _field_mask(mask))
        return self._unary(methods.UPDATE_SETTINGS, request, timeout)

    def _unary(
        self,
        method: Method[Q, R],
        request: Q,
        timeout: Optional[float],
        is_repeatable: bool = False,
    ) -> R:
        deadline = Deadline(self.timeout if timeout is None else timeout)
        data = self._channel.unary(method, wire.encode(request), deadline, is_repeatable)
        try:
            return wire.decode(method.response, data)
        except wire.WireError as error:
            raise ProtocolError(f"response can't be read: {error}") from None


def _new_id() -> str:
    """Makes the id of a customer: a UUID of version 7 (RFC 9562, 5.7), so that ids follow time."""
    random = int.from_bytes(os.urandom(10), "big")
    high = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 16 | 7 << 12 | random >> 68
    low = 2 << 62 | random & (1 << 62) - 1
    return str(uuid.UUID(int=high << 64 | low))


def _field_mask(paths: Optional[Sequence[str]]) -> Optional[FieldMask]:
    if isinstance(paths, str):
        raise TypeError(f"mask is a list of paths, not the string {paths!r}")
    return None if paths is None else FieldMask(list(paths))
