"""What the headers and the tails of the accepted files say, read without decoding anything."""

import os
import re
import struct
from typing import BinaryIO

PNG = b"\x89PNG\r\n\x1a\n"
_TAIL = 64 * 1024
_CHUNK = 256 * 1024
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"miaf"}
_AVIF_BRANDS = {b"avif", b"avis"}
# the markers of JPEG that hold the picture's size: every start of frame; DHT, JPG and DAC stand among their numbers
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NO_MORE_HEADERS = {0xD9, 0xDA}  # end of image, start of scan
_START_OF_IMAGE, _END_OF_IMAGE = b"\xff\xd8", b"\xff\xd9"
_MOST_STRAY_BYTES = 1024
# TIFF: byte order, then the widths of a count, of an entry and of a value, and where the first directory is named
_TIFF = {
    b"II*\x00": ("<", "H", "HHI4s", 4), b"MM\x00*": (">", "H", "HHI4s", 4),
    b"II+\x00": ("<", "Q", "HHQ8s", 8), b"MM\x00+": (">", "Q", "HHQ8s", 8),
}  # fmt: skip
TIFF = tuple(_TIFF)
_TIFF_WIDTH, _TIFF_HEIGHT, _TIFF_SHORT, _MOST_ENTRIES = 256, 257, 3, 1000
_NO_SIDE = 1_000_000  # pixels: a directory that says so is damaged
_BMP_HEADERS = {12, 40, 52, 56, 64, 108, 124}
_BMP_BITS = {1, 4, 8, 16, 24, 32}
_BMP_RAW, _BMP_MASKED = 0, 3
_PADDING = b"\0\t\n\r "
_ENCRYPT = re.compile(rb"/Encrypt(?![A-Za-z])")
_LONGEST_NAME = len("/EncryptMetadata")
_ZIP_END = b"PK\x05\x06"
_FOREIGN = re.compile(
    rb"(?i)\s*(<(\?php|%|!doctype|html|script|svg)|PK\x03\x04|MZ|\x7fELF|#!|Rar!|7z\xbc\xaf|%PDF-|GIF8)"
)


def jpeg_pixels(stream: BinaryIO, size: int) -> int:
    """Return width × height; 0 if the frame header, or the end of the picture after it, is missing."""
    stream.seek(2)
    stray = 0
    while (byte := stream.read(1)) and stray < _MOST_STRAY_BYTES:
        if byte != b"\xff":  # a length that is wrong by a few bytes: every decoder looks for the next marker
            stray += 1
            continue
        marker = _after_padding(stream)
        length = int.from_bytes(stream.read(2), "big")
        if marker in _FRAMES:
            frame = stream.read(5)
            whole = _ends_with(_END_OF_IMAGE, stream, stream.tell(), size)
            return whole * int.from_bytes(frame[1:3], "big") * int.from_bytes(frame[3:5], "big")
        if length < 2 or marker in _NO_MORE_HEADERS:
            break
        stream.seek(length - 2, os.SEEK_CUR)
    return 0


def _after_padding(stream: BinaryIO) -> int:
    """Return the byte after 0xFF, which may be repeated; 0 at the end of the file."""
    for _ in range(_MOST_STRAY_BYTES):
        if (byte := stream.read(1)) != b"\xff":
            return byte[0] if byte else 0
    return 0


def png_pixels(stream: BinaryIO, size: int) -> int:
    """Return width × height; 0 if the first or the last chunk is missing."""
    header = _read(stream, 0, 24)
    if len(header) < 24 or header[12:16] != b"IHDR" or not _ends_with(b"IEND", stream, 24, size):
        return 0
    return int.from_bytes(header[16:20], "big") * int.from_bytes(header[20:24], "big")


def is_heic(head: bytes) -> bool:
    """Tell a HEIC or HEIF picture by the brands of its first box."""
    if head[4:8] != b"ftyp":
        return False
    length = int.from_bytes(head[:4], "big")
    brands = {head[8:12], *(head[start : start + 4] for start in range(16, min(length, 256), 4))}
    return bool(brands & _HEIC_BRANDS) and not brands & _AVIF_BRANDS


