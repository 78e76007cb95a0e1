"""Older formats (RTF, DOC, XLS, XML of 2003): LibreOffice, if there, makes DOCX or XLSX of them.

It runs without a window, in a profile and a folder of its own, with macros and links switched off.
"""

import os
import shutil
import tempfile
from codecs import BOM_UTF8
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kvartal.exchange.child_process import Patience, run
from kvartal.exchange.errors import (
    ConversionFailed,
    ConverterMissing,
    DocumentProtected,
    DocumentWithEntities,
)
from kvartal.exchange.limits import Limits

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF: Final = b"{\\rtf"
_PROTECTED: Final = ("EncryptedPackage", "DRMContent")
"""Streams of a modern document that is encrypted, by a password or for certain readers."""
_SECTOR: Final = 512
_WORD: Final = b"\xec\xa5"
_WORD_FLAGS: Final = slice(10, 12)
_WORD_ENCRYPTED: Final = 0x0100
_WORKBOOK: Final = b"\x09\x08"
_FILE_PASS: Final = 0x2F
_WRITE_PROTECT: Final = 0x86
_STREAMS: Final = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"))
_XML_2003: Final = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", "xls"),
    (b"http://schemas.microsoft.com/office/word/2003/wordml", "doc"),
)
"""What stands at the beginning of a document as XML of 2003, which accounting systems write."""
_HEAD: Final = 4096
_TARGETS: Final[Mapping[str, str]] = {"rtf": "docx", "doc": "docx", "xls": "xlsx"}
_PROGRAMS: Final = ("soffice", "libreoffice")
_PLACES: Final = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
)
_SETTINGS: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">\
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>\
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>\
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>\
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">\
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">\
<prop oor:name="Link" oor:op="fuse"><value>1</value></prop></item>
</oor:items>
"""


def legacy_format(name: str, data: bytes) -> str:
    """Return `rtf`, `doc` or `xls` for a document in an older format, else an empty text.

    Args:
        name: The file's name, for messages.
        data: Its content.

    Raises:
        DocumentProtected: It is encrypted.
        DocumentWithEntities: It is XML with a DOCTYPE.
    """
    if data.lstrip()[: len(_RTF)] == _RTF:
        return "rtf"
    if data[:_HEAD].removeprefix(BOM_UTF8).lstrip().startswith(b"<?xml"):
        found = next((one for mark, one in _XML_2003 if mark in data[:_HEAD]), "")
        if found and b"<!DOCTYPE" in data:
            raise DocumentWithEntities(name=name)
        return found
    if not data.startswith(_OLE):
        return ""
    if _is_encrypted(data) or any(one.encode("utf-16-le") in data for one in _PROTECTED):
        raise DocumentProtected(name=name)
    for stream, found in _STREAMS:
        if stream.encode("utf-16-le") in data:
            return found
    return ""


def _is_encrypted(data: bytes) -> bool:
    """Return whether the text of a DOC or the workbook of an XLS says that it is encrypted."""
    for start in range(0, len(data), _SECTOR):
        sector = data[start : start + _SECTOR]
        if sector.startswith(_WORD):
            return bool(int.from_bytes(sector[_WORD_FLAGS], "little") & _WORD_ENCRYPTED)
        if sector.startswith(_WORKBOOK):
            return _has_file_pass(sector)
    return False


def _has_file_pass(workbook: bytes) -> bool:
    """Return whether a workbook's first records, after that of its beginning, have a password."""
    at, kind = 0, _WRITE_PROTECT
    while kind == _WRITE_PROTECT and at < len(workbook):
        at += 4 + int.from_bytes(workbook[at + 2 : at + 4], "little")
        kind = int.from_bytes(workbook[at : at + 2], "little")
    return kind == _FILE_PASS


def find_program() -> str:
    """Return the path of LibreOffice; empty where it is not installed."""
    for program in _PROGRAMS:
        found = shutil.which(program)
        if found:
            return found
    return next((place for place in _PLACES if Path(place).is_file()), "")


def converted(data: bytes, legacy: str, limits: Limits, patience: Patience) -> bytes:
    """Return a document in the modern form of its format.

    Args:
        data: Its content.
        legacy: What `legacy_format` says of it.
        limits: How large the result may be.
        patience: How long it may take.

    Raises:
        ConversionFailed: LibreOffice made nothing of it.
        ConverterMissing: LibreOffice is not installed.
        DocumentReadingStopped: The user wants it to end.
        ReadingTooSlow: It takes too long.
    """
    name = patience.name
    target = _TARGETS[legacy]
    program = find_program()
    if not program:
        raise ConverterMissing(name=name, format=legacy.upper(), target=target.upper())
    with tempfile.TemporaryDirectory(prefix="kvartal-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        # The name is ours, whatever the user's is: an odd one is no option and no address.
        document = folder / f"document.{legacy}"
        document.write_bytes(data)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        command = [
            *(program, f"-env:UserInstallation={profile.as_uri()}"),
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
            *("--convert-to", target, "--outdir", str(folder), str(document)),
        ]
        environment = {**os.environ, "TMPDIR": temporary, "TEMP": temporary, "TMP": temporary}
        run(command, patience, folder=folder, environment=environment)
        result = folder / f"document.{target}"
        if not result.is_file() or result.stat().st_size > limits.file_bytes:
            raise ConversionFailed(name=name, format=legacy.upper(), target=target.upper())
        return result.read_bytes()
