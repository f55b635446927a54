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
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from greenreport.intake.reason import Reason, quoted

__all__ = ["Limits", "inspect_workbook", "safe_name", "sha256", "shown_name", "sniff"]

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """How much is read before a file counts as an attack or an accident.

    `file_bytes`: size on disk of a workbook; `text_bytes`: of a CSV; `unpacked_bytes`: of all parts of a workbook;
    `ratio`: unpacked to packed, for parts above 1 MiB; `parts`: of a workbook; `cells`: filled cells of a sheet that
    is not one plain list; `text`: characters of one cell.
    """

    file_bytes: int = 200 * MIB
    text_bytes: int = 4096 * MIB
    unpacked_bytes: int = 2048 * MIB
    ratio: int = 200
    parts: int = 2_000
    cells: int = 20_000_000
    columns: int = 2_000
    text: int = 2_000


_FORBIDDEN = (
    (re.compile(r"vbaproject|\.bin$|macrosheets|/dialogsheets", re.I), "macros", "宏", "macros"),
    (re.compile(r"externallinks/", re.I), "external_links", "指向其他工作簿的链接", "links to other workbooks"),
    (
        re.compile(r"connections\.xml|querytables/", re.I),
        "external_data",
        "外部数据连接",
        "connections to external data",
    ),
    (re.compile(r"embeddings/|activex/|oleobject", re.I), "embedded", "嵌入的对象", "embedded objects"),
)
_HARMLESS_BIN = re.compile(r"printersettings\d*\.bin$", re.I)
_EXTERNAL = re.compile(rb'<[^>]*Relationship\b[^>]*TargetMode\s*=\s*["\']External["\'][^>]*>', re.I)
_LINK = re.compile(rb"/(hyperlink|officeDocument/2006/relationships/hyperlink)[\"']", re.I)
_ENTITY = re.compile(rb"<!(DOCTYPE|ENTITY)", re.I)
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
    known = next((kind for mark, kind in _SIGNATURES if head.startswith(mark)), "text")
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return (
        "html"
        if known == "text" and bare.startswith((b"<!doc", b"<html", b"<?xml", b"<table", b"<head", b"<meta"))
        else known
    )


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


def inspect_workbook(path: Path, limits: Limits) -> Reason | None:
    """Look into a workbook's archive without opening the workbook; the reason to refuse it, or None.

    Raises:
        OSError: the file cannot be read.
    """
    if path.stat().st_size > limits.file_bytes:
        zh = f"文件超过{limits.file_bytes // MIB}MiB，请分开报送。"
        en = f"The file is larger than {limits.file_bytes // MIB} MiB; hand it in in parts."
        return _file("file_too_large", zh, en)
    try:
        with zipfile.ZipFile(path) as archive:
            return _inspect(archive, limits)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        ValueError,
        EOFError,
        OverflowError,
        zlib.error,
    ) as e:
        zh = f"工作簿已损坏，打不开（{quoted(e)}）。请重新保存后再报。"
        en = f"The workbook is damaged and cannot be opened ({quoted(e)}). Save it again."
        return _file("file_damaged", zh, en)


def _inspect(archive: zipfile.ZipFile, limits: Limits) -> Reason | None:
    parts = archive.infolist()
    if len(parts) > limits.parts:
        zh = f"工作簿由{len(parts)}个部分组成，超过{limits.parts}个。"
        en = f"The workbook has {len(parts)} parts, more than {limits.parts}."
        return _file("zip_bomb", zh, en)
    names = [p.filename for p in parts]
    if len({n.casefold() for n in names}) < len(names):
        return _file("zip_names", "压缩包内有重名的部分。", "The archive holds two parts of one name.")
    total = 0
    for part in parts:
        if refused := _inspect_part(part, limits):
            return refused
        total += part.file_size
        if total > limits.unpacked_bytes:
            return _file("zip_bomb", "解压后过大。", "It unpacks to far too much.")
    if "[Content_Types].xml" not in names:
        return _not_a_workbook(names)
    return _inspect_content(archive, parts)


def _inspect_part(part: zipfile.ZipInfo, limits: Limits) -> Reason | None:
    name = part.filename
    posix = PurePosixPath(name.replace("\\", "/"))
    if posix.is_absolute() or ".." in posix.parts or ":" in name or "\0" in name:
        return _file(
            "zip_names",
            f"压缩包内有越出文件夹的名称“{quoted(name)}”。",
            f"The archive holds a name that leaves its folder: {quoted(name)!r}.",
        )
    if part.flag_bits & 0x1:
        return _file(
            "file_encrypted", "工作簿已加密，请去掉密码后再报。", "The workbook is encrypted; remove the password."
        )
    if part.file_size > MIB and part.file_size > limits.ratio * max(1, part.compress_size):
        return _file(
            "zip_bomb",
            f"“{quoted(name)}”解压后是原来的{limits.ratio}倍以上。",
            f"{quoted(name)!r} unpacks to more than {limits.ratio} times its size.",
        )
    for pattern, code, zh, en in _FORBIDDEN:
        if pattern.search(name) and not _HARMLESS_BIN.search(name):
            return _file(
                code,
                f"工作簿含有{zh}，不予打开。请另存为不含{zh}的xlsx。",
                f"The workbook holds {en} and is not opened. Save it as xlsx without them.",
            )
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
            zh = "工作簿的XML中声明了实体，不予打开。"
            en = "The workbook's XML declares entities and is not opened."
            return _file("xml_entities", zh, en)
        if "content_types" in name and b"macroenabled" in head.lower():
            return _file(
                "macros", "这是启用宏的工作簿，请另存为xlsx。", "This is a macro-enabled workbook; save it as xlsx."
            )
        if name.endswith(".rels") and any(not _LINK.search(found) for found in _EXTERNAL.findall(head)):
            zh = "工作簿含有指向外部文件的链接，不予打开。请断开链接后再报。"
            en = "The workbook links to external files and is not opened. Break the links first."
            return _file("external_links", zh, en)
    return None


def _not_a_workbook(names: list[str]) -> Reason:
    if "mimetype" in names:
        return _file(
            "file_format", "这是ODS表格，请另存为xlsx或csv。", "This is an ODS spreadsheet; save it as xlsx or csv."
        )
    zh = "这是压缩包，不是工作簿。请解压后分别报送。"
    en = "This is an archive, not a workbook. Unpack it first."
    return _file("file_format", zh, en)


def _file(code: str, zh: str, en: str) -> Reason:
    return Reason(code, "file", zh, en)
