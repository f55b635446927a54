"""What is refused before it is opened, and what leaves here harmless.

Archives that unpack to too much, macros, links to other workbooks, embedded programs, entities in XML, names that
leave their folder, texts that a spreadsheet would run as a formula. Knows nothing of figures.
"""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from greenreport.intake.reason import Reason, refuse

__all__ = ["CELLS", "COLUMNS", "TEXT_BYTES", "inspect_workbook", "safe_name", "sha256", "shown_name", "sniff"]

MIB = 1024 * 1024
# How much is read before a file counts as an attack or an accident: the size of a workbook and of a CSV; of a workbook its
# parts, their size unpacked, and for those above 1 MiB how much larger that is; of its sheets, or of a CSV that is not one
# plain list, the cells in all and the columns.
WORKBOOK_BYTES, TEXT_BYTES = 200 * MIB, 4096 * MIB
_PARTS, _UNPACKED_BYTES, _RATIO = 2_000, 2048 * MIB, 200
CELLS, COLUMNS = 20_000_000, 2_000

_FORBIDDEN = {
    "macros.part": re.compile(r"vbaproject|\.bin$|macrosheets|/dialogsheets", re.I),
    "external_links.part": re.compile(r"externallinks/", re.I),
    "external_data.part": re.compile(r"connections\.xml|querytables/", re.I),
    "embedded.part": re.compile(r"embeddings/|activex/|oleobject", re.I),
}
_HARMLESS_BIN = re.compile(r"printersettings\d*\.bin$", re.I)
_EXTERNAL = re.compile(rb'<[^>]*Relationship\b[^>]*TargetMode\s*=\s*["\']External["\'][^>]*>', re.I)
_LINK = re.compile(rb"/(hyperlink|officeDocument/2006/relationships/hyperlink)[\"']", re.I)
_ENTITY = re.compile(rb"<!(DOCTYPE|ENTITY)", re.I)
_HTML = (b"<!doc", b"<html", b"<?xml", b"<table", b"<head", b"<meta")
_SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"SQLite format", "sqlite"),
    (b"PAR1", "parquet"),
)


def sniff(head: bytes) -> str:
    """What the first bytes of a file say it is: `zip`, `ole`, another known format, or `text`."""
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    known = next((kind for mark, kind in _SIGNATURES if head.startswith(mark)), "text")
    return "html" if known == "text" and bare.startswith(_HTML) else known


def sha256(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def shown_name(path: Path) -> str:
    """A file's name as it can be written: one in GBK, as old archives unpack to, is decoded as that."""
    raw = os.fsencode(path.name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", errors="replace")


def safe_name(name: str) -> str:
    """A name that can be a file in any folder and nothing else: no separators, no dots in front, not too long."""
    cleaned = "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip("-.")
    return cleaned[:80] or "file"


def inspect_workbook(path: Path) -> Reason | None:
    """Look into a workbook's archive without opening the workbook; the reason to refuse it, or None.

    Raises:
        OSError: the file cannot be read.
    """
    if path.stat().st_size > WORKBOOK_BYTES:
        return refuse("file_too_large.workbook", "file", mib=WORKBOOK_BYTES // MIB)
    try:
        with zipfile.ZipFile(path) as archive:
            return _inspect(archive)
    except (
        zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OverflowError, zlib.error,
    ) as e:  # fmt: skip
        return refuse("file_damaged.archive", "file", why=str(e))


def _inspect(archive: zipfile.ZipFile) -> Reason | None:
    parts = archive.infolist()
    if len(parts) > _PARTS:
        return refuse("zip_bomb.parts", "file", parts=len(parts), most=_PARTS)
    names = [p.filename for p in parts]
    if len({n.casefold() for n in names}) < len(names):
        return refuse("zip_names.twice", "file")
    total = 0
    for part in parts:
        if refused := _inspect_part(part):
            return refused
        total += part.file_size
        if total > _UNPACKED_BYTES:
            return refuse("zip_bomb.whole", "file")
    if "[Content_Types].xml" not in names:
        return refuse("file_format.ods" if "mimetype" in names else "file_format.archive", "file")
    return _inspect_content(archive, parts)


def _inspect_part(part: zipfile.ZipInfo) -> Reason | None:
    name = part.filename
    posix = PurePosixPath(name.replace("\\", "/"))
    if posix.is_absolute() or ".." in posix.parts or ":" in name or "\0" in name:
        return refuse("zip_names.outside", "file", name=name)
    if part.flag_bits & 0x1:
        return refuse("file_encrypted", "file")
    if part.file_size > MIB and part.file_size > _RATIO * max(1, part.compress_size):
        return refuse("zip_bomb.part", "file", name=name, ratio=_RATIO)
    for key, pattern in _FORBIDDEN.items():
        if pattern.search(name) and not _HARMLESS_BIN.search(name):
            return refuse(key, "file")
    return None


def _inspect_content(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> Reason | None:
    for part in parts:
        name = part.filename.casefold()
        if not name.endswith((".xml", ".rels")):
            continue
        with archive.open(part) as stream:
            # Entities are declared before the first element; relations and types are small and read whole.
            head = stream.read(MIB if name.endswith(".rels") or "content_types" in name else 4096)
        if _ENTITY.search(head) or _ENTITY.search(head.replace(b"\0", b"")):
            return refuse("xml_entities", "file")
        if "content_types" in name and b"macroenabled" in head.lower():
            return refuse("macros.type", "file")
        if name.endswith(".rels") and any(not _LINK.search(found) for found in _EXTERNAL.findall(head)):
            return refuse("external_links.file", "file")
    return None
