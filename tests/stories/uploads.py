"""Files that somebody might upload: good ones, and those made to do harm."""

import struct
import zlib
from io import BytesIO

from PIL import Image


def photo(width=1200, height=800, kind="JPEG", **options):
    out = BytesIO()
    image = Image.new("RGB", (width, height), "#3a6")
    image.paste("#c42", (0, 0, width // 2, height // 2))
    image.save(out, kind, **options)
    return out.getvalue()


def photo_with_place():
    """A photo that knows where it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "secret words"
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 43.0, 12.0), 3: "W", 4: (9.0, 8.0, 21.0)})
    return photo(exif=exif)


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_claiming(width, height, data=b""):
    """A PNG of a few bytes whose header claims a size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", data or zlib.compress(b"\0" * 64)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def text_bomb():
    """A small PNG with a text chunk that unpacks to 200 MB."""
    packed = zlib.compress(b"a" * 200_000_000, 9)
    whole = photo(64, 64, "PNG")
    return whole[:33] + _chunk(b"zTXt", b"k\0\0" + packed) + whole[33:]


HOSTILE = {
    "a bomb by its header": png_claiming(65_535, 65_535),
    "a bomb that claims 4.3 gigapixels": png_claiming(2**31 - 1, 2),
    "just too many pixels": png_claiming(6000, 5000),
    "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "an SVG with entities": b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>',
    "a page": b"<html><script>alert(1)</script></html>",
    "nothing": b"",
    "noise": bytes(range(256)) * 40,
    "a cut photo": photo()[:900],
    "a GIF": photo(kind="GIF"),
    "a TIFF": photo(kind="TIFF"),
    "an ICO": photo(64, 64, kind="ICO"),
    "a PDF": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99999 99999\n",
    "one pixel": photo(1, 1, "PNG"),
    "a ribbon": photo(4000, 20, "PNG"),
}
