"""Timestamps as values: which addresses are asked, what is said of answers and of their marks."""

import base64
import re
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from email.message import Message
from hashlib import sha256
from http.client import BadStatusLine
from types import SimpleNamespace
from typing import Any, cast
from urllib.error import HTTPError, URLError

import pytest

from kvartal.history.audit import timestamp_authority, timestamp_checks, timestamp_token
from kvartal.history.audit.anchor import anchor
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.timestamp_authority import (
    AnswerTooLong,
    AnswerToOther,
    AnswerUnreadable,
    AuthorityClockWrong,
    AuthorityMoved,
    AuthorityNotTrusted,
    AuthorityRefused,
    AuthorityUnreachable,
    NotAnAuthority,
    check_address,
    fetch_timestamp,
)
from kvartal.history.audit.timestamp_checks import TimestampCheck, check_timestamps
from kvartal.history.audit.timestamp_token import LARGEST, Timestamp, read_timestamp
from kvartal.history.audit.verified_tags import VerifiedTag
from kvartal.schema.errors import KvartalError

URL = "https://tsa.example/tsr"
MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
ANCHOR = "0" * 40
MARK = "kvartal/verified/2026-11-01"
CERTIFICATE = cast("Any", "a certificate")


def stamp(text: str = ANCHOR, *, nonce: int = 7, trusted: bool = True) -> Timestamp:
    """Return a timestamp over a text; who signed it is as good as `trusted` says."""
    digest = sha256(text.encode()).digest()
    return Timestamp(b"", cast("Any", trusted), MOMENT, "CN=Служба", nonce, digest)


