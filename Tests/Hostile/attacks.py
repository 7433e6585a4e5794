"""What a caller does who is greedy, slow, careless or out to harm; each lasts a few seconds."""

from __future__ import annotations

import random
import socket
import time
import uuid
from typing import Any, Callable, List, Tuple

from rude import DATA_LENGTH_MAX, Rude, api, closed, methods, wire
from customers.envelope import Request
from customers.frames import DATA, REQUEST, Frame, encode_frame
from customers.messages import (
    BackUpStoreRequest,
    BatchGetCustomersRequest,
    CreateCustomerRequest,
    Customer,
    DeleteCustomerRequest,
    ExportCustomersRequest,
    GetCustomerRequest,
    GetSettingsRequest,
    GetStatusRequest,
    ImportCustomersRequest,
    ListCustomersRequest,
    SearchCustomersRequest,
    StoreSettings,
    UpdateCustomerRequest,
    UpdateSettingsRequest,
    WatchCustomersRequest,
)
from customers.well_known import FieldMask

#: How many connections one attacker holds at a time: several share a user's 512.
CONNECTIONS_MAX = 60

ORDERS = ["lastName", "lastName desc", "updateTime", "updateTime desc", "emailAddress", ""]
FILTERS = [
    "", 'lastName = "s*"', 'attributes.tier = "gold"', 'updateTime >= "2020-01-01T00:00:00Z"',
]


class Attack:
    """Where, until when, and by which chance."""

    def __init__(self, socket_path: str, chance: random.Random, end: float) -> None:
        self.path = socket_path
        self.chance = chance
        self.end = end
        #: Customers that attackers made, to be changed by them only.
        self.mine: List[str] = []

    @property
    def goes_on(self) -> bool:
        return time.monotonic() < self.end

    def connect(self) -> Rude:
        return Rude(self.path)

    def customer(self) -> Customer:
        customer_id = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        self.mine = [*self.mine[-999:], customer_id]
        word = f"h{self.chance.randrange(36**6):x}"
        attributes = {"hostile": word, "tier": "tin"}
        return Customer(customer_id, 0, "Mallory", word, attributes=attributes)

    def any_call(self) -> Tuple[methods.Method[Any, Any], Any]:
        """A call of any kind, of any weight."""
        chance = self.chance
        some_id = chance.choice(self.mine) if self.mine else str(uuid.uuid4())
        rows = [self.customer() for _ in range(chance.choice([1, 10, 200]))]
        changed = Customer(some_id, 0, "Mallory", f"h{chance.random()}")
        return chance.choice([
            (methods.CREATE, CreateCustomerRequest(self.customer())),
            (methods.GET, GetCustomerRequest(some_id)),
            (methods.UPDATE, UpdateCustomerRequest(changed, FieldMask(["last_name"]))),
            (methods.DELETE, DeleteCustomerRequest(some_id, 0, chance.random() < 0.2)),
            (methods.LIST, ListCustomersRequest(
                chance.choice([1, 100, 1000]), "", chance.choice(FILTERS), chance.choice(ORDERS))),
            (methods.SEARCH, SearchCustomersRequest(chance.choice("aeiouls"), 100)),
            (methods.BATCH_GET, BatchGetCustomersRequest(self.mine[-100:])),
            (methods.IMPORT, ImportCustomersRequest(customers=rows)),
            (methods.EXPORT, ExportCustomersRequest(chance.choice(FILTERS))),
            (methods.WATCH, WatchCustomersRequest(
                "", chance.random() < 0.5, chance.random() < 0.5)),
            (methods.STATUS, GetStatusRequest()),
            (methods.SETTINGS, GetSettingsRequest()),
            (methods.UPDATE_SETTINGS, UpdateSettingsRequest(
                StoreSettings(unique_email=False), FieldMask(["unique_email"]))),
            (methods.BACK_UP, BackUpStoreRequest()),
        ])


def deadlines(attack: Attack) -> None:
    """Calls of every kind whose time passes at every moment of their work."""
    while attack.goes_on:
        rude = attack.connect()
        for _ in range(attack.chance.choice([5, 50, 300])):
            method, message = attack.any_call()
            rude.call(method, message, int(10 ** attack.chance.uniform(3, 7.7)))
            rude.read(attack.chance.choice([0, 0, 0.001]))
        rude.read(0.2, 64 << 20)
        rude.close()


def short_lists(attack: Attack) -> None:
    """Scans that take no longer than their deadline, or hardly: some end while they end."""
    chance = attack.chance
    rude = attack.connect()
    while attack.goes_on and rude.is_open:
        calls = []
        for _ in range(chance.choice([1, 10, 100])):
            filter, order = chance.choice(FILTERS), chance.choice(ORDERS)
            list = ListCustomersRequest(chance.choice([1, 1, 100]), "", filter, order)
            calls.append(rude.opening(methods.LIST, list, int(10 ** chance.uniform(4, 5.5))))
        search = SearchCustomersRequest(f"smith{chance.randrange(10_000)}", 1)
        calls.append(rude.opening(methods.SEARCH, search, int(10 ** chance.uniform(4, 5.5))))
        rude.send(b"".join(calls))
        rude.read(0.02, 1 << 20)
    rude.close()


