"""Trusted timestamps (RFC 3161) over the anchor of a history: the request, what an answer says.

A timestamp is kept as the whole answer of the authority (DER): `openssl ts -verify` reads it too.
What is stamped is the SHA-256 of the anchor's 40 hexadecimal digits, in ASCII.

The library is an extra of the package and imported late: most histories have no timestamp.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kvartal.history.diff.words import one_line
from kvartal.history.system_errors import system_reason
from kvartal.schema.errors import N_, KvartalError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, Name
    from rfc3161_client import TimeStampRequest, TimeStampResponse

LARGEST: Final = 64 * 1024
"""Bytes of an answer; those of authorities have 1 to 8 kB."""

_LONGEST_NAME: Final = 200
_LARGEST_FILE: Final = 1024 * 1024
_CLOCK_SKEW: Final = timedelta(days=1)
_SHA256: Final = "2.16.840.1.101.3.4.2.1"
_GRANTED: Final = 0
_SEQUENCE, _SET, _FIRST, _LONG = 0x30, 0x31, 0xA0, 0x80
_MULTI_BYTE_TAG: Final = 0x1F


class TimestampLibraryMissing(KvartalError):
    """The extra of the package that reads timestamps is not installed."""

    template = N_(
        "Для штампов времени нужна библиотека rfc3161-client, а она не установлена. "
        'Установите программу вместе с ней: `pip install "kvartal[timestamp]"` '
        '(или `uv tool install "kvartal[timestamp]"`).'
    )


class TimestampUnreadable(KvartalError):
    """Some bytes are not a timestamp."""

    template = N_("это не штамп времени RFC 3161 ({reason})")


class TimestampRejected(KvartalError):
    """An answer says that no timestamp was given."""

    template = N_("служба отказала: {reason}")


class CertificatesUnreadable(KvartalError):
    """The certificates to check timestamps by cannot be read."""

    template = N_("Сертификат службы штампов времени не прочитан: «{path}»: {reason}.")


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A timestamp, as it says of itself: who signed it is known only after `is_signed_by`.

    Attributes:
        answer: The authority's answer, DER.
        response: The same as the library reads it.
        moment: When it was given, with its zone.
        authority: Name of the signer: that of the certificate in it, else the one that it states;
            empty where there is neither.
        nonce: The number that ties it to one request; None where it has none.
        imprint: The hash that it was given for; empty where that is no SHA-256.
    """

    answer: bytes
    response: "TimeStampResponse"
    moment: datetime
    authority: str
    nonce: int | None
    imprint: bytes

    def is_before(self, moment: datetime) -> bool:
        """Tell whether it is older than what it is for, and no clock explains that."""
        return self.moment + _CLOCK_SKEW < moment

    def is_over(self, anchor: str) -> bool:
        """Tell whether it was given for an anchor."""
        return self.imprint == hashlib.sha256(anchor.encode()).digest()

    def is_signed_by(self, certificates: Sequence["Certificate"], anchor: str) -> bool:
        """Tell whether its signature holds, and leads to one of these root certificates."""
        from rfc3161_client import VerificationError, VerifierBuilder

        verifier = VerifierBuilder(roots=list(certificates)).build()
        try:
            return verifier.verify(self.response, hashlib.sha256(anchor.encode()).digest())
        except VerificationError:
            return False
        except _parse_errors():
            return False


def timestamp_request(anchor: str) -> "TimeStampRequest":
    """Return the request for a timestamp: the SHA-256 of an anchor, a random number, nothing else.

    Raises:
        TimestampLibraryMissing: The extra is not installed.
    """
    check_library()
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    return TimestampRequestBuilder(anchor.encode(), HashAlgorithm.SHA256).build()


def check_library() -> None:
    """Check that timestamps can be read.

    Raises:
        TimestampLibraryMissing: The extra is not installed.
    """
    try:
        import rfc3161_client  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise TimestampLibraryMissing from error


