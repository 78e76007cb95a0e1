"""The merge commit: made in the object database, with the user's identity, signature and hooks.

``git commit-tree`` asks neither for a signature nor for hooks, so both are seen to here. The hooks
of the message are run as ``git merge`` runs them. ``pre-merge-commit`` is not: it looks at an index
and at files, and these are moved only once there is a commit; what it would look for is looked for
by ``pre-push`` and by the server. ``post-merge`` is git's own to run when the files move.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from kvartal.history.git.command import ENCODING, ERRORS, run, text
from kvartal.history.git.diagnosis import refusal
from kvartal.history.git.errors import HookRefused, SigningFailed
from kvartal.history.git.repository import Repository

_HOOKS: Final = (("prepare-commit-msg", ("merge",)), ("commit-msg", ()))


def merge_commit(repository: Repository, tree: str, parents: tuple[str, ...], message: str) -> str:
    """Make a commit that belongs to nothing yet; return its id.

    Args:
        repository: As seen from the plan's folder.
        tree: Id of its tree.
        parents: Ids of the commits that it joins.
        message: The whole message.

    Raises:
        HookRefused: A hook of the repository refused the message.
        SigningFailed: The repository asks for a signature, and there is none.
        NoIdentity: Git does not know who makes the commit.
        KvartalError: Git refused for another reason.
    """
    asked = run(repository.folder, ("config", "--type=bool", "--get", "commit.gpgSign"))
    signed = ("-S",) if text(asked.out).strip() == "true" else ()
    joined = (part for parent in parents for part in ("-p", parent))
    arguments = ("commit-tree", *signed, *joined, "-F", "-", tree)
    given = _looked_at(repository, message).encode(ENCODING, "backslashreplace")
    done = run(repository.folder, arguments, given=given, writes=True, pass_fds=repository.held)
    if done.code:
        is_unsigned = signed and "sign" in done.words
        raise SigningFailed(words=done.words) if is_unsigned else refusal(repository, done)
    return text(done.out).strip()


def _looked_at(repository: Repository, message: str) -> str:
    """Return a message as the repository's hooks leave it.

    Raises:
        HookRefused: One of them refused.
    """
    with TemporaryDirectory(prefix="kvartal-message-") as folder:
        path = Path(folder, "MERGE_MSG")
        path.write_bytes(message.encode(ENCODING, "backslashreplace"))
        for name, more in _HOOKS:
            arguments = ("hook", "run", "--ignore-missing", name, "--", str(path), *more)
            done = run(repository.at("").folder, arguments, writes=True, pass_fds=repository.held)
            if done.code:
                raise HookRefused(words=done.words or done.code)
        return path.read_bytes().decode(ENCODING, ERRORS)
