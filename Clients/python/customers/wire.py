"""Protobuf's wire encoding, as much of it as the schema needs.

A message is a dataclass whose fields are declared with the functions below: `string(1)` is a string
with the field number 1. Encoding and decoding walk these declarations, and so do the JSON form
(`json_form`) and the test that compares them with the schema. The encoding is described at
https://protobuf.dev/programming-guides/encoding/.

Fields that the schema doesn't name are kept by messages that have an attribute `unknown_fields`,
and written again behind the others; that way a record that a newer daemon made goes back to it
whole. Messages without that attribute drop them.
"""

from __future__ import annotations

import dataclasses
import enum
from typing import Any, Dict, List, Optional, Tuple, Type, TypeVar

#: Strings, messages and map entries that one message may bring in its lists and maps.
ELEMENTS_MAX = 262_144

#: Groups within groups in fields that the schema doesn't name.
GROUP_DEPTH_MAX = 100

#: The highest field number there is.
_FIELD_NUMBER_MAX = (1 << 29) - 1

_VARINT, _FIXED64, _LENGTH, _GROUP_START, _GROUP_END, _FIXED32 = range(6)
_UINT64_MASK = (1 << 64) - 1

M = TypeVar("M")


class WireError(ValueError):
    """Bytes that are no message, or a value that doesn't fit its field."""


class Kind(enum.Enum):
    """What one value of a field is."""

    STRING = "string"
    BYTES = "bytes"
    BOOL = "bool"
    INT32 = "int32"
    INT64 = "int64"
    UINT32 = "uint32"
    UINT64 = "uint64"
    ENUM = "enum"
    MESSAGE = "message"


class Label(enum.Enum):
    """How many values a field has."""

    ONE = "one"
    #: One, or none; the type's empty value isn't as good as none.
    OPTIONAL = "optional"
    LIST = "list"
    MAP = "map"


#: The numbers that fit a kind, first and last.
_RANGES = {
    Kind.INT32: (-(1 << 31), (1 << 31) - 1),
    Kind.ENUM: (-(1 << 31), (1 << 31) - 1),
    Kind.INT64: (-(1 << 63), (1 << 63) - 1),
    Kind.UINT32: (0, (1 << 32) - 1),
    Kind.UINT64: (0, _UINT64_MASK),
}


def number_range(kind: Kind) -> Tuple[int, int]:
    """Returns the first and the last number that fit a kind of numbers."""
    return _RANGES[kind]


@dataclasses.dataclass(frozen=True)
class Field:
    """What the schema says of a field, and the attribute that holds it."""

    name: str
    number: int
    kind: Kind
    label: Label
    #: The class of the values of an enumeration or message; None for the other kinds.
    type: Optional[type]

    @property
    def json_name(self) -> str:
        """The name in JSON: camelCase."""
        first, *rest = self.name.split("_")
        return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _declare(
    number: int, kind: Kind, label: Label, value_type: Optional[type] = None, **default: Any
) -> Any:
    return dataclasses.field(metadata={"shape": (number, kind, label, value_type)}, **default)


def string(number: int) -> Any:
    """Declares a text; empty when it isn't there."""
    return _declare(number, Kind.STRING, Label.ONE, default="")


def binary(number: int) -> Any:
    """Declares bytes; empty when they aren't there."""
    return _declare(number, Kind.BYTES, Label.ONE, default=b"")


def boolean(number: int) -> Any:
    """Declares a yes or no; no when it isn't there."""
    return _declare(number, Kind.BOOL, Label.ONE, default=False)


def integer(number: int, kind: Kind) -> Any:
    """Declares a whole number; 0 when it isn't there."""
    return _declare(number, kind, Label.ONE, default=0)


def optional_integer(number: int, kind: Kind) -> Any:
    """Declares a whole number; None when it isn't there."""
    return _declare(number, kind, Label.OPTIONAL, default=None)


def enumeration(number: int, enum_type: Type[enum.IntEnum]) -> Any:
    """Declares one of several names; a number that has none stays a number."""
    return _declare(number, Kind.ENUM, Label.ONE, enum_type, default=enum_type(0))


def message(number: int, message_type: type) -> Any:
    """Declares a message; None when it isn't there."""
    return _declare(number, Kind.MESSAGE, Label.ONE, message_type, default=None)


def messages(number: int, message_type: type) -> Any:
    """Declares a list of messages."""
    return _declare(number, Kind.MESSAGE, Label.LIST, message_type, default_factory=list)


def strings(number: int) -> Any:
    """Declares a list of texts."""
    return _declare(number, Kind.STRING, Label.LIST, default_factory=list)


def string_map(number: int) -> Any:
    """Declares a dictionary from text to text."""
    return _declare(number, Kind.STRING, Label.MAP, default_factory=dict)


def unknown() -> Any:
    """Declares the place for fields that the schema doesn't name, as encoded bytes."""
    return dataclasses.field(default=b"", repr=False)