def impatient(attack: Attack) -> None:
    """An honest client that leaves at its timeout: just when the call's work may be ending."""
    chance = attack.chance
    client = api.CustomerClient(attack.path)
    while attack.goes_on:
        # Mostly what is quick, because of that more is at its end.
        is_quick = chance.random() < 0.7
        filter, order = ("", "") if is_quick else (chance.choice(FILTERS), chance.choice(ORDERS))
        usual = 1.0
        for _ in range(100):
            begun = time.monotonic()
            try:
                timeout = usual * chance.uniform(0.2, 1.2)
                client.list_page(1, filter=filter, order_by=order, timeout=timeout)
                usual = min(usual * 1.2, time.monotonic() - begun)
            except api.DeadlineExceeded:
                usual *= 1.05
            except api.CustomersError:
                break
    client.close()


def disconnects(attack: Attack) -> None:
    """Calls of every kind whose caller goes away at every moment of their work."""
    while attack.goes_on:
        rude = attack.connect()
        for _ in range(attack.chance.choice([1, 1, 20])):
            rude.call(*attack.any_call())
        if attack.chance.random() < 0.5:
            time.sleep(10 ** attack.chance.uniform(-5, -1.5))
        if attack.chance.random() < 0.2 and rude.is_open:
            rude.socket.shutdown(socket.SHUT_WR)
            rude.read(0.05)
        rude.close(resets=attack.chance.random() < 0.5)


def half_frames(attack: Attack) -> None:
    """Frames of the largest size of which the end never comes."""
    held = []
    for _ in range(CONNECTIONS_MAX):
        rude = attack.connect()
        count = attack.chance.choice([0, 100, 1 << 20, DATA_LENGTH_MAX - 1])
        kind = attack.chance.choice([REQUEST, DATA])
        rude.send(encode_frame(Frame(1, kind, 0, bytes(DATA_LENGTH_MAX)))[:10 + count])
        held.append(rude)
        if not attack.goes_on:
            break
    while attack.goes_on:
        time.sleep(0.1)
    closed(held)


def drips(attack: Attack) -> None:
    """Frames that come byte by byte, and answers that are read byte by byte."""
    rudes = [attack.connect() for _ in range(20)]
    waiting = [rude.opening(*attack.any_call()) for rude in rudes]
    while attack.goes_on:
        for number, rude in enumerate(rudes):
            if not rude.is_open:
                continue
            rude.send(waiting[number][:1])
            waiting[number] = waiting[number][1:] or rude.opening(*attack.any_call())
            rude.read(0, 1)
        time.sleep(0.005)
    closed(rudes)


def unread(attack: Attack, method: Any, message: Any, streams: int, connections: int) -> None:
    """Opens many calls and reads no answer."""
    rudes = []
    for _ in range(connections):
        rude = attack.connect()
        rude.socket.settimeout(0.5)
        rude.send(b"".join(rude.opening(method, message) for _ in range(streams)))
        rudes.append(rude)
    while attack.goes_on:
        time.sleep(0.1)
    closed(rudes)


def unread_lists(attack: Attack) -> None:
    """Some KB of requests whose answers are hundreds of MB."""
    order = attack.chance.choice(ORDERS)
    unread(attack, methods.LIST, ListCustomersRequest(1000, "", "", order), 1000, 4)


def unread_exports(attack: Attack) -> None:
    """A thousand snapshots of the whole store."""
    unread(attack, methods.EXPORT, ExportCustomersRequest(), 1000, 1)


def unread_backups(attack: Attack) -> None:
    """Copies of the store that nobody takes."""
    unread(attack, methods.BACK_UP, BackUpStoreRequest(), 20, 2)


def watches(attack: Attack) -> None:
    """As many watches as may be, none of them read."""
    from_start = attack.chance.random() < 0.5
    unread(attack, methods.WATCH, WatchCustomersRequest("", from_start), 1024, 4)


def sorted_lists(attack: Attack) -> None:
    """Keeps a thousand expensive lists at work, and reads the answers as fast as they come."""
    rude = attack.connect()
    while attack.goes_on and rude.is_open:
        for _ in range(250):
            order, filter = attack.chance.choice(ORDERS), attack.chance.choice(FILTERS)
            rude.call(methods.LIST, ListCustomersRequest(1000, "", filter, order))
        rude.read(0.5, 256 << 20)
    rude.close()


def searches(attack: Attack) -> None:
    """Searches for what nearly everybody has."""
    rudes = [attack.connect() for _ in range(8)]
    while attack.goes_on:
        for rude in rudes:
            for _ in range(20):
                rude.call(methods.SEARCH, SearchCustomersRequest(attack.chance.choice("aeis"), 100))
            rude.read(0.02, 4 << 20)
    closed(rudes)


