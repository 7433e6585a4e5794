"""Protobuf's Python library as the judge of ProtoJSON.

  oracle.py DESCRIPTOR_SET generate SEED COUNT   writes random messages, one a line:
      name, wire bytes, JSON with unset fields, JSON without (fields in Base64, tabs between)
  oracle.py DESCRIPTOR_SET check                 reads what ProtoJSON made of them:
      name, wire bytes, compact JSON, pretty JSON, sparse JSON, wire bytes of Python's two texts
      and writes a line for each that is wrong, then the number of lines.
"""
import base64
import json
import math
import random
import re
import struct
import sys

from google.protobuf import (
    any_pb2, descriptor_pb2, descriptor_pool, duration_pb2, empty_pb2, field_mask_pb2, json_format,
    message_factory, struct_pb2, text_format, timestamp_pb2, wrappers_pb2)

# The descriptors that come with the library go first, so that its classes fit them.
pool = descriptor_pool.Default()
with open(sys.argv[1], 'rb') as file:
    descriptor_set = descriptor_pb2.FileDescriptorSet.FromString(file.read())
for proto in descriptor_set.file:
    if not proto.name.startswith('google/protobuf/'):
        pool.Add(proto)


def message_class(name):
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


NAMES = ['Scalars', 'Optionals', 'Lists', 'Maps', 'Choices', 'WellKnown', 'Names', 'Everything']
WRAPPERS = ['DoubleValue', 'FloatValue', 'Int64Value', 'UInt64Value', 'Int32Value', 'UInt32Value',
            'BoolValue', 'StringValue', 'BytesValue']