class _Layout:
    """What is known of a message's class, found out once."""

    def __init__(self, message_type: type) -> None:
        declared = dataclasses.fields(message_type)
        shapes = [
            Field(field.name, *field.metadata["shape"])
            for field in declared
            if "shape" in field.metadata
        ]
        #: The fields in the order of their numbers.
        self.fields = tuple(sorted(shapes, key=lambda field: field.number))
        #: The fields by the tag that they have on the wire.
        self.by_tag = {field.number << 3 | _wire_type(field): field for field in shapes}
        self.keeps_unknown = any(field.name == "unknown_fields" for field in declared)


_layouts: Dict[type, _Layout] = {}


def _layout(message_type: type) -> _Layout:
    layout = _layouts.get(message_type)
    if layout is None:
        # Two threads may both find it out, and find out the same.
        layout = _layouts[message_type] = _Layout(message_type)
    return layout


def fields_of(message_type: type) -> Tuple[Field, ...]:
    """Returns the fields of a message's class, in the order of their numbers."""
    return _layout(message_type).fields


# Encoding


def encode(value: Any) -> bytes:
    """Returns a message's bytes: fields in the order of their numbers, map entries in that of their
    keys, so that equal messages have equal bytes.

    Raises WireError if a value doesn't fit its field.
    """
    out = bytearray()
    _write_message(out, value)
    return bytes(out)


def _write_message(out: bytearray, value: Any) -> None:
    for field in fields_of(type(value)):
        content = getattr(value, field.name)
        if field.label is Label.LIST:
            if not isinstance(content, (list, tuple)):
                raise WireError(f"{field.name}: {type(content).__name__} is not list")
            for element in content:
                _write(out, field, element)
        elif field.label is Label.MAP:
            if not isinstance(content, dict):
                raise WireError(f"{field.name}: {type(content).__name__} is not dict")
            for key in sorted(content, key=str):
                entry = bytearray()
                _write_text(entry, field, 1, key)
                _write_text(entry, field, 2, content[key])
                _write_length(out, field.number, entry)
        elif _has_presence(field):
            if content is not None:
                _write(out, field, content)
        elif content or _is_of_wrong_type(field, content):
            _write(out, field, content)
    out += getattr(value, "unknown_fields", b"")


def _has_presence(field: Field) -> bool:
    """Whether None says that the field isn't there."""
    return field.kind is Kind.MESSAGE or field.label is Label.OPTIONAL


def _is_of_wrong_type(field: Field, content: Any) -> bool:
    """Whether an empty value must not be passed over as unset, because it never fits the field."""
    if field.kind is Kind.STRING:
        return not isinstance(content, str)
    if field.kind is Kind.BYTES:
        return not isinstance(content, (bytes, bytearray, memoryview))
    return not isinstance(content, int)


def _write(out: bytearray, field: Field, content: Any) -> None:
    if field.kind is Kind.STRING:
        _write_text(out, field, field.number, content)
    elif field.kind is Kind.BYTES:
        if not isinstance(content, (bytes, bytearray, memoryview)):
            raise WireError(f"{field.name}: {type(content).__name__} is not bytes")
        _write_length(out, field.number, content)
    elif field.kind is Kind.MESSAGE:
        if field.type is None or not isinstance(content, field.type):
            raise WireError(f"{field.name}: {type(content).__name__} is not the message it takes")
        inner = bytearray()
        _write_message(inner, content)
        _write_length(out, field.number, inner)
    else:
        if not isinstance(content, int):
            raise WireError(f"{field.name}: {type(content).__name__} is not int")
        if field.kind is not Kind.BOOL:
            first, last = number_range(field.kind)
            if not first <= content <= last:
                raise WireError(f"{field.name}: {content} is not in {first}...{last}")
        _write_varint(out, field.number << 3 | _VARINT)
        _write_varint(out, int(bool(content)) if field.kind is Kind.BOOL else int(content))


