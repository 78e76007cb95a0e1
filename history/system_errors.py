"""What the operating system refuses, in words: by its number, or by the text that git prints."""

import errno
import os
from collections.abc import Mapping
from typing import Final

from kvartal.schema.errors import N_, KvartalError, Labels

_REASONS: Final[Mapping[int, str]] = {
    errno.ENOSPC: N_("на диске нет места"),
    errno.EDQUOT: N_("исчерпана квота диска"),
    errno.EFBIG: N_("файл больше, чем разрешено"),
    errno.EROFS: N_("диск доступен только для чтения"),
    errno.EIO: N_("диск отказал (ошибка ввода-вывода)"),
    errno.EACCES: N_("нет права доступа"),
    errno.EPERM: N_("нет права доступа"),
    errno.ENOENT: N_("такого файла или папки нет"),
    errno.ENOTDIR: N_("на пути к нему файл, а не папка"),
    errno.EISDIR: N_("это папка, а не файл"),
    errno.EEXIST: N_("такой файл уже есть"),
    errno.ENOTEMPTY: N_("папка не пуста"),
    errno.ELOOP: N_("ссылки на пути к нему ведут по кругу"),
    errno.ENAMETOOLONG: N_("имя слишком длинное"),
    errno.EINVAL: N_("такого имени здесь не бывает"),
    errno.EMFILE: N_("открыто слишком много файлов"),
    errno.ENFILE: N_("открыто слишком много файлов"),
    errno.ENOMEM: N_("не хватает памяти"),
    errno.EBUSY: N_("занят другой программой"),
    errno.ETIMEDOUT: N_("не ответил вовремя"),
    errno.ENXIO: N_("устройство не отвечает"),
    errno.ENODEV: N_("устройство не отвечает"),
    errno.EXDEV: N_("папки на разных дисках"),
}

NO_SPACE: Final = r"(?:No space left on device|Disk quota exceeded|Out of diskspace)"
READ_ONLY: Final = r"Read-only file system"
DISK_FAILED: Final = r"Input/output error"
"""How git prints the same: it is called with English messages. For regular expressions."""


def system_reason(error: Exception) -> object:
    """Return why something failed, as a field of a sentence that has an end of its own.

    Args:
        error: What failed; an error of ours that was caused by an `OSError` is treated as that.
            Of any other, its own words.
    """
    cause = error.__cause__ if isinstance(error, KvartalError) else error
    if not isinstance(cause, OSError):
        return error if isinstance(error, KvartalError) else str(error) or type(error).__name__
    reason = _REASONS.get(cause.errno or 0)
    return Labels((("", reason),)) if reason else cause.strerror or str(cause)


def printed_reason(printed: str) -> object:
    """Return the reason that git printed, as a field of a sentence; in its words if it is rare."""
    numbers = (number for number in _REASONS if os.strerror(number) == printed)
    return system_reason(OSError(next(numbers, 0), printed))
