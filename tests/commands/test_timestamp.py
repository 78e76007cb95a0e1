"""Trusted timestamps beside marks: ``kvartal verify --mark --timestamp``."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from kvartal.history.audit import timestamp_authority
from kvartal.history.audit.timestamp_authority import (
    AuthorityClockWrong,
    AuthorityNotTrusted,
    fetch_timestamp,
)
from kvartal.history.audit.timestamp_token import (
    LARGEST,
    TimestampRejected,
    TimestampUnreadable,
    read_certificates,
    read_timestamp,
    timestamp_request,
)
from kvartal.schema.errors import KvartalError
from tests.support.authority import Answer, Authority, serve

Git = Callable[..., str]
Run = Callable[..., Result]

MARK = "kvartal/verified/2024-12-31"
AS_OF = ("--as-of", "2024-12-31")

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="the local authority is made with openssl"
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def stamped(programme: Path, run: Run, authority: Authority) -> Result:
    """Return what was printed when a mark with a timestamp was set."""
    with serve(authority.stamp) as (url, _):
        return run("verify", "--mark", "--timestamp", url, *AS_OF)


def trailer(git: Git, name: str, mark: str = MARK) -> str:
    """Return what a mark says under a name."""
    (value,) = re.findall(rf"^Kvartal-{name}: (.*)$", git("cat-file", "tag", mark), re.MULTILINE)
    return str(value)


def test_a_timestamp_is_kept_in_the_mark(
    programme: Path, run: Run, git: Git, authority: Authority, tmp_path: Path
) -> None:
    with serve(authority.stamp) as (url, received):
        result = run("verify", "--mark", "--timestamp", url, *AS_OF)
    assert result.exit_code == 0
    anchor = trailer(git, "Anchor")
    # What goes to whom is said, and nothing else goes.
    assert (
        f"Отправляется службе {url}: SHA-256 отпечатка {anchor} и случайное число, больше ничего."
        in result.stderr
    )
    assert "служба назвалась «CN=Служба времени»" in result.stderr
    (query,) = received
    digest = hashlib.sha256(anchor.encode()).digest()
    assert digest in query
    assert len(query) <= len(digest) + 48
    # Anyone can check it without this program.
    answer = tmp_path / "stamp.tsr"
    answer.write_bytes(base64.b64decode(trailer(git, "Timestamp")))
    (tmp_path / "anchor").write_text(anchor)
    check: list[str | Path] = [
        "openssl",
        "ts",
        "-verify",
        "-data",
        tmp_path / "anchor",
        "-in",
        answer,
    ]
    subprocess.run([*check, "-CAfile", authority.root], check=True, capture_output=True)


def test_the_name_of_an_authority_is_cut_where_it_is_too_long(tmp_path: Path) -> None:
    name = "".join(f"/OU={letter * 60}" for letter in "абв")
    wordy = Authority.create(tmp_path, subject=f"/CN=Служба{name}")
    stamp = read_timestamp(wordy.stamp(timestamp_request("x").as_bytes()))
    assert len(stamp.authority) == 201
    assert stamp.authority.endswith("б…")


def test_verify_says_how_far_a_timestamp_was_checked(
    stamped: Result, run: Run, git: Git, authority: Authority, tmp_path: Path
) -> None:
    """In every clone, for it travels with the mark."""
    git("clone", "--quiet", ".", tmp_path / "clone")
    plan = tmp_path / "clone" / "plan" / "2024.yaml"
    today = time.strftime("%d.%m.%Y")
    named = rf"Штамп времени в метке {MARK}: {today} \d\d:\d\d \+00:00, над отпечатком "
    named += trailer(git, "Anchor")
    unchecked = run("verify", "--plan", plan)
    assert unchecked.exit_code == 0
    assert re.search(
        f"{named}; служба назвалась «CN=Служба времени», её подпись не сверена", unchecked.stderr
    )
    checked = run("verify", "--plan", plan, "--tsa-cert", authority.root)
    assert checked.exit_code == 0
    assert re.search(
        f"{named}; служба «CN=Служба времени», подпись сверена с сертификатом из "
        f"«{authority.root}»",
        checked.stderr,
    )


def test_a_timestamp_that_was_signed_by_somebody_else(
    stamped: Result, run: Run, tmp_path: Path
) -> None:
    other = Authority.create(tmp_path)
    result = run("verify", "--tsa-cert", other.root)
    assert result.exit_code == 1
    assert f"timestamp-untrusted  Штамп времени в метке «{MARK}» (" in result.stdout
    assert "не подписан тем, кого называет сертификат" in result.stdout
    assert "подпись сверена" not in result.stderr
    assert "Штампов времени, которые можно сверить с сертификатом, в метках нет" in result.stderr


STAMPS = {
    "no base64": "Да",
    "no timestamp": "0" * 100,
    "a refusal": base64.b64encode(bytes.fromhex("30053003020102")).decode(),
    "too long": "A" * 3 * LARGEST,
}


MISFITS = (
    ("of another anchor", "timestamp-mismatch", "поставлен не на эту историю: отпечаток до"),
    ("no base64", "timestamp-unreadable", "не прочитан: это не штамп времени RFC 3161 (base"),
    ("no timestamp", "timestamp-unreadable", "не прочитан: это не штамп времени RFC 3161 (A"),
    ("a refusal", "timestamp-unreadable", "не прочитан: служба отказала: PKIStatus 2."),
    ("too long", "timestamp-unreadable", f"не штамп времени RFC 3161 (> {LARGEST})"),
)


def test_timestamps_that_do_not_fit_their_marks(
    stamped: Result, run: Run, git: Git, tmp_path: Path
) -> None:
    stamps = {**STAMPS, "of another anchor": trailer(git, "Timestamp")}
    assert run("set", "1.1.2", "notes=Да").exit_code == 0
    assert run("verify", "--mark", *AS_OF).exit_code == 0
    message = git("for-each-ref", "--format=%(contents)", f"refs/tags/{MARK}-2").rstrip()
    for number, (stamp, _, _) in enumerate(MISFITS, 3):
        (tmp_path / "message").write_text(f"{message}\nKvartal-Timestamp: {stamps[stamp]}\n")
        git("tag", "-a", f"{MARK}-{number}", "-F", tmp_path / "message", f"{MARK}-2^{{}}")
    result = run("verify")
    assert result.exit_code == 1
    # The one in the first mark is good, and named.
    assert result.stderr.count("Штамп времени в метке") == 1
    assert f"Штамп времени в метке {MARK}:" in result.stderr
    findings = json.loads(run("verify", "--json").stdout)
    for number, (finding, (_, code, sentence)) in enumerate(zip(findings, MISFITS, strict=True), 3):
        assert finding["code"] == code
        assert sentence in finding["message"]
        assert f"«{MARK}-{number}»" in finding["message"]
    ids = [finding["id"] for finding in findings]
    assert run("accept", *ids, "--reason", "Проверено по бумаге").exit_code == 0
    assert run("verify").exit_code == 0


def refusal(_: bytes) -> bytes:
    """Answer as an authority that rejects what it is asked."""
    return bytes.fromhex("30053003020102")


def silence(_: bytes) -> bytes:
    time.sleep(0.4)
    return b""


@pytest.mark.parametrize(
    ("answer", "how", "sentence"),
    [
        (lambda _: b"<html>Login</html>", {}, "не годится: это не штамп времени RFC 3161"),
        (lambda _: b"", {}, "не годится: это не штамп времени RFC 3161"),
        (lambda _: b"\x30" * (LARGEST + 10), {}, f"прислала больше {LARGEST} байт"),
        (refusal, {}, "не годится: служба отказала: PKIStatus 2"),
        (refusal, {"status": 404}, "отказала: HTTP 404 Not Found. Метка не поставлена."),
        (
            refusal,
            {"status": 307, "headers": (("Location", "http://elsewhere.example/tsr"),)},
            "отсылает к другому адресу: http://elsewhere.example/tsr. Туда ничего не отправлено",
        ),
        (silence, {}, "не ответила за 0.2 с. Метка не поставлена."),
        ("replayed", {}, "не на этот запрос"),
    ],
    ids=("html", "empty", "huge", "refusal", "missing", "moved", "silence", "replayed"),
)
def test_an_authority_that_gives_no_timestamp(
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    answer: Answer | str,
    how: dict[str, Any],
    sentence: str,
) -> None:
    if answer is silence:
        monkeypatch.setattr(timestamp_authority, "PATIENCE", 0.2)
    if answer == "replayed":
        earlier = authority.stamp(timestamp_request("0" * 40).as_bytes())
        answer = lambda _: earlier  # noqa: E731 - as the others
    assert callable(answer)
    with serve(answer, **how) as (url, received), pytest.raises(KvartalError) as refused:
        fetch_timestamp(url, "0" * 40, datetime.now(UTC), ())
    assert len(received) == 1
    assert f"{url} " in refused.value.message()
    assert sentence in refused.value.message()
    assert refused.value.exit_code == 1


def test_an_authority_that_somebody_else_signs_for(authority: Authority, tmp_path: Path) -> None:
    other = Authority.create(tmp_path)
    now, roots = datetime.now(UTC), read_certificates(other.root)
    with serve(authority.stamp) as (url, _), pytest.raises(AuthorityNotTrusted) as refused:
        fetch_timestamp(url, "0" * 40, now, roots)
    assert "назвался он «CN=Служба времени». Метка не поставлена." in refused.value.message()
    with serve(other.stamp) as (url, _):
        assert fetch_timestamp(url, "0" * 40, now, roots).is_signed_by(roots, "0" * 40)


def test_an_authority_with_a_clock_of_its_own(authority: Authority) -> None:
    """A timestamp that is older than what it is for proves that one of the dates is untrue."""
    ahead = datetime.now(UTC) + timedelta(days=2)
    with serve(authority.stamp) as (url, _), pytest.raises(AuthorityClockWrong) as refused:
        fetch_timestamp(url, "0" * 40, ahead, ())
    assert "раньше самого изменения" in refused.value.message()


def test_an_authority_that_cannot_be_reached(programme: Path, run: Run, git: Git) -> None:
    with serve(refusal) as (url, _):
        pass
    result = run("verify", "--mark", "--timestamp", url)
    assert result.exit_code == 1
    assert f"Служба штампов времени {url} недоступна: Connection refused." in result.stderr
    assert git("tag") == ""


def test_nothing_is_sent_where_something_was_found(
    programme: Path, run: Run, authority: Authority
) -> None:
    programme.write_text(programme.read_text().replace("Обеспечена установка", "Обеспечено"))
    with serve(authority.stamp) as (url, received):
        result = run("verify", "--mark", "--timestamp", url)
    assert (result.exit_code, received) == (1, [])
    assert "Отправляется" not in result.stderr


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (("--timestamp", "http://127.0.0.1:9/"), 2, "--timestamp пишут вместе с --mark"),
        (("--mark", "--timestamp", "ftp://tsa.example/"), 2, "не адрес службы штампов времени"),
        (("--mark", "--timestamp", "file:///etc/passwd"), 2, "не адрес службы штампов времени"),
        (("--mark", "--timestamp", "https://a:b@tsa.example/"), 2, "без имени и пароля"),
        (("--mark", "--timestamp", "https://[::1/"), 2, "не адрес службы штампов времени"),
        (("--tsa-cert", "нет.pem"), 1, "не прочитан: «нет.pem»: такого файла или папки нет."),
        (("--tsa-cert", "plan/2024.yaml"), 1, "не прочитан: «plan/2024.yaml»: "),
    ],
)
def test_what_cannot_work_is_refused_before_the_history_is_read(
    programme: Path, run: Run, options: tuple[str, ...], code: int, sentence: str
) -> None:
    result = run("verify", *options)
    assert result.exit_code == code
    assert sentence in result.stderr
    assert "Проверено" not in result.stderr


def test_without_the_library(
    stamped: Result, run: Run, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is named; whoever only verifies needs none, and is told what was not read."""
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    result = run("verify")
    assert result.exit_code == 0
    assert f"Штамп времени в метке {MARK} не прочитан" in result.stderr
    for options in (("--mark", "--timestamp", "http://127.0.0.1:9/"), ("--tsa-cert", "a.pem")):
        result = run("verify", *options)
        assert result.exit_code == 1
        assert 'pip install "kvartal[timestamp]"' in result.stderr
    assert git("tag").split() == [MARK]


def test_a_damaged_timestamp_says_nothing_else(authority: Authority) -> None:
    """It cannot be read, or its signature does not hold, or what it says is what it said."""
    anchor = "0" * 40
    answer = authority.stamp(timestamp_request(anchor).as_bytes())
    whole, roots = read_timestamp(answer), read_certificates(authority.root)
    assert whole.is_signed_by(roots, anchor)
    unreadable = 0
    for at in range(0, len(answer), 5):
        for damaged in (answer[:at], answer[:at] + bytes([answer[at] ^ 1]) + answer[at + 1 :]):
            try:
                timestamp = read_timestamp(damaged)
            except (TimestampUnreadable, TimestampRejected):
                unreadable += 1
                continue
            if timestamp.is_signed_by(roots, anchor):
                assert (timestamp.moment, timestamp.imprint) == (whole.moment, whole.imprint)
    assert unreadable > len(answer) / 5