class Generator:
    """Random messages, small ones mostly, with the values where mistakes live."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def maybe(self, probability):
        return self.random.random() < probability

    def integer(self, low, high):
        r = self.random
        edges = [v for v in (0, 1, -1, 127, 128, -128, 2**31 - 1, 2**53 + 1, low, high, low + 1, high - 1)
                 if low <= v <= high]
        kind = r.random()
        if kind < 0.5:
            return r.choice(edges)
        if kind < 0.8:
            return max(low, min(high, r.randint(-1000, 1000)))
        return r.randint(low, high)

    def double(self):
        r = self.random
        return r.choice([
            lambda: r.choice([0.0, -0.0, 1.0, -1.0, 0.1, 1e15, 1e16, 1e21, 1e-4, 1e-5, 1e-7, 5e-324,
                              1.7976931348623157e308, 2.0**53, 2.0**63, 123456789.125]),
            lambda: float(r.randint(-10**6, 10**6)),
            lambda: r.uniform(-1e6, 1e6),
            lambda: struct.unpack('<d', struct.pack('<Q', r.getrandbits(64)))[0],
            lambda: r.choice([math.inf, -math.inf, math.nan]),
        ])()

    def finite(self):
        while True:
            value = self.double()
            if math.isfinite(value):
                return value

    def float(self):
        r = self.random
        while True:
            if self.maybe(0.4):
                value = struct.unpack('<f', struct.pack('<I', r.getrandbits(32)))[0]
            else:
                value = self.double()
            if not math.isfinite(value):
                return value if math.isinf(value) else math.nan
            # Python refuses to read its own text of the largest float.
            if abs(value) < 3.4e38:
                return struct.unpack('<f', struct.pack('<f', value))[0]

    def string(self):
        r = self.random
        kind = r.random()
        if kind < 0.15:
            return ''
        if kind < 0.6:
            return ''.join(r.choice('abcdefghijklmnop XYZ_.-019') for _ in range(r.randint(1, 30)))
        pick = lambda: r.choice([
            r.randint(0, 0x1f), r.randint(0x20, 0x7f), r.choice([0x22, 0x5c, 0x2f, 0x7f, 0x80, 0x9f]),
            r.randint(0xa0, 0x7ff), r.choice([0x2028, 0x2029, 0x202e, 0x2066, 0xfeff, 0xffff]),
            r.randint(0x800, 0xd7ff), r.randint(0xe000, 0xffff), r.randint(0x10000, 0x10ffff)])
        return ''.join(chr(pick()) for _ in range(r.randint(1, 12 if kind < 0.97 else 300)))

    def bytes(self):
        return self.random.randbytes(self.random.choice([0, 1, 2, 3, 4, 5, 30, 200]))

    def scalar(self, field):
        t = field.type
        if t == field.TYPE_DOUBLE:
            return self.double()
        if t == field.TYPE_FLOAT:
            return self.float()
        if t in (field.TYPE_INT64, field.TYPE_SINT64, field.TYPE_SFIXED64):
            return self.integer(-2**63, 2**63 - 1)
        if t in (field.TYPE_UINT64, field.TYPE_FIXED64):
            return self.integer(0, 2**64 - 1)
        if t in (field.TYPE_INT32, field.TYPE_SINT32, field.TYPE_SFIXED32):
            return self.integer(-2**31, 2**31 - 1)
        if t in (field.TYPE_UINT32, field.TYPE_FIXED32):
            return self.integer(0, 2**32 - 1)
        if t == field.TYPE_BOOL:
            return self.maybe(0.5)
        if t == field.TYPE_STRING:
            return self.string()
        if t == field.TYPE_BYTES:
            return self.bytes()
        if field.enum_type.name == 'NullValue':
            return 0
        return self.random.choice([v.number for v in field.enum_type.values] + [7, -5])

    def fill(self, message, depth):
        name = message.DESCRIPTOR.full_name
        special = getattr(self, 'fill_' + name.split('.')[-1], None)
        if name.startswith('google.protobuf.') and special:
            return special(message, depth)
        density = self.random.choice([0.1, 0.4, 0.9]) if depth > 0 else 0.2
        oneofs = {}
        for field in message.DESCRIPTOR.fields:
            if field.containing_oneof:
                oneofs.setdefault(field.containing_oneof.name, []).append(field)
            elif self.maybe(density):
                self.set(message, field, depth)
        for members in oneofs.values():
            if self.maybe(0.8):
                self.set(message, self.random.choice(members), depth)

    def set(self, message, field, depth):
        is_message = field.type == field.TYPE_MESSAGE
        if is_message and depth <= 0 and not field.message_type.full_name.startswith('google.'):
            if not (field.message_type.GetOptions().map_entry):
                return
        if is_message and field.message_type.GetOptions().map_entry:
            key_field = field.message_type.fields_by_name['key']
            value_field = field.message_type.fields_by_name['value']
            values = getattr(message, field.name)
            for _ in range(self.random.choice([1, 1, 2, 5])):
                key = self.scalar(key_field)
                if value_field.type == field.TYPE_MESSAGE:
                    self.fill(values[key], depth - 1)
                else:
                    values[key] = self.scalar(value_field)
        elif field.is_repeated:
            values = getattr(message, field.name)
            for _ in range(self.random.choice([0, 1, 2, 3, 20 if not is_message else 4])):
                if is_message:
                    self.fill(values.add(), depth - 1)
                else:
                    values.append(self.scalar(field))
        elif is_message:
            value = getattr(message, field.name)
            value.SetInParent()
            self.fill(value, depth - 1)
        else:
            setattr(message, field.name, self.scalar(field))

    def fill_Timestamp(self, message, depth):
        low, high = -62135596800, 253402300799
        message.seconds = self.random.choice(
            [0, -1, low, high, self.random.randint(low, high), self.random.randint(0, 2**32)])
        message.nanos = self.nanos()

    def nanos(self):
        return self.random.choice(
            [0, 1, 999999999, 500000000, 1000, 120000, self.random.randrange(10**9)])

    def fill_Duration(self, message, depth):
        limit = 315576000000
        sign = self.random.choice([1, -1])
        message.seconds = sign * self.random.choice([0, 1, limit, self.random.randint(0, limit)])
        message.nanos = sign * self.nanos()

    def fill_FieldMask(self, message, depth):
        for _ in range(self.random.choice([0, 1, 2, 4])):
            message.paths.append(self.random.choice(
                ['a', 'first_name', 'phones.number_local', 'attributes.tier', 'a_b_c', '*']))

    def fill_Value(self, message, depth):
        kind = self.random.randrange(6 if depth > 0 else 4)
        if kind == 0:
            message.null_value = 0
        elif kind == 1:
            message.number_value = self.finite()
        elif kind == 2:
            message.string_value = self.string()
        elif kind == 3:
            message.bool_value = self.maybe(0.5)
        elif kind == 4:
            message.struct_value.SetInParent()
            self.fill_Struct(message.struct_value, depth - 1)
        else:
            message.list_value.SetInParent()
            self.fill_ListValue(message.list_value, depth - 1)

    def fill_Struct(self, message, depth):
        for _ in range(self.random.choice([0, 1, 3])):
            self.fill_Value(message.fields[self.string()], depth)

    def fill_ListValue(self, message, depth):
        for _ in range(self.random.choice([0, 1, 3])):
            self.fill_Value(message.values.add(), depth)

    def fill_Any(self, message, depth):
        if self.maybe(0.1):
            return
        name = self.random.choice(
            ['protojson.test.' + n for n in NAMES]
            + ['google.protobuf.' + n for n in WRAPPERS + [
                'Any', 'Timestamp', 'Duration', 'FieldMask', 'Struct', 'Value', 'ListValue',
                'Empty']])
        content = message_class(name)()
        self.fill(content, depth - 1)
        message.type_url = self.random.choice(['type.googleapis.com/', 'a.b/c/']) + name
        message.value = content.SerializeToString(deterministic=True)


def fields_of(wire):
    """The top-level fields of a message, as pieces of its bytes."""
    def varint(at):
        while wire[at] >= 0x80:
            at += 1
        return at + 1

    def value(at):
        result, shift = 0, 0
        while True:
            result |= (wire[at] & 0x7f) << shift
            shift += 7
            at += 1
            if wire[at - 1] < 0x80:
                return result, at

    pieces, at = [], 0
    while at < len(wire):
        start = at
        tag, at = value(at)
        if tag & 7 == 0:
            at = varint(at)
        elif tag & 7 == 1:
            at += 8
        elif tag & 7 == 5:
            at += 4
        else:
            length, at = value(at)
            at += length
        pieces.append(wire[start:at])
    return pieces


def scrambled(generator, wire, other):
    """Bytes that no encoder writes and every decoder reads: shuffled, doubled, with unknowns."""
    pieces = fields_of(wire) + (fields_of(other) if generator.maybe(0.5) else [])
    if generator.maybe(0.7):
        generator.random.shuffle(pieces)
    if generator.maybe(0.5):
        unknown = [b'\xf8\x3f\x05', b'\xfa\x3f\x02ab', b'\xfb\x3f\x08\x01\xfc\x3f', b'\xfd\x3f1234']
        pieces.insert(generator.random.randint(0, len(pieces)), generator.random.choice(unknown))
    return b''.join(pieces)


def encode(*parts):
    return '\t'.join(
        base64.b64encode(p if isinstance(p, bytes) else p.encode('utf-8')).decode() for p in parts)


def generate(seed, count):
    generator = Generator(seed)
    for _ in range(count):
        name = 'protojson.test.' + generator.random.choice(NAMES)
        message = message_class(name)()
        generator.fill(message, generator.random.choice([1, 2, 3, 4]))
        wire = message.SerializeToString()
        if generator.maybe(0.4):
            other = message_class(name)()
            generator.fill(other, 1)
            wire = scrambled(generator, wire, other.SerializeToString())
            merged = message_class(name).FromString(wire)
            try:
                json_format.MessageToJson(merged)
            except Exception:
                # Seconds of one duration and nanoseconds of another may differ in sign; an Any may
                # have the type of one and the bytes of another.
                wire = message.SerializeToString()
            else:
                message = merged
        full = json_format.MessageToJson(
            message, always_print_fields_with_no_presence=True, ensure_ascii=generator.maybe(0.5),
            indent=generator.random.choice([None, 0, 3]))
        sparse = json_format.MessageToJson(
            message, preserving_proto_field_name=generator.maybe(0.5), indent=None,
            use_integers_for_enums=generator.maybe(0.5))
        print(encode(name, wire, full, sparse))


def canonical(value, descriptor):
    """A message's JSON with its maps in the order of their keys."""
    by_text = lambda item: item[0].encode('utf-8')
    name = descriptor.full_name
    if name in ('google.protobuf.Struct', 'google.protobuf.Value', 'google.protobuf.ListValue'):
        if isinstance(value, dict):
            return {k: canonical(v, descriptor) for k, v in sorted(value.items(), key=by_text)}
        if isinstance(value, list):
            return [canonical(v, descriptor) for v in value]
        return value
    if name == 'google.protobuf.Any':
        if not value:
            return value
        inner = pool.FindMessageTypeByName(value['@type'].split('/')[-1])
        if 'value' in value and inner.full_name.startswith('google.protobuf.'):
            return {'@type': value['@type'], 'value': canonical(value['value'], inner)}
        rest = {k: v for k, v in value.items() if k != '@type'}
        return {'@type': value['@type'], **canonical(rest, inner)}
    if not isinstance(value, dict):
        return value
    fields = {f.json_name: f for f in descriptor.fields}
    result = {}
    for key, content in value.items():
        field = fields[key]
        if field.type != field.TYPE_MESSAGE:
            result[key] = content
        elif field.message_type.GetOptions().map_entry:
            key_field = field.message_type.fields_by_name['key']
            value_field = field.message_type.fields_by_name['value']
            order = by_text
            if key_field.type == field.TYPE_BOOL:
                order = lambda item: item[0] == 'true'
            elif key_field.type != field.TYPE_STRING:
                order = lambda item: int(item[0])
            items = sorted(content.items(), key=order)
            if value_field.type == field.TYPE_MESSAGE:
                items = [(k, canonical(v, value_field.message_type)) for k, v in items]
            result[key] = dict(items)
        elif isinstance(content, list) and field.is_repeated:
            result[key] = [canonical(v, field.message_type) for v in content]
        else:
            result[key] = canonical(content, field.message_type)
    return result


