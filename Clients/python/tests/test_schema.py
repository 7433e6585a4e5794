"""Every message, enumeration and call against the schema, as protoc reads it."""

import enum
import inspect
import unittest

from customers import envelope, errors, messages, methods, well_known
from customers.wire import Kind, Label, fields_of

from .support import descriptor_pool


def message_types():
    """The classes of messages that the package has."""
    return [
        value
        for module in (messages, envelope, well_known)
        for value in vars(module).values()
        if inspect.isclass(value) and value.__module__ == module.__name__
        if hasattr(value, "FULL_NAME")
    ]


class SchemaTests(unittest.TestCase):
    def test_every_message_of_the_schema_is_there(self):
        pool = descriptor_pool()
        expected = set()
        for name in ("customers.proto", "rpc.proto", "ttrpc.proto", "google/rpc/status.proto"):
            waiting = list(pool.FindFileByName(name).message_types_by_name.values())
            while waiting:
                message = waiting.pop()
                if not message.GetOptions().map_entry:
                    expected.add(message.full_name)
                    waiting += message.nested_types
        found = {message.FULL_NAME for message in message_types()}
        self.assertEqual(expected - found, set())

    def test_every_message_has_the_fields_of_the_schema(self):
        for message in message_types():
            descriptor = descriptor_pool().FindMessageTypeByName(message.FULL_NAME)
            with self.subTest(message.FULL_NAME):
                expected = [expected_shape(field) for field in descriptor.fields]
                found = [found_shape(field) for field in fields_of(message)]
                self.assertEqual(found, sorted(expected))

    def test_every_enumeration_has_the_values_of_the_schema(self):
        for message in message_types():
            descriptor = descriptor_pool().FindMessageTypeByName(message.FULL_NAME)
            for field in fields_of(message):
                if field.kind is not Kind.ENUM:
                    continue
                with self.subTest(f"{message.FULL_NAME}.{field.name}"):
                    values = descriptor.fields_by_name[field.name].enum_type.values_by_name
                    expected = {name: value.number for name, value in values.items()}
                    self.assertTrue(issubclass(field.type, enum.IntEnum))
                    self.assertEqual({name: int(v) for name, v in field.type.__members__.items()},
                                     expected)

    def test_every_call_is_there(self):
        services = descriptor_pool().FindFileByName("customers.proto").services_by_name.values()
        expected = [
            (
                service.full_name,
                method.name,
                method.input_type.full_name,
                method.output_type.full_name,
                method.client_streaming,
                method.server_streaming,
            )
            for service in services
            for method in service.methods
        ]
        found = [
            (
                method.service,
                method.name,
                method.request.FULL_NAME,
                method.response.FULL_NAME,
                method.client_streams,
                method.server_streams,
            )
            for method in methods.ALL
        ]
        self.assertEqual(sorted(found), sorted(expected))

    def test_codes_are_those_of_the_protocol_page(self):
        from .support import ROOT

        page = (ROOT / "Schema/PROTOCOL.md").read_text(encoding="utf-8")
        for code in errors.Code:
            self.assertIn(f"| {int(code)} | {code.name} ", page)


def expected_shape(field):
    """What protoc says of a field."""
    is_map = field.message_type is not None and field.message_type.GetOptions().map_entry
    if is_map:
        entry = field.message_type.fields_by_name
        kinds = {entry["key"].type, entry["value"].type}
        assert kinds == {field.TYPE_STRING}, f"{field.full_name} is no map from text to text"
        return (field.number, field.name, field.json_name, "string", Label.MAP.value, None)
    kinds = {
        field.TYPE_STRING: "string", field.TYPE_BYTES: "bytes", field.TYPE_BOOL: "bool",
        field.TYPE_INT32: "int32", field.TYPE_INT64: "int64", field.TYPE_UINT32: "uint32",
        field.TYPE_UINT64: "uint64", field.TYPE_ENUM: "enum", field.TYPE_MESSAGE: "message",
    }  # fmt: skip
    oneof = field.containing_oneof
    assert oneof is None or len(oneof.fields) == 1, f"{field.full_name} is one of several"
    is_optional = field.type != field.TYPE_MESSAGE and field.has_presence
    label = Label.LIST if field.is_repeated else Label.OPTIONAL if is_optional else Label.ONE
    type_name = None if field.message_type is None else field.message_type.full_name
    kind = kinds.get(field.type, field.type)
    return (field.number, field.name, field.json_name, kind, label.value, type_name)


def found_shape(field):
    """What the package says of a field."""
    type_name = field.type.FULL_NAME if field.kind is Kind.MESSAGE else None
    return (field.number, field.name, field.json_name, field.kind.value, field.label.value,
            type_name)
