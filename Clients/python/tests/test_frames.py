"""Frames: their bytes, torn ones, and those that are none."""

import unittest

from customers import ProtocolError, ResourceExhausted
from customers.frames import (
    DATA,
    DATA_LENGTH_MAX,
    REQUEST,
    RESPONSE,
    Frame,
    FrameReader,
    encode_frame,
)


class FrameTests(unittest.TestCase):
    def test_numbers_are_big_endian(self):
        """Worked out by hand from PROTOCOL.md, *Frame*."""
        data = encode_frame(Frame(0x01020305, REQUEST, 0x06, b"ab"))
        self.assertEqual(data, bytes.fromhex("00 00 00 02 01 02 03 05 01 06") + b"ab")

    def test_frames_are_found_wherever_the_bytes_are_torn(self):
        frames = [Frame(1, RESPONSE, 0, b"abc"), Frame(3, DATA, 5, b""), Frame(1, DATA, 0, b"\0")]
        data = b"".join(encode_frame(frame) for frame in frames)
        for size in range(1, len(data) + 1):
            reader, found = FrameReader(), []
            for at in range(0, len(data), size):
                reader.feed(data[at : at + size])
                while (frame := reader.next()) is not None:
                    found.append(frame)
            self.assertEqual(found, frames)
            self.assertEqual(reader.buffered, 0)

    def test_a_frame_may_be_as_large_as_the_limit_and_not_one_byte_larger(self):
        largest = Frame(1, DATA, 0, bytes(DATA_LENGTH_MAX))
        reader = FrameReader()
        reader.feed(encode_frame(largest))
        self.assertEqual(reader.next(), largest)
        too_large = Frame(1, DATA, 0, bytes(DATA_LENGTH_MAX + 1))
        with self.assertRaises(ResourceExhausted) as caught:
            encode_frame(too_large)
        self.assertEqual(
            caught.exception.message, "message of 4194305 bytes is over the limit of 4194304"
        )
        reader.feed(bytes.fromhex("00 40 00 01 00 00 00 01 03 00"))
        with self.assertRaises(ResourceExhausted) as caught:
            reader.next()
        self.assertEqual(
            caught.exception.message,
            "stream 1: frame of 4194305 bytes is over the limit of 4194304",
        )

    def test_what_does_not_begin_with_zero_is_refused_at_its_first_byte(self):
        for data in (b"H", b"HTTP/1.1 400 Bad Request\r\n"):
            reader = FrameReader()
            reader.feed(data)
            with self.assertRaisesRegex(ProtocolError, "^first byte of a frame is 72, not 0$"):
                reader.next()