def layout(text):
    """A text without what the mapping leaves open: how floats are spelt and what is escaped."""
    text = re.sub(r'[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]',
                  lambda m: '\\u%04x' % ord(m.group()), text)
    return re.sub(r'-?\d+(\.\d+)?(e[+-]?\d+)?', '#', text)


def same(left, right):
    """Equal but for digits that a float has no room for."""
    if isinstance(left, float) and isinstance(right, float):
        if left == right and math.copysign(1, left) == math.copysign(1, right):
            return True
        return abs(left) < 3.5e38 and struct.pack('<f', left) == struct.pack('<f', right)
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right))
    return left == right


def ordered(value):
    """A JSON value with all names in one order, so that equal values have equal texts."""
    if isinstance(value, dict):
        return {k: ordered(value[k]) for k in sorted(value)}
    if isinstance(value, list):
        return [ordered(v) for v in value]
    return value


def settled(message):
    """A message's text, by which equal messages are told: its maps have an order, NaN is NaN.

    What an Any holds is replaced by its text as well.
    """
    def settle(message):
        if message.DESCRIPTOR.full_name == 'google.protobuf.Any' and message.type_url:
            inner = message_class(message.type_url.split('/')[-1]).FromString(message.value)
            # An Any merged from two may hold one's type and the other's fields.
            inner.DiscardUnknownFields()
            message.value = (message.type_url + settled(inner)).encode('utf-8')
            message.type_url = ''
            return
        if message.DESCRIPTOR.full_name == 'google.protobuf.Value' and not message.ListFields():
            # JSON has no word for a value of no kind but null.
            message.null_value = 0
            return
        for field, value in message.ListFields():
            if field.type != field.TYPE_MESSAGE:
                continue
            if field.message_type.GetOptions().map_entry:
                if field.message_type.fields_by_name['value'].type == field.TYPE_MESSAGE:
                    for content in value.values():
                        settle(content)
            elif field.is_repeated:
                for content in value:
                    settle(content)
            else:
                settle(value)

    settle(message)
    return text_format.MessageToString(message)