def heic_pixels(stream: BinaryIO, size: int) -> int:
    """Return the largest width × height among the pictures described; 0 if a box is cut short or none is described.

    A camera's picture is a grid of tiles: both the grid and its tiles have their `ispe` box.
    """
    if not _boxes_are_whole(stream, size):
        return 0
    head = _read(stream, 0, 4 * _TAIL)
    sizes = [head[found.end() + 4 : found.end() + 12] for found in re.finditer(rb"ispe", head)]
    return max((int.from_bytes(s[:4], "big") * int.from_bytes(s[4:], "big") for s in sizes), default=0)


def pdf_is_whole(stream: BinaryIO, size: int) -> bool:
    """Tell whether an end of file stands near the end, with no further object after it.

    Junk after it is common (mail gateways, web servers, scanners that fill their last block with zeros) and harmless;
    objects mean that the true end is missing.
    """
    end = size
    while end > 0 and not _read(stream, max(0, end - _TAIL), end).strip(_PADDING):
        end -= _TAIL
    tail = _read(stream, max(0, end - 2 * _TAIL), end)
    _, mark, after = tail.rpartition(b"%%EOF")
    return bool(mark) and not re.search(rb"\d \d+ obj\b", after)


def pdf_has_lock(stream: BinaryIO) -> bool:
    """Tell whether the name of an encryption stands anywhere in a file: a trailer that has one is never compressed."""
    stream.seek(0)
    before = b""
    while chunk := stream.read(_CHUNK):
        if _ENCRYPT.search(before + chunk):
            return True
        before = chunk[-_LONGEST_NAME:]
    return False


def webp_pixels(stream: BinaryIO, size: int) -> int:
    """Return width × height; 0 if the file is shorter than it says, or does not begin with a picture."""
    head = _read(stream, 0, 30)
    if len(head) < 30 or int.from_bytes(head[4:8], "little") + 8 > size:
        return 0
    match head[12:16]:
        case b"VP8X":
            return (int.from_bytes(head[24:27], "little") + 1) * (int.from_bytes(head[27:30], "little") + 1)
        case b"VP8L":
            both = int.from_bytes(head[21:25], "little")
            return ((both & 0x3FFF) + 1) * ((both >> 14 & 0x3FFF) + 1)
        case b"VP8 ":
            return (int.from_bytes(head[26:28], "little") & 0x3FFF) * (int.from_bytes(head[28:30], "little") & 0x3FFF)
    return 0


def tiff_pixels(stream: BinaryIO, size: int) -> int:
    """Return width × height of the first page; 0 if its directory is missing or absurd."""
    order, count, entry, pointer = _TIFF[_read(stream, 0, 4)]
    try:
        [start] = struct.unpack(order + ("I" if pointer == 4 else "Q"), _read(stream, pointer, 2 * pointer))
        [entries] = struct.unpack(order + count, _read(stream, start, start + struct.calcsize(order + count)))
        start, length = start + struct.calcsize(order + count), struct.calcsize(order + entry)
        table = _read(stream, start, start + min(entries, _MOST_ENTRIES) * length)
        sides = {
            tag: struct.unpack_from(order + ("H" if kind == _TIFF_SHORT else "I"), value)[0]
            for tag, kind, _, value in struct.iter_unpack(order + entry, table)
        }
    except (struct.error, OverflowError):
        return 0
    width, height = sides.get(_TIFF_WIDTH, 0), sides.get(_TIFF_HEIGHT, 0)
    return width * height if max(width, height) < _NO_SIDE else 0


def is_bmp(head: bytes) -> bool:
    """Tell a Windows bitmap."""
    return head.startswith(b"BM") and head[6:10] == bytes(4)


def bmp_pixels(head: bytes, size: int) -> tuple[int, bool]:
    """Return width × height, 0 if the header is not one that common programmes read, and whether all are there."""
    try:
        start, length = struct.unpack_from("<II", head, 10)
        form = "<HHHH" if length == 12 else "<IiHHI"
        width, height, _, bits, packed = (*struct.unpack_from(form, head, 18), _BMP_RAW)[:5]
    except struct.error:
        return 0, False
    if length not in _BMP_HEADERS or bits not in _BMP_BITS or packed > _BMP_MASKED:
        return 0, False
    raw = (width * bits + 31) // 32 * 4 * abs(height) if packed in {_BMP_RAW, _BMP_MASKED} else 0
    return width * abs(height), start + raw <= size


