"""What the operating system refuses, in words: by its number, or by the text that git prints."""

import errno
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
}

NO_SPACE: Final = r"(?:No space left on device|Disk quota exceeded|Out of diskspace)"
READ_ONLY: Final = r"Read-only file system"
DISK_FAILED: Final = r"Input/output error"
"""How git prints the same: it is called with English messages. For regular expressions."""


def system_reason(error: OSError | KvartalError) -> object:
    """Return why something failed, as a field of a sentence that has an end of its own.

    Args:
        error: What failed; an error of ours that was caused by an `OSError` is treated as that.
    """
    cause = error.__cause__ if isinstance(error, KvartalError) else error
    if not isinstance(cause, OSError):
        return error
    reason = _REASONS.get(cause.errno or 0)
    return Labels((("", reason),)) if reason else cause.strerror or str(cause)
