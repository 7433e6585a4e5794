"""Wire bytes: against Python's protobuf, and those that are no message."""

import dataclasses
import os
import random
import unittest

from customers import (
    Address,
    Customer,
    PhoneNumber,
    StoreSettings,
    Timestamp,
    WireError,
    decode,
    encode,
    wire,
)
from customers.envelope import Request, Response
from customers.messages import BackUpStoreResponse, Change, ListCustomersRequest
from customers.well_known import Any, ErrorInfo, Status
from customers.wire import Kind, Label, fields_of

from .support import judge_class
from .test_schema import message_types

#: Where random tests begin; printed when one fails, and taken from the environment.
SEED = int(os.environ.get("SEED") or random.randrange(1 << 32))


class JudgedTests(unittest.TestCase):
    """Messages and bytes on which Python's protobuf is asked too."""

    def test_worked_example_of_the_protocol_page(self):
        request = Request(
            service="customers.v1.CustomerService",
            method="GetCustomer",
            payload=b"\x0a\x24" + b"0198c0de-0000-7000-8000-000000000001",
            timeout_nano=2_000_000_000,
        )
        data = encode(request)
        self.assertEqual(len(data), 89)
        self.assertTrue(data.endswith(bytes.fromhex("20 80 a8 d6 b9 07")))
        answer = bytes.fromhex("0a1608051212637573746f6d6572206e6f7420666f756e64")
        self.assertEqual(decode(Response, answer), Response(Status(5, "customer not found")))

    def test_random_messages_have_the_bytes_that_protobuf_gives_them(self):
        generator = random.Random(SEED)
        for message_type in message_types():
            for _ in range(40):
                # The order of a dictionary's entries is nobody's but ours: one entry at most.
                message = random_message(generator, message_type, entries_max=1)
                data = encode(message)
                judge = judge_class(message_type.FULL_NAME).FromString(data)
                with self.subTest(message_type.FULL_NAME, seed=SEED):
                    self.assertEqual(judge.SerializeToString(deterministic=True), data)
                    self.assertEqual(decode(message_type, data), message)
                    self.assert_same(message, judge)
                    self.assertEqual(decode(message_type, judge.SerializeToString()), message)

    def test_damaged_bytes_are_read_as_protobuf_reads_them_or_refused(self):
        generator = random.Random(SEED)
        for message_type in (Customer, Change, Request, Response, ErrorInfo, StoreSettings):
            judge_type = judge_class(message_type.FULL_NAME)
            for _ in range(600):
                data = damaged(generator, encode(random_message(generator, message_type)))
                with self.subTest(message_type.FULL_NAME, seed=SEED, data=data.hex()):
                    try:
                        judge = judge_type.FromString(data)
                    except Exception:  # its own class, by version
                        judge = None
                    if judge is None:
                        self.assertRaises(WireError, decode, message_type, data)
                    else:
                        self.assert_same(decode(message_type, data), judge)

    def assert_same(self, message, judge):
        """Compares a message with what protobuf holds.

        Of a dictionary's entry that has an unknown field in it, protobuf for Python makes an
        unknown field of the whole; this package, as protobuf for C++ and Go do, passes that field
        over. Such entries come of damage only.
        """
        for field in fields_of(type(message)):
            ours, theirs = getattr(message, field.name), getattr(judge, field.name)
            if field.label is Label.MAP:
                self.assertLessEqual(set(theirs), set(ours))
            elif field.label is Label.LIST:
                self.assertEqual(len(ours), len(theirs))
                for element, judged in zip(ours, theirs):
                    self.assert_same_value(field, element, judged)
            elif ours is None:
                self.assertFalse(judge.HasField(field.name))
            elif field.label is Label.OPTIONAL:
                self.assertTrue(judge.HasField(field.name))
                self.assertEqual(ours, theirs)
            else:
                self.assert_same_value(field, ours, theirs)

    def assert_same_value(self, field, ours, theirs):
        if field.kind is Kind.MESSAGE:
            self.assert_same(ours, theirs)
        else:
            self.assertEqual(ours, theirs)


class UnknownFieldTests(unittest.TestCase):
    """A newer daemon's fields: 100 = "new", 7 in a group, all that the schema doesn't name."""

    NEWER = bytes.fromhex("a2 06 03") + b"new" + bytes.fromhex("93 06 08 07 94 06")

    def test_they_go_back_with_every_message_that_goes_back(self):
        for message in (Customer(customer_id="a"), PhoneNumber("a"), Address("a"),
                        StoreSettings(unique_email=True)):
            with self.subTest(type(message).__name__):
                data = self.NEWER + encode(message)
                read = decode(type(message), data)
                self.assertEqual(encode(read), encode(message) + self.NEWER)

    def test_they_survive_a_change_of_known_fields_and_a_copy(self):
        read = decode(Customer, encode(Customer(first_name="Ann")) + self.NEWER)
        changed = dataclasses.replace(read, first_name="Anna")
        self.assertTrue(encode(changed).endswith(self.NEWER))

    def test_a_field_of_another_wire_type_is_an_unknown_one(self):
        data = bytes.fromhex("18 05")  # field 3, first_name, as a number
        read = decode(Customer, data)
        self.assertEqual((read.first_name, encode(read)), ("", data))

    def test_an_enumeration_keeps_a_number_without_a_name(self):
        read = decode(PhoneNumber, bytes.fromhex("10 63"))
        self.assertEqual((read.type, encode(read)), (99, bytes.fromhex("10 63")))