def faults(name, wire, compact, pretty, sparse, from_full, from_sparse):
    cls = message_class(name)
    message = cls.FromString(wire)
    message.DiscardUnknownFields()
    parse = lambda text: settled(json_format.Parse(text, cls()))
    decode = lambda data: settled(cls.FromString(data))

    full = json_format.MessageToDict(message, always_print_fields_with_no_presence=True)
    if not same(ordered(json.loads(compact)), ordered(full)):
        yield 'compact JSON has other values'
    if not same(json.loads(compact), json.loads(pretty)):
        yield 'pretty JSON differs from compact'
    plain = canonical(json_format.MessageToDict(message), cls.DESCRIPTOR)
    if not same(json.loads(sparse), plain):
        yield 'sparse JSON has other values or another order'
    text = json.dumps(plain, ensure_ascii=False, separators=(',', ':'))
    if layout(text) != layout(sparse):
        yield 'sparse JSON has another layout'
    text = json.dumps(json.loads(pretty), ensure_ascii=False, indent=2)
    if layout(text) != layout(pretty):
        yield 'pretty JSON has another layout'
    want = settled(message)
    if parse(compact) != want:
        yield 'compact JSON is another message'
    if decode(from_full) != want:
        yield "Python's JSON was read as another message"
    if decode(from_sparse) != want:
        yield "Python's sparse JSON was read as another message"
    if len(from_full) != len(cls.FromString(from_full).SerializeToString()):
        yield 'bytes are more than a message needs'


def check():
    count = 0
    for line in sys.stdin:
        parts = [base64.b64decode(p) for p in line.rstrip('\n').split('\t')]
        name, wire, compact, pretty, sparse, from_full, from_sparse = parts
        texts = [t.decode('utf-8') for t in (name, compact, pretty, sparse)]
        try:
            found = list(faults(texts[0], wire, *texts[1:], from_full, from_sparse))
        except Exception as error:
            found = [repr(error)[:500]]
        for fault in found:
            print(f'line {count}: {texts[0]}: {fault}: {wire.hex()[:200]}: {texts[3][:200]}')
        count += 1
    print(count)


if sys.argv[2] == 'generate':
    generate(int(sys.argv[3]), int(sys.argv[4]))
else:
    check()
