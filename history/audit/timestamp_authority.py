"""Asks an authority for a timestamp over HTTP.

It is the one call of this program beside git's own that leaves the machine, and is made only where
the user has named the authority.

What is sent is the request of `timestamp_token`: a hash and a random number. Redirects are not
followed: they lead to somebody whom the user has not named.
"""

import threading
from collections.abc import Sequence
from datetime import datetime
from http.client import HTTPException
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from kvartal.history.audit.timestamp_token import (
    LARGEST,
    Timestamp,
    TimestampRejected,
    TimestampUnreadable,
    read_timestamp,
    timestamp_request,
)
from kvartal.history.diff.words import moment_text
from kvartal.history.system_errors import system_reason
from kvartal.schema.errors import EXIT_USAGE, N_, KvartalError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

PATIENCE: Final = 30.0
"""Seconds in which the whole answer has to be there."""

_QUERY: Final = "application/timestamp-query"
_REDIRECTS: Final = range(300, 400)


class NotAnAuthority(KvartalError):
    """An address cannot be that of an authority."""

    template = N_(
        "«{url}» не адрес службы штампов времени: нужен адрес вида https://… или http://…, "
        "без имени и пароля в нём."
    )
    exit_code = EXIT_USAGE


class AuthorityUnreachable(KvartalError):
    """The authority cannot be reached."""

    template = N_(
        "Служба штампов времени {url} недоступна: {reason}. Метка не поставлена. Повторите "
        "позже, или поставьте метку без штампа: `kvartal verify --mark`."
    )


class AuthoritySilent(KvartalError):
    """The authority did not answer in time."""

    template = N_(
        "Служба штампов времени {url} не ответила за {seconds} с. Метка не поставлена. Повторите "
        "позже, или поставьте метку без штампа: `kvartal verify --mark`."
    )


class AuthorityRefused(KvartalError):
    """The authority, or what is at its address, refuses."""

    template = N_("Служба штампов времени {url} отказала: {reason}. Метка не поставлена.")


class AuthorityMoved(KvartalError):
    """The authority points to a different address."""

    template = N_(
        "Служба штампов времени {url} отсылает к другому адресу: {target}. Туда ничего не "
        "отправлено, метка не поставлена. Если этому адресу можно верить, назовите его сами."
    )


class AnswerTooLong(KvartalError):
    """The authority sends more than a timestamp may have."""

    template = N_(
        "Служба штампов времени {url} прислала больше {limit} байт: это не штамп времени. "
        "Метка не поставлена."
    )


class AnswerUnreadable(KvartalError):
    """The authority answered with something else."""

    template = N_("Ответ службы {url} не годится: {reason}. Метка не поставлена.")


class AnswerToOther(KvartalError):
    """The answer is a timestamp, and not the one that was asked for."""

    template = N_(
        "Ответ службы {url} не на этот запрос: в штампе времени другой отпечаток или другое "
        "случайное число. Метка не поставлена."
    )


class AuthorityClockWrong(KvartalError):
    """The timestamp is older than what it is for."""

    template = N_(
        "Штамп времени от {url} поставлен {moment}, раньше самого изменения, которое записано "
        "{committed}: часы у службы или у того, кто его внёс, неверны. Метка не поставлена."
    )


class AuthorityNotTrusted(KvartalError):
    """The timestamp is not signed by whom the certificates name."""

    template = N_(
        "Штамп времени от {url} подписан не тем, кого называет сертификат в --tsa-cert, или "
        "подпись не сходится; назвался он «{authority}». Метка не поставлена."
    )


def check_address(url: str) -> None:
    """Check that an address can be that of an authority.

    Raises:
        NotAnAuthority: It cannot.
    """
    try:
        parts = urlsplit(url)
        is_sound = parts.port != 0 and parts.username is None and parts.password is None
    except ValueError as error:
        raise NotAnAuthority(url=url) from error
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if not (is_sound and is_plain and parts.scheme in {"http", "https"} and parts.hostname):
        raise NotAnAuthority(url=url)


def fetch_timestamp(
    url: str, anchor: str, committed: datetime, certificates: Sequence["Certificate"]
) -> Timestamp:
    """Return a new timestamp over an anchor, checked as far as it can be.

    Args:
        url: The address of the authority.
        anchor: The anchor.
        committed: When the commit was made that the anchor is of.
        certificates: Root certificates that it has to lead to; none where none are given.

    Raises:
        KvartalError: There is none; each reason has its class.
    """
    check_address(url)
    request = timestamp_request(anchor)
    answer = _answer(url, request.as_bytes())
    try:
        timestamp = read_timestamp(answer)
    except (TimestampRejected, TimestampUnreadable) as error:
        raise AnswerUnreadable(url=url, reason=error) from error
    if timestamp.is_before(committed):
        given = moment_text(timestamp.moment.isoformat())
        raise AuthorityClockWrong(
            url=url, moment=given, committed=moment_text(committed.isoformat())
        )
    if timestamp.nonce != request.nonce or not timestamp.is_over(anchor):
        raise AnswerToOther(url=url)
    if certificates and not timestamp.is_signed_by(certificates, anchor):
        raise AuthorityNotTrusted(url=url, authority=timestamp.authority)
    return timestamp


def _answer(url: str, request: bytes) -> bytes:
    """Return what an authority answers, all of it within `PATIENCE`.

    Names that are looked up and headers that come byte by byte have no limit in the standard
    library: so a thread waits for them, which nobody waits for.
    """
    answers = SimpleQueue[bytes | KvartalError]()

    def ask() -> None:
        try:
            answers.put(_post(url, request))
        except KvartalError as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=PATIENCE)
    except Empty as error:
        raise AuthoritySilent(url=url, seconds=f"{PATIENCE:g}") from error
    if isinstance(answer, KvartalError):
        raise answer
    return answer


def _post(url: str, request: bytes) -> bytes:
    query = Request(url, request, {"Content-Type": _QUERY})  # noqa: S310 - see `check_address`
    try:
        with _opener().open(query, timeout=PATIENCE + 1) as response:
            answer: bytes = response.read(LARGEST + 1)
    except HTTPError as error:
        with error:
            raise _refusal(url, error) from error
    except URLError as error:
        reason = error.reason
        text = system_reason(reason) if isinstance(reason, OSError) else reason
        raise AuthorityUnreachable(url=url, reason=text) from error
    except OSError as error:
        raise AuthorityUnreachable(url=url, reason=system_reason(error)) from error
    except (HTTPException, ValueError) as error:
        reason = f"{type(error).__name__} {error}".strip()
        raise AnswerUnreadable(url=url, reason=reason) from error
    if len(answer) > LARGEST:
        raise AnswerTooLong(url=url, limit=LARGEST)
    return answer


def _opener() -> OpenerDirector:
    """Return what opens addresses: as urllib does, but for redirects and other schemes."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _refusal(url: str, error: HTTPError) -> KvartalError:
    target = error.headers.get("Location")
    if error.code in _REDIRECTS and target:
        return AuthorityMoved(url=url, target=target)
    return AuthorityRefused(url=url, reason=f"HTTP {error.code} {error.reason}".strip())
