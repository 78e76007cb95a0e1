"""Many objects from one git process, each with an answer of its own.

«It is not there» is the answer of a tree that was read. An object that is lost, corrupt, closed to
this user or not fetched has that as its answer, and the reading goes on with the next.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import IO, Final, TypeAlias

from kvartal.history.git.command import decode, encode, git_process, pipe
from kvartal.history.git.damage import ObjectReplaced
from kvartal.history.git.errors import GitFailed
from kvartal.history.git.failures import command_error

Answer: TypeAlias = bytes | GitFailed | None
"""The content of an object; why it cannot be read; or None where there is no such thing."""

_PIPE_SIZE: Final = 1 << 20
"""In bytes: the most that Linux allows an ordinary user."""
_SHA1_LENGTH: Final = 40
_HEADER_PARTS: Final = 3
"""Id, type and size; of what git does not find, its name and a word."""


def read_objects(
    folder: Path,
    names: Iterable[str],
    explain: Callable[[str], GitFailed | None],
    *,
    ahead: int,
    may_fetch: bool,
) -> Generator[Answer, None, None]:
    """Yield the content of objects, in order.

    Git gives up at an object that is corrupt or was not fetched; it is then started again.

    Args:
        folder: Where to run git.
        names: Ids or names such as ``HEAD~3:./2024.yaml``, without line breaks.
        explain: Tells why an object cannot be read; None where there is no such thing.
        ahead: How many bytes of names may be sent to git before it has answered.
        may_fetch: In a partial clone, git may fetch what it lacks.

    Raises:
        GitFailed: Git ended before it had answered, and not because of an object.
    """
    source = iter(names)
    sent: deque[str] = deque()
    again: deque[str] = deque()

    def remaining() -> Iterator[str]:
        while again:
            yield again.popleft()
        for name in source:  # noqa: UP028 - `yield from` would close it together with this one
            yield name

    is_done = False
    while not is_done:
        with git_process(
            folder, ("cat-file", "--batch"), reads_stdin=True, may_fetch=may_fetch
        ) as process:
            requests, answers = pipe(process.stdin), pipe(process.stdout)
            if ahead:
                _widen(answers)
            is_done = True
            for name in _send_ahead(remaining(), requests, ahead, sent):
                header = answers.readline().split()
                content = _content(header, answers)
                if content is None:
                    answer: Answer = explain(name)
                    # Git says «missing» of what is lost or corrupt as well, and goes on.
                    is_done = header[-1:] == [b"missing"]
                    if not is_done and answer is None:
                        words = decode(pipe(process.stderr).read())
                        raise command_error("cat-file", words, process.wait())
                else:
                    answer = _checked(header, content)
                sent.popleft()
                yield answer
                if not is_done:
                    break
            with suppress(BrokenPipeError):
                requests.close()
        again.extendleft(reversed(sent))
        sent.clear()


def blob_in(printed: bytes) -> bytes | None:
    """Return the file that ``git cat-file --batch`` printed; None where it could not, or no file.

    Raises:
        ObjectReplaced: It is not the one that its id is made of.
    """
    answers = BytesIO(printed)
    header = answers.readline().split()
    content = _content(header, answers)
    if content is None or header[1] != b"blob":
        return None
    answer = _checked(header, content)
    if isinstance(answer, ObjectReplaced):
        raise answer
    return answer


def _content(header: list[bytes], answers: IO[bytes]) -> bytes | None:
    """Return what follows a header; None where it tells of none, or git gives up on the way."""
    if len(header) != _HEADER_PARTS or not header[-1].isdigit():
        return None
    size = int(header[-1])
    content = answers.read(size + 1)
    return content[:-1] if len(content) > size else None


def _checked(header: list[bytes], content: bytes) -> bytes | ObjectReplaced:
    """Return the content of an object, or that it is not the one that its id is made of.

    Git itself looks at that only when it fetches or checks a repository.
    """
    name, kind, size = header
    algorithm = "sha1" if len(name) == _SHA1_LENGTH else "sha256"
    digest = hashlib.new(algorithm, b"%b %b\0" % (kind, size), usedforsecurity=False)
    digest.update(content)
    if digest.hexdigest().encode() == name:
        return content
    return ObjectReplaced(command="cat-file", words=decode(name))


def _widen(stream: IO[bytes]) -> None:
    """Enlarge a pipe to hold dozens of versions: git reads on while they are processed."""
    # Only Linux can, and other systems may lack the module.
    with suppress(ImportError):
        from fcntl import F_SETPIPE_SZ, fcntl

        with suppress(OSError):  # More than this user may have.
            fcntl(stream.fileno(), F_SETPIPE_SZ, _PIPE_SIZE)


def _send_ahead(
    names: Iterable[str], requests: IO[bytes], ahead: int, sent: deque[str]
) -> Iterator[str]:
    """Send names to git, up to some bytes ahead; yield each as its answer is due.

    Args:
        names: The names.
        requests: Where to send them; git may have ended, which its answers will tell.
        ahead: How many bytes may be sent before an answer.
        sent: Is given each name sent; the caller removes those that were answered.
    """
    remaining = iter(names)
    unanswered, more = 0, True
    while more or sent:
        # Half of them at a time: a write for each name would cost more than the name.
        while more and (not sent or unanswered < ahead // 2):
            batch: list[bytes] = []
            while more and (not (sent or batch) or unanswered < ahead):
                name = next(remaining, None)
                more = name is not None
                if name is not None:
                    line = encode(f"{name}\n")
                    batch.append(line)
                    sent.append(name)
                    unanswered += len(line)
            with suppress(BrokenPipeError):
                requests.write(b"".join(batch))
                requests.flush()
        if sent:
            unanswered -= len(encode(sent[0])) + 1
            yield sent[0]