def _write_text(out: bytearray, field: Field, number: int, text: Any) -> None:
    if not isinstance(text, str):
        raise WireError(f"{field.name}: {type(text).__name__} is not str")
    try:
        _write_length(out, number, text.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise WireError(f"{field.name}: {error.reason} at character {error.start}") from None


def _write_length(out: bytearray, number: int, content: Any) -> None:
    _write_varint(out, number << 3 | _LENGTH)
    _write_varint(out, len(content))
    out += content


def _write_varint(out: bytearray, value: int) -> None:
    value &= _UINT64_MASK  # two's complement, ten bytes, for negative numbers
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


# Decoding


def decode(message_type: Type[M], data: bytes) -> M:
    """Returns the message of a class that bytes encode.

    Raises WireError, with the place, if they encode none.
    """
    return _Decoder(bytes(data)).message(message_type, 0, len(data))


class _Decoder:
    """Reads one message with all that is in it, and counts the elements on the way."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.element_count = 0

    def message(self, message_type: Type[M], at: int, end: int, into: Optional[M] = None) -> M:
        """Reads a message; `into` is an earlier occurrence, into which this one is merged."""
        value = message_type() if into is None else into
        layout = _layout(message_type)
        unknown_fields = bytearray()
        while at < end:
            start = at
            tag, at = self.varint(at, end)
            field = layout.by_tag.get(tag)
            if field is None:
                at = self.skip(start, end)
                unknown_fields += self.data[start:at]
            elif tag & 7 == _VARINT:
                raw, at = self.varint(at, end)
                setattr(value, field.name, _number(field, raw))
            else:
                length, at = self.length(at, end)
                self.content(value, field, at, at + length)
                at += length
        if unknown_fields and layout.keeps_unknown:
            value.unknown_fields += bytes(unknown_fields)  # type: ignore[attr-defined]
        return value

    def content(self, value: Any, field: Field, at: int, end: int) -> None:
        """Reads a string, bytes, a message or a map entry into a field of a message."""
        if field.label is Label.ONE and field.kind is Kind.STRING:
            setattr(value, field.name, self.text(at, end))
            return
        if field.label is not Label.ONE:
            self.element_count += 1
            if self.element_count > ELEMENTS_MAX:
                raise WireError(f"byte {at}: more than {ELEMENTS_MAX} elements in one message")
        if field.label is Label.MAP:
            entry = self.message(_MapEntry, at, end)
            getattr(value, field.name)[entry.key] = entry.value
        elif field.label is Label.LIST and field.kind is Kind.MESSAGE:
            getattr(value, field.name).append(self.message(field.type, at, end))  # type: ignore
        elif field.label is Label.LIST:
            getattr(value, field.name).append(self.text(at, end))
        elif field.kind is Kind.MESSAGE:
            earlier = getattr(value, field.name)
            setattr(value, field.name, self.message(field.type, at, end, earlier))  # type: ignore
        else:
            setattr(value, field.name, self.data[at:end])

    def text(self, at: int, end: int) -> str:
        """Reads a string."""
        try:
            return self.data[at:end].decode("utf-8")
        except UnicodeDecodeError as error:
            raise WireError(f"byte {at + error.start}: string is not UTF-8") from None

    def tag(self, at: int, end: int) -> Tuple[int, int, int]:
        """Reads a field's number and wire type; returns them and the place behind."""
        raw, behind = self.varint(at, end)
        number, wire_type = raw >> 3, raw & 7
        if not 1 <= number <= _FIELD_NUMBER_MAX:
            raise WireError(f"byte {at}: field number {number} is not in 1...{_FIELD_NUMBER_MAX}")
        if wire_type > _FIXED32:
            raise WireError(f"byte {at}: wire type {wire_type} is unknown")
        return number, wire_type, behind

    def varint(self, at: int, end: int) -> Tuple[int, int]:
        """Reads a number of one to ten bytes; returns it and the place behind."""
        if at < end and self.data[at] < 0x80:
            return self.data[at], at + 1  # most are that short
        value, start = 0, at
        for shift in range(0, 70, 7):
            if at >= end:
                raise WireError(f"byte {at}: bytes end within a number")
            byte = self.data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value & _UINT64_MASK, at
        raise WireError(f"byte {start}: number is longer than 10 bytes")

    def length(self, at: int, end: int) -> Tuple[int, int]:
        """Reads the length of what follows; returns it and the place behind."""
        length, behind = self.varint(at, end)
        if length > end - behind:
            raise WireError(f"byte {at}: length {length} is over the {end - behind} bytes left")
        return length, behind

    def skip(self, at: int, end: int) -> int:
        """Passes over a field, whatever it is; returns the place behind."""
        groups: List[int] = []
        while True:
            number, wire_type, at = self.tag(at, end)
            if wire_type == _VARINT:
                _, at = self.varint(at, end)
            elif wire_type == _LENGTH:
                length, at = self.length(at, end)
                at += length
            elif wire_type == _GROUP_START:
                groups.append(number)
                if len(groups) > GROUP_DEPTH_MAX:
                    raise WireError(f"byte {at}: groups are deeper than {GROUP_DEPTH_MAX}")
            elif wire_type == _GROUP_END:
                if not groups or groups.pop() != number:
                    raise WireError(f"byte {at}: group {number} ends without a beginning")
            else:
                at += 8 if wire_type == _FIXED64 else 4
                if at > end:
                    raise WireError(f"byte {end}: bytes end within a number")
            if not groups:
                return at


@dataclasses.dataclass
class _MapEntry:
    """What a dictionary's entry is on the wire."""

    key: str = string(1)
    value: str = string(2)


def _wire_type(field: Field) -> int:
    return _LENGTH if field.kind in (Kind.STRING, Kind.BYTES, Kind.MESSAGE) else _VARINT


def _number(field: Field, raw: int) -> Any:
    """Gives a varint the meaning that its field has."""
    if field.kind is Kind.BOOL:
        return raw != 0
    if field.kind is Kind.UINT64:
        return raw
    if field.kind is Kind.INT64:
        return raw - (1 << 64) if raw >> 63 else raw
    raw &= 0xFFFF_FFFF
    if field.kind is Kind.UINT32:
        return raw
    raw = raw - (1 << 32) if raw >> 31 else raw
    return enum_value(field, raw) if field.kind is Kind.ENUM else raw


def enum_value(field: Field, number: int) -> int:
    """Returns the name that a number has in an enumeration; the number itself if it has none."""
    try:
        return field.type(number)  # type: ignore
    except ValueError:
        return number