class RefusalTests(unittest.TestCase):
    """Bytes that are no message, and values that fit no field."""

    def assert_refused(self, message_type, data, text):
        with self.assertRaises(WireError) as caught:
            decode(message_type, bytes.fromhex(data))
        self.assertEqual(str(caught.exception), text)

    def test_bytes(self):
        for data, text in [
            ("0a", "byte 1: bytes end within a number"),
            ("0a 05 61", "byte 1: length 5 is over the 1 bytes left"),
            ("0a 01 ff", "byte 2: string is not UTF-8"),
            ("00", "byte 0: field number 0 is not in 1...536870911"),
            ("0e", "byte 0: wire type 6 is unknown"),
            ("10 80 80 80 80 80 80 80 80 80 80 01", "byte 1: number is longer than 10 bytes"),
            ("94 06", "byte 2: group 98 ends without a beginning"),
            ("93 06 9c 06", "byte 4: group 99 ends without a beginning"),
            ("93 06", "byte 2: bytes end within a number"),
            ("9d 06 00", "byte 3: bytes end within a number"),
            ("3a 02 0a 05", "byte 3: length 5 is over the 0 bytes left"),
        ]:
            with self.subTest(data):
                self.assert_refused(Customer, data, text)

    def test_elements_up_to_the_limit_and_not_one_more(self):
        one = encode(Customer(phones=[PhoneNumber()]))
        self.assertEqual(len(decode(Customer, one * wire.ELEMENTS_MAX).phones), wire.ELEMENTS_MAX)
        with self.assertRaisesRegex(WireError, "more than 262144 elements in one message"):
            decode(Customer, one * (wire.ELEMENTS_MAX + 1))

    def test_groups_up_to_the_limit_and_not_one_more(self):
        for depth in (wire.GROUP_DEPTH_MAX, 100_000):
            data = b"\x93\x06" * depth + b"\x94\x06" * depth
            if depth <= wire.GROUP_DEPTH_MAX:
                self.assertEqual(encode(decode(Customer, data)), data)
            else:
                with self.assertRaisesRegex(WireError, "groups are deeper than 100"):
                    decode(Customer, data)

    def test_values(self):
        for message, text in [
            (Customer(first_name=5), "first_name: int is not str"),
            (Customer(first_name=None), "first_name: NoneType is not str"),
            (Customer(first_name="\ud800"), "first_name: surrogates not allowed at character 0"),
            (Customer(version=-1), "version: -1 is not in 0...18446744073709551615"),
            (Customer(version=1 << 64),
             "version: 18446744073709551616 is not in 0...18446744073709551615"),
            (Customer(version="1"), "version: str is not int"),
            (ListCustomersRequest(page_size=1 << 31),
             "page_size: 2147483648 is not in -2147483648...2147483647"),
            (Customer(phones="none"), "phones: str is not list"),
            (Customer(phones=["+61"]), "phones: str is not the message it takes"),
            (Customer(attributes={"a": 1}), "attributes: int is not str"),
            (Customer(attributes=[]), "attributes: list is not dict"),
            (Customer(create_time=1.5), "create_time: float is not the message it takes"),
            (BackUpStoreResponse(data="a"), "data: str is not bytes"),
        ]:
            with self.subTest(text):
                with self.assertRaises(WireError) as caught:
                    encode(message)
                self.assertEqual(str(caught.exception), text)

    def test_entries_of_a_dictionary_stand_in_the_order_of_their_keys(self):
        message = Customer(attributes={"b": "2", "": "0", "a": "1"})
        entries = "4a 05 0a 00 12 01 30 4a 06 0a 01 61 12 01 31 4a 06 0a 01 62 12 01 32"
        self.assertEqual(encode(message), bytes.fromhex(entries))

    def test_numbers_at_their_limits(self):
        for message in (Customer(version=(1 << 64) - 1), ListCustomersRequest(-(1 << 31)),
                        Timestamp(-(1 << 63), (1 << 31) - 1)):
            self.assertEqual(decode(type(message), encode(message)), message)


def random_message(generator, message_type, depth=0, entries_max=5):
    """A message of a class with some of its fields set."""
    message = message_type()
    for field in fields_of(message_type):
        if generator.random() < 0.3 or depth > 4:
            continue
        count = generator.choice([0, 1, 1, 2, 5])
        if field.label is Label.MAP:
            entry_count = min(count, entries_max)
            value = {random_text(generator): random_text(generator) for _ in range(entry_count)}
        elif field.label is Label.LIST:
            value = [random_value(generator, field, depth, entries_max) for _ in range(count)]
        else:
            value = random_value(generator, field, depth, entries_max)
        setattr(message, field.name, value)
    return message


def random_value(generator, field, depth, entries_max):
    if field.kind is Kind.STRING:
        return random_text(generator)
    if field.kind is Kind.BYTES:
        return generator.randbytes(generator.choice([0, 1, 3, 200]))
    if field.kind is Kind.BOOL:
        return generator.random() < 0.5
    if field.kind is Kind.ENUM:
        return generator.choice(list(field.type))
    if field.kind is Kind.MESSAGE:
        if field.type is Any:
            return Any(random_text(generator), generator.randbytes(4))
        return random_message(generator, field.type, depth + 1, entries_max)
    first, last = wire.number_range(field.kind)
    return generator.choice([0, 1, 127, 128, first, last, generator.randint(first, last)])


def random_text(generator):
    letters = "ab yß\u00e9\u4e2d\U0001f600\x00\u202e"
    return "".join(generator.choice(letters) for _ in range(generator.choice([0, 1, 4, 130])))


def damaged(generator, data):
    """The bytes with a few of them changed, left out or doubled."""
    damaged_bytes = bytearray(data)
    for _ in range(generator.randint(1, 3)):
        at = generator.randrange(len(damaged_bytes) + 1)
        end = at + generator.randint(0, 4)
        middle = generator.choice([b"", generator.randbytes(2), damaged_bytes[at:end] * 2])
        damaged_bytes[at:end] = middle
    return bytes(damaged_bytes)
