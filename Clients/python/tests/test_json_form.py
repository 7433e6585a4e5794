"""The JSON form: the sample object, Python's protobuf as the judge, and what is refused."""

import json
import random
import unittest

from customers import (
    Author,
    Customer,
    Duration,
    JSONFormError,
    PhoneNumber,
    StoreSettings,
    Timestamp,
    from_json_object,
    to_json_object,
)
from customers.messages import BackUpStoreResponse, UpdateSettingsRequest
from customers.well_known import FieldMask

from .support import ROOT, judge_class
from .test_schema import message_types
from .test_wire import SEED, random_message

SAMPLE = ROOT / "Tests/EndToEndTests/Data/sample-object.json"


class JSONFormTests(unittest.TestCase):
    def test_the_sample_object_comes_back_key_for_key(self):
        text = SAMPLE.read_text(encoding="utf-8")
        customer = from_json_object(Customer, json.loads(text))
        self.assertEqual(customer.version, 3)
        self.assertIs(customer.phones[0].type, PhoneNumber.Kind.Mobile)
        self.assertEqual(json.dumps(to_json_object(customer), indent=2) + "\n", text)

    def test_an_empty_customer_has_all_keys(self):
        expected = {
            "customerId": "", "version": "0", "firstName": "", "lastName": "", "displayName": "",
            "emailAddress": "", "phones": [], "addresses": [], "attributes": {},
        }  # fmt: skip
        self.assertEqual(to_json_object(Customer()), expected)

    def test_random_messages_look_as_protobuf_writes_them(self):
        from google.protobuf import json_format

        generator = random.Random(SEED)
        for message_type in message_types():
            if message_type.FULL_NAME.startswith("google.protobuf"):
                continue
            for _ in range(20):
                message = in_calendar(random_message(generator, message_type))
                judge = judge_class(message_type.FULL_NAME)()
                with self.subTest(message_type.FULL_NAME, seed=SEED):
                    json_format.ParseDict(to_json_object(message), judge)
                    expected = json_format.MessageToDict(
                        judge, always_print_fields_with_no_presence=True
                    )
                    self.assertEqual(to_json_object(message), expected)
                    if not any(isinstance(it, FieldMask) for it in vars(message).values()):
                        again = from_json_object(message_type, expected)
                        self.assertEqual(to_json_object(again), expected)

    def test_times_have_as_many_digits_as_they_need(self):
        for time, text in [
            (Timestamp(0, 0), "1970-01-01T00:00:00Z"),
            (Timestamp(-1, 120_000_000), "1969-12-31T23:59:59.120Z"),
            (Timestamp(1, 1), "1970-01-01T00:00:01.000000001Z"),
            (Timestamp(253_402_300_799, 999_999_000), "9999-12-31T23:59:59.999999Z"),
            (Timestamp(-62_135_596_800, 0), "0001-01-01T00:00:00Z"),
        ]:
            with self.subTest(text):
                self.assertEqual(to_json_object(time), text)
                self.assertEqual(from_json_object(Timestamp, text), time)

    def test_a_time_in_another_zone_is_the_same_moment(self):
        here = from_json_object(Timestamp, "2026-01-01T10:00:00.5+10:00")
        self.assertEqual(to_json_object(here), "2026-01-01T00:00:00.500Z")

    def test_lengths_of_time(self):
        for length, text in [
            (Duration(3600), "3600s"),
            (Duration(-1, -500_000_000), "-1.500s"),
            (Duration(0, -1), "-0.000000001s"),
        ]:
            with self.subTest(text):
                self.assertEqual(to_json_object(length), text)
                self.assertEqual(from_json_object(Duration, text), length)

    def test_masks_and_bytes(self):
        request = UpdateSettingsRequest(StoreSettings(True), FieldMask(["unique_email", "a.b_c"]))
        self.assertEqual(
            to_json_object(request),
            {"settings": {"uniqueEmail": True}, "updateMask": "uniqueEmail,a.bC"},
        )
        piece = BackUpStoreResponse(b"\x00\xff")
        self.assertEqual(to_json_object(piece)["data"], "AP8=")
        self.assertEqual(from_json_object(BackUpStoreResponse, to_json_object(piece)), piece)

    def test_a_number_that_is_not_known_is_not_there_and_zero_is(self):
        author = Author(user_id=0, program="init")
        self.assertEqual(to_json_object(author), {"userId": 0, "program": "init"})
        self.assertEqual(from_json_object(Author, {"userId": 0, "program": "init"}), author)

    def test_what_is_taken_beyond_what_is_written(self):
        value = {"first_name": "Ann", "version": 3, "lastName": None, "phones": [{"type": 2}]}
        expected = Customer(first_name="Ann", version=3, phones=[PhoneNumber(type=2)])
        self.assertEqual(from_json_object(Customer, value), expected)

    def test_what_is_refused(self):
        for value, text in [
            ([], "value: an array instead of an object"),
            ({"colour": "red"}, "colour: no such field"),
            ({"phones": [{}, {"colour": ""}]}, "phones[1].colour: no such field"),
            ({"firstName": 5}, "firstName: a number instead of a string"),
            ({"firstName": "a", "first_name": "b"}, "first_name: the field is there twice"),
            ({"version": "three"}, "version: a string instead of a whole number"),
            ({"version": True}, "version: a boolean instead of a whole number"),
            ({"version": "-1"}, "version: -1 is not in 0...18446744073709551615"),
            ({"phones": {}}, "phones: an object instead of an array"),
            ({"phones": [{"type": "Fax"}]},
             'phones[0].type: "Fax" is none of Unknown, Phone, Mobile'),
            ({"attributes": {"a": None}}, "attributes.a: null instead of a string"),
            ({"createTime": "yesterday"},
             'createTime: a string instead of a time such as "2026-01-31T12:00:00Z"'),
            ({"createTime": "2026-02-30T00:00:00Z"},
             'createTime: "2026-02-30T00:00:00Z" is in no calendar'),
            ({"createTime": "0001-01-01T00:00:00+10:00"},
             'createTime: "0001-01-01T00:00:00+10:00" is in no calendar'),
        ]:
            with self.subTest(text):
                with self.assertRaises(JSONFormError) as caught:
                    from_json_object(Customer, value)
                self.assertEqual(str(caught.exception), text)

    def test_a_time_that_no_calendar_has_is_not_written(self):
        with self.assertRaises(JSONFormError):
            to_json_object(Customer(create_time=Timestamp(253_402_300_800)))


def in_calendar(message):
    """The message with times that have a text form, and without messages of any type."""
    for name, value in list(vars(message).items()):
        if isinstance(value, (Timestamp, Duration)):
            setattr(message, name, type(value)(value.seconds % 10**9, value.nanos % 10**9))
        elif isinstance(value, FieldMask):
            value.paths = ["a", "b_c"]
        elif name in ("error", "status", "details") and value:
            setattr(message, name, [] if name == "details" else None)
        elif hasattr(value, "FULL_NAME"):
            in_calendar(value)
        elif isinstance(value, list):
            for element in value:
                if hasattr(element, "FULL_NAME"):
                    in_calendar(element)
    return message
