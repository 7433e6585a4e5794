"""A disk that has lost its power: files as the recorder's file says they may be at some moment.

What was synced is there. Of what came after, each write is there whole, in part, sector by sector,
or not at all; so is each change of a file's length. A file that wasn't synced may not exist yet.
"""

from __future__ import annotations

import pathlib
import random
import struct
from typing import Dict, Iterator, List, NamedTuple, Tuple

#: What a disk writes as a whole, in bytes.
SECTOR = 512

_HEAD = struct.Struct("<IIQQ")


class Record(NamedTuple):
    """One thing that was done; `shim.c` says what the kinds are."""

    kind: str
    inode: int
    offset: int
    data: memoryview
    #: The length of the recorder's file with this record.
    end: int


def records(recorded: memoryview) -> Iterator[Record]:
    place = 0
    while place + _HEAD.size <= len(recorded):
        kind, length, inode, offset = _HEAD.unpack_from(recorded, place)
        place += _HEAD.size
        yield Record(chr(kind), inode, offset, recorded[place:place + length], place + length)
        place += length


class File:
    """A file: what is sure to be there, and what may be."""

    def __init__(self) -> None:
        self.sure = bytearray()
        self.pending: List[Record] = []
        #: How many of the pending ones a sync that has begun covers.
        self.syncing: List[int] = []

    def begin_sync(self) -> None:
        self.syncing.append(len(self.pending))

    def end_sync(self) -> None:
        """The oldest sync that has begun has ended."""
        count = self.syncing.pop(0)
        for record in self.pending[:count]:
            apply(record, self.sure)
        del self.pending[:count]
        self.syncing = [max(0, other - count) for other in self.syncing]

    def after_power_loss(self, chance: random.Random) -> bytearray:
        found = bytearray(self.sure)
        likely = chance.choice([0.0, 0.1, 0.5, 0.9, 1.0])
        tears = chance.choice([0.0, 0.3])
        for record in self.pending:
            if chance.random() >= likely:
                continue
            if record.kind == "W" and chance.random() < tears:
                for part in sectors(record):
                    if chance.random() < 0.5:
                        apply(part, found)
            else:
                apply(record, found)
        return found


def sectors(record: Record) -> Iterator[Record]:
    """A write in pieces, none of which crosses the border of a sector."""
    start, end = record.offset, record.offset + len(record.data)
    while start < end:
        border = min(end, (start // SECTOR + 1) * SECTOR)
        data = record.data[start - record.offset:border - record.offset]
        yield record._replace(offset=start, data=data)
        start = border


def apply(record: Record, content: bytearray) -> None:
    if record.kind == "T":
        length = record.offset
        del content[length:]
    else:
        length = record.offset + len(record.data)
    if len(content) < length:
        content.extend(bytes(length - len(content)))
    if record.kind == "W":
        content[record.offset:length] = record.data


class Disk:
    """The files of one folder."""

    def __init__(self) -> None:
        self.files: Dict[int, File] = {}
        #: Names and inodes as they are sure to be, and what was done to them since, in order.
        self.names: Dict[str, int] = {}
        self.pending_names: List[Tuple[str, int]] = []

    def take(self, record: Record) -> None:
        """Goes on by one record."""
        kind = record.kind
        if kind == "O":
            name = bytes(record.data).decode()
            if record.inode not in self.files or self.current_names().get(name) != record.inode:
                self.files[record.inode] = File()
                self.pending_names.append((name, record.inode))
        elif kind == "U":
            self.pending_names.append((bytes(record.data).decode(), 0))
        elif kind == "e":
            self.settle_names(len(self.pending_names))
        elif kind in "WT":
            self.files[record.inode].pending.append(record)
        elif kind == "B":
            self.files[record.inode].begin_sync()
        elif kind == "E":
            self.files[record.inode].end_sync()
            # A file's own sync keeps its name, too.
            made = [i for i, (_, inode) in enumerate(self.pending_names) if inode == record.inode]
            self.settle_names(made[-1] + 1 if made else 0)

    def current_names(self) -> Dict[str, int]:
        return {**self.names, **dict(self.pending_names)}

    def settle_names(self, count: int) -> None:
        self.names.update(self.pending_names[:count])
        del self.pending_names[:count]

    def lose_power(self, folder: pathlib.Path, chance: random.Random) -> None:
        """Writes the files as they are found afterwards."""
        done = self.pending_names[:chance.randint(0, len(self.pending_names))]
        names = {**self.names, **dict(done)}
        for name, inode in names.items():
            if inode:
                content = self.files[inode].after_power_loss(chance)
                (folder / pathlib.Path(name).name).write_bytes(content)