def read_timestamp(answer: bytes) -> Timestamp:
    """Return what an answer says; nobody has checked yet that it is true.

    Raises:
        TimestampLibraryMissing: The extra is not installed.
        TimestampRejected: It is a refusal.
        TimestampUnreadable: It is no answer.
    """
    check_library()
    from rfc3161_client import decode_timestamp_response

    if len(answer) > LARGEST:
        raise TimestampUnreadable(reason=f"> {LARGEST}")
    try:
        response = decode_timestamp_response(_with_sorted_certificates(answer))
        if response.status != _GRANTED:
            reason = "; ".join(response.status_string) or f"PKIStatus {response.status}"
            raise TimestampRejected(reason=reason)
        info = response.tst_info
        imprint = info.message_imprint
        is_sha256 = imprint.hash_algorithm.dotted_string == _SHA256
        return Timestamp(
            answer,
            response,
            info.gen_time,
            _authority(response),
            info.nonce,
            imprint.message if is_sha256 else b"",
        )
    except _parse_errors() as error:
        raise TimestampUnreadable(reason=error) from error


def read_certificates(path: Path) -> "tuple[Certificate, ...]":
    """Return the certificates of a file, PEM or DER.

    Raises:
        TimestampLibraryMissing: The extra is not installed.
        CertificatesUnreadable: There are none, or the file cannot be read.
    """
    check_library()
    from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificates

    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE)
        if b"-----BEGIN" in content:
            return tuple(load_pem_x509_certificates(content))
        return (load_der_x509_certificate(content),)
    except OSError as error:
        raise CertificatesUnreadable(path=path, reason=system_reason(error)) from error
    except _parse_errors() as error:
        raise CertificatesUnreadable(path=path, reason=error) from error


def _authority(response: "TimeStampResponse") -> str:
    """Return the name of the signer, as its certificate in the timestamp says."""
    from cryptography.x509 import Name, load_der_x509_certificate

    signers = {(one.issuer, one.serial_number) for one in response.signed_data.signer_infos}
    for content in response.signed_data.certificates:
        certificate = load_der_x509_certificate(content)
        if (certificate.issuer, certificate.serial_number) in signers:
            return _line(certificate.subject)
    name = getattr(response.tst_info.name, "value", None)
    return _line(name) if isinstance(name, Name) else ""


def _line(name: "Name") -> str:
    """Return a name as one line of a length that can be shown."""
    text = one_line(name.rfc4514_string())
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}…"


def _parse_errors() -> tuple[type[Exception], ...]:
    """Return what the libraries raise at bytes that are not what they should be."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.x509 import DuplicateExtension, InvalidVersion, UnsupportedGeneralNameType

    return (
        *(ValueError, TypeError, LookupError),
        *(UnsupportedAlgorithm, InvalidVersion, DuplicateExtension, UnsupportedGeneralNameType),
    )


def _with_sorted_certificates(answer: bytes) -> bytes:
    """Return an answer with its certificates in the order that DER asks for.

    OpenSSL, and so many an authority, writes them as they come, and the library refuses that. They
    are no part of what is signed; what cannot be taken apart is returned as it is.
    """
    try:
        token = _child(answer, _child(answer, (0, len(answer)), 0, _SEQUENCE), 1, _SEQUENCE)
        signed = _child(answer, _child(answer, token, 1, _FIRST), 0, _SEQUENCE)
        start, end = _child(answer, signed, 3, _FIRST)
        certificates = [answer[at:after] for _, at, _, after in _children(answer, start, end)]
    except ValueError:
        return answer
    return answer[:start] + b"".join(sorted(certificates)) + answer[end:]


def _child(data: bytes, span: tuple[int, int], number: int, tag: int) -> tuple[int, int]:
    """Return where the content of an element's child begins and ends.

    Raises:
        ValueError: There is no such child.
    """
    children = list(_children(data, *span))
    if number >= len(children) or children[number][0] != tag:
        raise ValueError
    _, _, start, end = children[number]
    return start, end


def _children(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield the elements of a stretch of DER: tag, where each begins, its content begins and ends.

    Raises:
        ValueError: It is not DER.
    """
    while at < end:
        tag, start = data[at], at + 2
        if tag & _MULTI_BYTE_TAG == _MULTI_BYTE_TAG or start > end:
            raise ValueError
        length = data[at + 1]
        if length >= _LONG:
            start += length - _LONG
            length = int.from_bytes(data[at + 2 : start])
            if start == at + 2:  # Of a length that is not said: BER.
                raise ValueError
        if start + length > end:
            raise ValueError
        yield tag, at, start, start + length
        at = start + length
