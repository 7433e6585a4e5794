"""The frames on the socket: ten bytes of header and their data.

     0              4              8    9    10
     ├──────────────┼──────────────┼────┼────┼───────────────┄
     │ data length  │  stream id   │type│flag│ data
     └──────────────┴──────────────┴────┴────┴───────────────┄

Both numbers are big-endian. `Schema/PROTOCOL.md`, *Frame* and *Types and flags*.
"""

from __future__ import annotations

import struct
from typing import NamedTuple, Optional

from .errors import ProtocolError, ResourceExhausted

#: The most data that a frame may carry, in bytes.
DATA_LENGTH_MAX = 4 << 20

REQUEST, RESPONSE, DATA = 0x01, 0x02, 0x03
REMOTE_CLOSED, REMOTE_OPEN, NO_DATA = 0x01, 0x02, 0x04

_HEADER = struct.Struct(">IIBB")


class Frame(NamedTuple):
    """One frame."""

    stream_id: int
    type: int
    flags: int
    data: bytes


def encode_frame(frame: Frame) -> bytes:
    """Returns a frame's bytes.

    Raises ResourceExhausted if it has more data than a frame may carry.
    """
    if len(frame.data) > DATA_LENGTH_MAX:
        raise ResourceExhausted(
            f"message of {len(frame.data)} bytes is over the limit of {DATA_LENGTH_MAX}"
        )
    header = _HEADER.pack(len(frame.data), frame.stream_id, frame.type, frame.flags)
    return header + frame.data


class FrameReader:
    """Takes a connection's bytes as they come and gives its frames."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> None:
        """Takes the next bytes."""
        self._bytes += data

    @property
    def buffered(self) -> int:
        """How many bytes wait for the rest of their frame, or to be asked for."""
        return len(self._bytes)

    @property
    def missing(self) -> int:
        """How many bytes the first frame lacks, as far as is known; 0 = it is whole."""
        if len(self._bytes) < _HEADER.size:
            return _HEADER.size - len(self._bytes)
        length: int = _HEADER.unpack_from(self._bytes)[0]
        return max(0, _HEADER.size + length - len(self._bytes))

    def next(self) -> Optional[Frame]:
        """Returns the next frame; None if it isn't whole yet.

        Raises ResourceExhausted if it announces more data than a frame may carry, and ProtocolError
        if it can't be a frame at all; nothing that follows can be read then.
        """
        if len(self._bytes) < _HEADER.size:
            if self._bytes and self._bytes[0] != 0:
                raise ProtocolError(f"first byte of a frame is {self._bytes[0]}, not 0")
            return None
        length, stream_id, frame_type, flags = _HEADER.unpack_from(self._bytes)
        if length >> 24:
            raise ProtocolError(f"first byte of a frame is {length >> 24}, not 0")
        if length > DATA_LENGTH_MAX:
            raise ResourceExhausted(
                f"stream {stream_id}: frame of {length} bytes is over the limit of "
                f"{DATA_LENGTH_MAX}"
            )
        end = _HEADER.size + length
        if len(self._bytes) < end:
            return None
        with memoryview(self._bytes) as view:
            data = bytes(view[_HEADER.size : end])
        del self._bytes[:end]
        return Frame(stream_id, frame_type, flags, data)
