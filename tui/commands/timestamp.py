"""The options of ``kvartal verify`` for trusted timestamps, and what it prints about them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kvartal.schema.errors import N_
from kvartal.tui.commands.params import option
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import written

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from kvartal.history.audit.report import VerifyReport
    from kvartal.history.audit.timestamp_checks import MarkTimestamp

Function = TypeVar("Function", bound=Callable[..., Any])


def timestamp_options(function: Function) -> Function:
    """Give a command the options ``--timestamp`` and ``--tsa-cert``."""
    for decorate in (
        option(
            "--tsa-cert",
            type=click.Path(path_type=Path),
            metavar=N_("ФАЙЛ"),
            help=N_("Сверить подписи штампов времени с этим корневым сертификатом (PEM или DER)."),
        ),
        option(
            "--timestamp",
            metavar="URL",
            help=N_(
                "Получить у этой службы штамп времени (RFC 3161) над отпечатком и хранить его в "
                "метке (вместе с --mark). Службе отправляется только хэш отпечатка."
            ),
        ),
    ):
        function = decorate(function)
    return function


def prepare_timestamps(
    url: str | None, certificate: Path | None, *, to_mark: bool
) -> "tuple[Certificate, ...]":
    """Return the certificates to check timestamps by; refuse what cannot work before the long run.

    Args:
        url: ``--timestamp``.
        certificate: ``--tsa-cert``.
        to_mark: ``--mark``.

    Raises:
        KvartalError: An option has no sense, a file cannot be read, or the library is missing.
    """
    if url is None and certificate is None:
        return ()
    from kvartal.history.audit.timestamp_authority import check_address
    from kvartal.history.audit.timestamp_token import check_library, read_certificates

    if url is not None:
        if not to_mark:
            raise click.UsageError(_("--timestamp пишут вместе с --mark: штамп хранится в метке."))
        check_address(url)
    check_library()
    return () if certificate is None else read_certificates(certificate)


def new_timestamp(
    report: "VerifyReport", url: str, certificates: "Sequence[Certificate]", *, quiet: bool
) -> bytes:
    """Return a new timestamp over the anchor of a history, having said what is sent to whom.

    Args:
        report: What verifying came to.
        url: The address of the authority.
        certificates: What the timestamp has to lead to; none for not checking who signed.
        quiet: Print nothing.

    Raises:
        KvartalError: There is no timestamp.
    """
    from kvartal.history.audit.timestamp_authority import fetch_timestamp
    from kvartal.history.diff.words import moment_text

    if not quiet:
        text = _(
            "Отправляется службе {url}: SHA-256 отпечатка {anchor} и случайное число, больше "
            "ничего."
        )
        print_stderr(text.format(url=url, anchor=report.anchor))
    timestamp = fetch_timestamp(url, report.anchor, report.committed, certificates)
    if not quiet:
        template = _("Получен штамп времени: {moment}, служба назвалась «{authority}». {check}")
        check = (
            _("Подпись сверена с сертификатом.")
            if certificates
            else _("Её подпись не сверена (для этого --tsa-cert).")
        )
        moment = written(moment_text(timestamp.moment.isoformat()))
        authority = timestamp.authority or _("без имени")
        print_stderr(template.format(moment=moment, authority=authority, check=check))
    return timestamp.answer


def print_timestamps(timestamps: "Sequence[MarkTimestamp]", certificate: Path | None) -> None:
    """Print the timestamps that fit their marks, and how far each was checked.

    Args:
        timestamps: The timestamps.
        certificate: ``--tsa-cert``.
    """
    from kvartal.history.audit.timestamp_checks import TimestampCheck
    from kvartal.history.diff.words import moment_text

    texts = {
        TimestampCheck.NOT_READ: _(
            "Штамп времени в метке {mark} не прочитан: для этого нужна библиотека, "
            '`pip install "kvartal[timestamp]"`.'
        ),
        TimestampCheck.OVER_ANCHOR: _(
            "Штамп времени в метке {mark}: {moment}, над отпечатком {anchor}; служба назвалась "
            "«{authority}», её подпись не сверена (для этого --tsa-cert)."
        ),
        TimestampCheck.SIGNED: _(
            "Штамп времени в метке {mark}: {moment}, над отпечатком {anchor}; служба "
            "«{authority}», подпись сверена с сертификатом из «{file}»."
        ),
    }
    for one in timestamps:
        moment = "" if one.moment is None else written(moment_text(one.moment.isoformat()))
        fields = {"mark": one.mark, "moment": moment, "anchor": one.anchor, "file": certificate}
        print_stderr(texts[one.check].format(**fields, authority=one.authority or _("без имени")))
    if certificate is not None and not timestamps:
        print_stderr(_("Штампов времени, которые можно сверить с сертификатом, в метках нет."))
