"""A document packed as a zip file, with a limit on everything that unpacking may ask for."""

import io
import zipfile
import zlib
from typing import Final

from kvartal.exchange.errors import DocumentProtected
from kvartal.exchange.readers.source_file import SourceFile
from kvartal.schema.errors import N_

_SMALL: Final = 1 << 20
"""Below this unpacked size any ratio is harmless: an empty table packs very well."""

_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1


class Package:
    """The members of a packed document, unpacked on demand.

    Args:
        source: The file.

    Raises:
        DocumentDamaged: It is not a whole zip file.
        DocumentTooLarge: It has too many members.
    """

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source.data))
        # Besides its own error zipfile raises these: for numbers that lie outside the file, and for
        # a version of the format that it does not know.
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise source.damaged(N_("архив ZIP не открывается")) from error
        if len(self._zip.infolist()) > source.limits.members:
            raise source.too_large(N_("число файлов внутри"), source.limits.members)
        self._members = {info.filename: info for info in self._zip.infolist()}

    def names(self) -> list[str]:
        """Return the names of the members, in the order of the file."""
        return list(self._members)

    def has(self, member: str) -> bool:
        """Return whether there is such a member."""
        return member in self._members

    def read(self, member: str) -> bytes:
        """Return a member's content.

        Raises:
            DocumentDamaged: There is no such member, or it cannot be unpacked.
            DocumentProtected: It is encrypted.
            DocumentTooLarge: It is larger than it may be, or packed more tightly than text is.
        """
        info = self._members.get(member)
        if info is None:
            raise self.source.damaged(N_("внутри нет нужной части"), member)
        if info.flag_bits & _ENCRYPTED:
            raise DocumentProtected(name=self.source.name)
        if info.compress_type not in _METHODS:
            raise self.source.damaged(N_("часть сжата неизвестным способом"), member)
        limit = min(
            self.source.limits.member_bytes, self.source.limits.total_bytes - self._unpacked
        )
        try:
            with self._zip.open(info) as stream:
                content = stream.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise self.source.damaged(N_("часть внутри не разворачивается"), member) from error
        self._unpacked += len(content)
        # Limited by what came out: the sizes in the directory of the file are only claimed.
        if len(content) > limit:
            raise self.source.too_many_bytes(N_("объём в развёрнутом виде"), limit)
        packed = max(1, min(info.compress_size, len(self.source.data)))
        if len(content) > _SMALL and len(content) > packed * self.source.limits.ratio:
            raise self.source.too_large(N_("степень сжатия"), self.source.limits.ratio)
        return content