def after_jpeg(stream: BinaryIO, size: int) -> bytes:
    """Return what follows the picture, and the others that phones put after it (depth, gain, second view)."""
    position = 0
    while _read(stream, position, position + 2) == _START_OF_IMAGE:
        end = _found(stream, _END_OF_IMAGE, _first_scan(stream, position + 2))
        if end < 0:
            return b""
        position = end + 2
    return _read(stream, position, min(size, position + _TAIL))


def after_png(stream: BinaryIO, size: int) -> bytes:
    """Return what follows the last chunk, if that is near the end."""
    return _after(b"IEND\xaeB`\x82", stream, size)


def after_webp(stream: BinaryIO, size: int) -> bytes:
    """Return what follows the length that the file says it has."""
    end = 8 + int.from_bytes(_read(stream, 4, 8), "little")
    return _read(stream, end, min(size, end + _TAIL))


def after_pdf(stream: BinaryIO, size: int) -> bytes:
    """Return what follows the last end of file, if that is near the end."""
    return _after(b"%%EOF", stream, size)


def foreign_tail(stream: BinaryIO, size: int, after: bytes) -> bytes:
    """Return the first bytes of another file, where one begins after the end of the first; empty if there is none.

    A ZIP is read from its end: any that is whole counts, wherever it begins. Phones append videos, gateways append
    zeros and spaces: those are no other file.
    """
    if found := _FOREIGN.match(after):
        return found[1].lower()
    tail = _read(stream, max(0, size - _TAIL - 22), size)
    position = tail.rfind(_ZIP_END)
    comment = int.from_bytes(tail[position + 20 : position + 22], "little")
    return b"pk" if position >= 0 and position + 22 + comment == len(tail) else b""


def _first_scan(stream: BinaryIO, position: int) -> int:
    """Return where the pixels of a JPEG begin: the thumbnails before them have an end of image of their own."""
    while (header := _read(stream, position, position + 4))[:1] == b"\xff" and len(header) == 4:
        if header[1] in _NO_MORE_HEADERS:
            return position
        position += 1 if header[1] == 0xFF else 2 + int.from_bytes(header[2:], "big")
    return position


def _found(stream: BinaryIO, mark: bytes, start: int) -> int:
    """Return where the mark first stands from there on; -1 if it does not."""
    stream.seek(start)
    before, position = b"", start
    while chunk := stream.read(_CHUNK):
        if (found := (before + chunk).find(mark)) >= 0:
            return position - len(before) + found
        position += len(chunk)
        before = chunk[1 - len(mark) :]
    return -1


def _after(mark: bytes, stream: BinaryIO, size: int) -> bytes:
    tail = _read(stream, max(0, size - _TAIL), size)
    return tail.rpartition(mark)[2] if mark in tail else b""


def _ends_with(mark: bytes, stream: BinaryIO, start: int, size: int) -> bool:
    """Look for the mark in the tail first, then everywhere: phones append whole videos after the picture."""
    tail = max(start, size - _TAIL)
    return mark in _read(stream, tail, size) or mark in _read(stream, start, tail + len(mark) - 1)


def _boxes_are_whole(stream: BinaryIO, size: int) -> bool:
    """Go from box to box to the end, or to what a phone put after the pixels and is none."""
    position = 0
    seen: set[bytes] = set()
    while position < size:
        header = _read(stream, position, position + 16)
        length, name = int.from_bytes(header[:4], "big"), header[4:8]
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        if length == 0:  # the last box goes to the end of the file
            return position > 0
        if length < 8 or not name.isalnum():
            return seen >= {b"meta", b"mdat"}
        seen.add(name)
        position += length
    return position == size


def _read(stream: BinaryIO, start: int, end: int) -> bytes:
    stream.seek(start)
    return stream.read(max(0, end - start))
