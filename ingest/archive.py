"""Read ZIP archives that come from outside, within limits that the archive cannot talk away."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingest.errors import SourceError, SourceProblem


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may hold."""

    unpacked: int = 64 * 1024 * 1024
    """Bytes of one member; the largest official law has under 5 MB."""
    ratio: int = 200
    """Unpacked to packed bytes; official XML packs about 1 : 10."""
    members: int = 2_000
    """AufenthV brings about a hundred pictures along."""


DEFAULT_LIMITS = Limits()
# What zipfile and the decompressors behind it raise on damaged bytes (found by fuzzing).
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
)


def read_single_xml(data: bytes, source: str, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The one XML file of an official archive; pictures beside it are ignored.

    Raises :class:`SourceError` (``zip_broken``, ``zip_traversal``, ``zip_ratio``, ``zip_members``,
    ``too_large``).
    """
    with open_archive(data, source, limits) as archive:
        members = [info for info in archive.infolist() if info.filename.lower().endswith(".xml")]
        if len(members) != 1:
            raise SourceError(
                SourceProblem.ZIP_MEMBERS, source, detail=f"{len(members)} XML-Dateien"
            )
        return read_member(archive, members[0], source, limits)


def open_archive(data: bytes, source: str, limits: Limits = DEFAULT_LIMITS) -> zipfile.ZipFile:
    """Open an archive and refuse hostile names and counts."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as error:
        raise SourceError(SourceProblem.ZIP_BROKEN, source, detail=str(error)) from error
    names = archive.namelist()
    if len(names) > limits.members:
        raise SourceError(SourceProblem.ZIP_MEMBERS, source, detail=f"{len(names)} Einträge")
    for name in names:
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in name:
            raise SourceError(SourceProblem.ZIP_TRAVERSAL, source, detail=name)
    return archive


def read_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: str, limits: Limits
) -> bytes:
    """Unpack one member, counting what really comes out rather than what its header says."""
    packed = max(info.compress_size, 1)
    data = bytearray()
    try:
        with archive.open(info) as stream:
            while block := stream.read(1 << 16):
                data += block
                if len(data) > limits.unpacked:
                    raise SourceError(SourceProblem.TOO_LARGE, source, detail=info.filename)
                if len(data) > 1 << 20 and len(data) > limits.ratio * packed:
                    raise SourceError(SourceProblem.ZIP_RATIO, source, detail=info.filename)
    except _BROKEN as error:
        raise SourceError(SourceProblem.ZIP_BROKEN, source, detail=str(error)) from error
    return bytes(data)