@pytest.fixture(autouse=True)
def _library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no library judge the signature."""

    def is_signed_by(self: Timestamp, certificates: Sequence[object], text: str) -> bool:
        assert certificates == [CERTIFICATE]
        assert self.is_over(text)
        return bool(self.response)

    monkeypatch.setattr(Timestamp, "is_signed_by", is_signed_by)


@pytest.mark.parametrize(
    "url",
    [
        "http://tsa.example",
        "https://tsa.example:8443/tsr?a=b",
        "HTTPS://10.0.0.1/",
        "http://[::1]/",
    ],
)
def test_an_address_of_an_authority(url: str) -> None:
    check_address(url)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "tsa.example",
            "ftp://tsa.example/",
            "file:///etc/passwd",
            "https://",
            "https:///tsr",
        ),
        *("https://tsa.example:0/", "https://tsa.example:99999/", "https://[::1/"),
        *("https://a:b@tsa.example/", "https://a@tsa.example/", "https://:b@tsa.example/"),
        *("https://служба.example/", "https://tsa.example/a b", "https://tsa.example/\x7f"),
    ],
)
def test_what_is_no_address_of_an_authority(url: str) -> None:
    with pytest.raises(NotAnAuthority) as refused:
        check_address(url)
    assert refused.value.message().startswith(f"«{url}» не адрес службы штампов времени: ")
    assert refused.value.exit_code == 2


def http_error(code: int, reason: str, target: str = "") -> HTTPError:
    headers = Message()
    if target:
        headers["Location"] = target
    return HTTPError(URL, code, reason, headers, None)


@pytest.mark.parametrize(
    ("failure", "kind", "sentence"),
    [
        (http_error(404, "Not Found"), AuthorityRefused, "отказала: HTTP 404 Not Found. "),
        (http_error(503, ""), AuthorityRefused, "отказала: HTTP 503. "),
        (http_error(307, "Moved"), AuthorityRefused, "отказала: HTTP 307 Moved. "),
        (http_error(300, "", "http://b/"), AuthorityMoved, "к другому адресу: http://b/. Туда "),
        (http_error(399, "", "http://b/"), AuthorityMoved, "к другому адресу: http://b/. Туда "),
        (http_error(400, "Bad", "http://b/"), AuthorityRefused, "отказала: HTTP 400 Bad. "),
        (http_error(299, "Odd", "http://b/"), AuthorityRefused, "отказала: HTTP 299 Odd. "),
        (URLError("unknown url type"), AuthorityUnreachable, "недоступна: unknown url type. "),
        (URLError(OSError(13, "x")), AuthorityUnreachable, "недоступна: нет права доступа. "),
        (OSError(13, "x"), AuthorityUnreachable, "недоступна: нет права доступа. "),
        (BadStatusLine("SSH-2.0"), AnswerUnreadable, "не годится: BadStatusLine SSH-2.0. "),
        (ValueError(), AnswerUnreadable, "не годится: ValueError. "),
        (LARGEST + 1, AnswerTooLong, f"прислала больше {LARGEST} байт: "),
        (LARGEST, AnswerUnreadable, "не годится: это не штамп времени RFC 3161 ("),
    ],
)
def test_what_is_said_of_an_authority_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception | int,
    kind: type[KvartalError],
    sentence: str,
) -> None:
    def answer(query: Any, timeout: float) -> object:  # noqa: ANN401 - a request of urllib's
        assert query.get_header("Content-type") == "application/timestamp-query"
        assert sha256(ANCHOR.encode()).digest() in query.data
        assert timeout > timestamp_authority.PATIENCE
        if isinstance(failure, int):
            length = failure
            return nullcontext(SimpleNamespace(read=lambda limit: b"x" * min(length, limit)))
        raise failure

    monkeypatch.setattr(timestamp_authority, "_opener", lambda: SimpleNamespace(open=answer))
    with pytest.raises(KvartalError) as refused:
        fetch_timestamp(URL, ANCHOR, MOMENT, ())
    assert type(refused.value) is kind
    assert f" {URL} " in refused.value.message()
    assert sentence in refused.value.message()
    assert "етка не поставлена" in refused.value.message()


@pytest.mark.parametrize(
    ("answer", "committed", "certificates", "kind", "sentence"),
    [
        (stamp(), MOMENT, [], None, ""),
        (stamp(), MOMENT + timedelta(days=1), [CERTIFICATE], None, ""),
        (
            *(stamp(), MOMENT + timedelta(days=1, seconds=1), [], AuthorityClockWrong),
            "поставлен 01.11.2026 12:00 +00:00, раньше самого изменения, ",
        ),
        (stamp(nonce=8), MOMENT, [], AnswerToOther, "не на этот запрос: "),
        (stamp("1"), MOMENT, [], AnswerToOther, "не на этот запрос: "),
        (stamp(trusted=False), MOMENT, [], None, ""),
        (
            *(stamp(trusted=False), MOMENT, [CERTIFICATE], AuthorityNotTrusted),
            "подпись не сходится; назвался он «CN=Служба».",
        ),
    ],
)
def test_what_is_asked_of_an_answer(
    monkeypatch: pytest.MonkeyPatch,
    answer: Timestamp,
    committed: datetime,
    certificates: list[Any],
    kind: type[KvartalError] | None,
    sentence: str,
) -> None:
    request = SimpleNamespace(nonce=7, as_bytes=lambda: b"")
    monkeypatch.setattr(timestamp_authority, "timestamp_request", lambda _: request)
    monkeypatch.setattr(timestamp_authority, "_post", lambda *_: b"")
    monkeypatch.setattr(timestamp_authority, "read_timestamp", lambda _: answer)
    if kind is None:
        assert fetch_timestamp(URL, ANCHOR, committed, certificates) is answer
        return
    with pytest.raises(kind) as refused:
        fetch_timestamp(URL, ANCHOR, committed, certificates)
    assert sentence in refused.value.message()


PLAN = "plan/2026.yaml"
COMMIT = "c" * 40
OWN = anchor(PLAN, COMMIT)
OF_MARK = f"Штамп времени в метке «{MARK}» "
SAID = f"{OF_MARK}(01.11.2026 12:00 +00:00, «CN=Служба»)"
OTHER_HASH = (
    f"{SAID} поставлен не на эту историю: отпечаток до изменения cccccccccc — {OWN}, а в штампе "
    "другой."
)
TOO_EARLY = (
    f"{SAID} старше самого изменения cccccccccc, которое записано 10.11.2026 12:00 +00:00: одна "
    "из этих дат неправда."
)
UNTRUSTED = (
    f"{OF_MARK}(01.11.2026 12:00 +00:00, назвался «CN=Служба») не подписан тем, кого называет "
    "сертификат в --tsa-cert, или подпись не сходится."
)


@pytest.mark.parametrize(
    ("timestamp", "committed", "certificates", "code", "sentence"),
    [
        (stamp("1"), MOMENT + timedelta(days=9), [], "timestamp-mismatch", OTHER_HASH),
        (
            *(stamp(OWN, trusted=False), MOMENT + timedelta(days=9), [CERTIFICATE]),
            *("timestamp-mismatch", TOO_EARLY),
        ),
        (stamp(OWN, trusted=False), MOMENT, [CERTIFICATE], "timestamp-untrusted", UNTRUSTED),
        (
            *("Да", MOMENT, [], "timestamp-unreadable"),
            f"{OF_MARK}не прочитан: это не штамп времени RFC 3161 (base64).",
        ),
        (
            *("AA*AA", MOMENT, [], "timestamp-unreadable"),
            f"{OF_MARK}не прочитан: это не штамп времени RFC 3161 (base64).",
        ),
        (
            *(LARGEST * 2 + 1, MOMENT, [], "timestamp-unreadable"),
            f"{OF_MARK}не прочитан: это не штамп времени RFC 3161 (> {LARGEST}).",
        ),
        (LARGEST * 2, MOMENT, [], "", TimestampCheck.OVER_ANCHOR),
        (stamp(OWN, trusted=False), MOMENT, [], "", TimestampCheck.OVER_ANCHOR),
        (stamp(OWN), MOMENT, [CERTIFICATE], "", TimestampCheck.SIGNED),
    ],
)
def test_what_is_said_of_the_timestamp_of_a_mark(
    monkeypatch: pytest.MonkeyPatch,
    timestamp: Timestamp | str | int,
    committed: datetime,
    certificates: list[Any],
    code: str,
    sentence: str | TimestampCheck,
) -> None:
    text = timestamp if isinstance(timestamp, str) else base64.b64encode(b"answer").decode()
    if isinstance(timestamp, int):
        text = "A" * timestamp
    value = timestamp if isinstance(timestamp, Timestamp) else stamp(OWN)
    monkeypatch.setattr(timestamp_checks, "read_timestamp", lambda _: value)
    commit = Commit(COMMIT, "", (), "", committed, committed, "", "")
    graph = cast("Any", SimpleNamespace(commit=lambda name: {COMMIT: commit}[name]))
    tags = [VerifiedTag("none", COMMIT, "0"), VerifiedTag(MARK, COMMIT, "t" * 40, (), text)]
    sound, findings = check_timestamps(tags, PLAN, graph, certificates)
    if code:
        (finding,) = findings
        assert (finding.code, finding.message()) == (code, sentence)
        assert (finding.id, finding.commit) == (f"{code}:tttttttttttt", commit)
        assert sound == ()
    else:
        (good,) = sound
        assert (good.mark, good.anchor, good.check) == (MARK, OWN, sentence)
        assert (good.moment, good.authority, findings) == (MOMENT, "CN=Служба", ())


def test_an_answer_of_the_largest_size_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """One byte more is no timestamp, whatever it holds."""
    read = list[int]()
    monkeypatch.setattr(
        timestamp_token, "_with_sorted_certificates", lambda answer: read.append(len(answer))
    )
    too_long = re.escape(f"это не штамп времени RFC 3161 (> {LARGEST})")
    for length, said in ((LARGEST, "RFC 3161"), (LARGEST + 1, too_long)):
        with pytest.raises(timestamp_token.TimestampUnreadable, match=said):
            read_timestamp(b"0" * length)
    assert read == [LARGEST]