def entry(key: bytes, value: bytes) -> bytes:
    return field(9, field(1, key) + field(2, value))


def field(number: int, data: bytes) -> bytes:
    length, head = len(data), [number << 3 | 2]
    while length >= 0x80:
        head.append(length & 0x7F | 0x80)
        length >>= 7
    return bytes([*head, length]) + data


def map_bombs(attack: Attack) -> None:
    """Messages of 3 MB that are hard to read: maps in parts and out of order, depths, lists."""
    keys = [b"%07d" % number for number in range(90_000, 0, -1)]
    parts = b"".join(field(1, entry(key, b"")) for key in keys)
    whole = field(1, b"".join(entry(key, b"v" * 10) for key in keys))
    deep = b""
    for _ in range(200):
        deep = field(1, deep)
    empty = field(1, b"\x3a\x00" * 1_500_000)
    while attack.goes_on:
        rude = attack.connect()
        for payload in attack.chance.sample([parts, whole, deep, empty], 3):
            rude.call(attack.chance.choice([methods.CREATE, methods.UPDATE]), None, payload=payload)
        rude.read(0.3)
        rude.close()


def connections(attack: Attack) -> None:
    """Connections that come and go, and such as say nothing."""
    held: List[Rude] = []
    while attack.goes_on:
        held.append(attack.connect())
        if attack.chance.random() < 0.3:
            held[-1].send(attack.chance.randbytes(attack.chance.choice([1, 10, 100])))
        if len(held) > CONNECTIONS_MAX or attack.chance.random() < 0.5:
            held.pop(attack.chance.randrange(len(held))).close()
    closed(held)


def noise(attack: Attack) -> None:
    """Frames of every kind in every order, and bytes that are no frames."""
    while attack.goes_on:
        rude = attack.connect()
        for _ in range(attack.chance.choice([1, 30])):
            method, message = attack.any_call()
            payload = wire.encode(message)
            request = bytearray(wire.encode(Request(method.service, method.name, payload)))
            for _ in range(attack.chance.choice([0, 1, 5])):
                request[attack.chance.randrange(len(request))] = attack.chance.randrange(256)
            kind, flags = attack.chance.randrange(5), attack.chance.randrange(8)
            rude.send(encode_frame(Frame(attack.chance.randrange(12), kind, flags, bytes(request))))
        if attack.chance.random() < 0.5:
            rude.send(b"\0" + attack.chance.randbytes(100))
        rude.read(0.01)
        rude.close()


def imports(attack: Attack) -> None:
    """Imports of as many rows as a message may have, some by a field that finds each row."""
    match = attack.chance.choice(["", "emailAddress", "attributes.hostile"])
    count = attack.chance.choice([500, 10_000]) if not match else 500
    rude = attack.connect()
    rude.socket.settimeout(10)
    rows = [attack.customer() for _ in range(count)]
    for row in rows:
        row.email_address = f"{row.last_name}@example.org"
        if match:
            row.customer_id = ""
    rude.call(methods.IMPORT, ImportCustomersRequest(match=match, customers=rows))
    for _ in range(3):
        rude.send(encode_frame(Frame(
            rude.stream_id, DATA, 0, wire.encode(ImportCustomersRequest(customers=rows)))))
        rude.read(0.1)
    while attack.goes_on and rude.read(0.5):
        pass
    rude.close()


def stuck_import(attack: Attack) -> None:
    """Imports that are never ended and whose answers are never read."""
    rows = [attack.customer() for _ in range(100)]
    message = wire.encode(ImportCustomersRequest(mode=2, customers=rows))  # VALIDATE
    rudes = [attack.connect() for _ in range(5)]
    for rude in rudes:
        rude.socket.settimeout(0.3)
        rude.call(methods.IMPORT, None, payload=message)
    while attack.goes_on and any(rude.is_open for rude in rudes):
        for rude in rudes:
            rude.send(encode_frame(Frame(rude.stream_id, DATA, 0, message)))
    closed(rudes)


def writes(attack: Attack) -> None:
    """As many small writes as go in, on many connections."""
    rudes = [attack.connect() for _ in range(10)]
    while attack.goes_on:
        for rude in rudes:
            for _ in range(30):
                rude.call(methods.CREATE, CreateCustomerRequest(attack.customer()))
            if attack.mine:
                erased = DeleteCustomerRequest(attack.chance.choice(attack.mine), 0, True)
                rude.call(methods.DELETE, erased)
            rude.read(0.02, 1 << 20)
        time.sleep(0.05)
    closed(rudes)


ALL: List[Callable[[Attack], None]] = [
    deadlines, short_lists, impatient, impatient, disconnects, half_frames, drips, unread_lists,
    unread_exports, unread_backups, watches, sorted_lists, searches, map_bombs, connections, noise,
    imports, stuck_import, writes,
]
