"""A tar file in exactly one shape: the same entries are the same bytes, and any other byte is an error."""

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

BLOCK = 512
END = bytes(2 * BLOCK)
LONGEST_NAME = 99
LARGEST_ENTRY = 64 * 1024 * 1024
"""Bytes. An entry is read whole: no file may make the reader hold more than this."""

# POSIX ustar: a regular file, 0644, of nobody in particular, of no particular time.
_MODE_TO_GROUP = b"0000644\0" + b"0000000\0" + b"0000000\0"
_NO_TIME = b"00000000000\0"
_KIND = b"0" + bytes(100) + b"ustar\0" + b"00" + bytes(32) + bytes(32) + b"0000000\0" + b"0000000\0"
_TAIL = _KIND + bytes(BLOCK - 156 - len(_KIND))
# The checksum counts its own field as eight spaces.
_SUM = sum(_MODE_TO_GROUP) + sum(_NO_TIME) + sum(_TAIL) + 8 * 0x20


class BadBundle(Exception):
    """These bytes are no bundle. `place` says where the reading ended."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}")
        self.place, self.why = place, why


def header(name: str, size: int) -> bytes:
    """The one header that an entry of this name and size may have. Raises ValueError."""
    title = name.encode("ascii")
    if not 0 < len(title) <= LONGEST_NAME or not 0 <= size <= LARGEST_ENTRY:
        raise ValueError(f"no entry may be called {name!r} and hold {size} bytes")
    length = b"%011o\0" % size
    checksum = b"%06o\0 " % (_SUM + sum(title) + sum(length))
    return title.ljust(100, b"\0") + _MODE_TO_GROUP + length + _NO_TIME + checksum + _TAIL


def entry(name: str, content: bytes) -> bytes:
    """Header, content, and zeros up to the next block."""
    return header(name, len(content)) + content + bytes(-len(content) % BLOCK)


class Entries:
    """The entries of an archive, one after the other, without seeking. Raises BadBundle."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._all, self._before = hashlib.sha256(), hashlib.sha256()
        self.read_bytes = 0
        self.name: str | None = None
        """The next entry's name; None after the last."""
        self._size = 0
        self._advance()

    @property
    def digest(self) -> str:
        """The SHA-256 of all bytes before the entry that is next, in hex."""
        return self._before.hexdigest()

    def take(self) -> bytes:
        """The content of the entry that is next, and on to the one after it."""
        size = self._size
        padded = size + -size % BLOCK
        content = self._exactly(padded)
        if padded != size:
            if content.count(0, size) != padded - size:
                raise BadBundle(str(self.name), "there is something after the entry's end")
            content = content[:size]
        self._advance()
        return content

    def _advance(self) -> None:
        self._before = self._all.copy()
        block = self._exactly(BLOCK)
        if not block[0]:
            if block + self._file.read(BLOCK + 1) != END:
                raise BadBundle(f"byte {self.read_bytes - BLOCK}", "the archive does not end where it says")
            self.name = None
            return
        try:
            name = block[: block.index(b"\0")].decode("ascii")
            size = int(block[124:135], 8)
            if header(name, size) != block:
                raise ValueError
        except ValueError:
            place = f"byte {self.read_bytes - BLOCK}"
            raise BadBundle(place, "this is no header of a bundle's entry") from None
        self.name, self._size = name, size

    def _exactly(self, count: int) -> bytes:
        found = self._file.read(count)
        if len(found) != count:
            raise BadBundle(f"byte {self.read_bytes + len(found)}", "the file ends in the middle")
        self.read_bytes += count
        self._all.update(found)
        return found


def every(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Name and content of each entry, in order. Raises BadBundle."""
    entries = Entries(file)
    while (name := entries.name) is not None:
        yield name, entries.take()
