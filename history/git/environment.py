"""The environment of git: which of the caller's variables it may see, and what every call sets.

Many ``GIT_*`` variables lead git to a different repository, index or configuration (``GIT_DIR``,
``GIT_INDEX_FILE`` …; git sets them itself for whatever it starts), and new ones may come. So all
but those known to be harmless are removed, once, where the program starts. Imported on the way to
the first paint: keep it cheap.
"""

import os
import time
from collections.abc import Mapping
from typing import Final

from kvartal.history.git.errors import MisleadingEnvironment

_KEPT: Final = frozenset(
    f"GIT_{name}"
    for name in (
        # Who acts and when.
        *("AUTHOR_NAME", "AUTHOR_EMAIL", "AUTHOR_DATE"),
        *("COMMITTER_NAME", "COMMITTER_EMAIL", "COMMITTER_DATE"),
        # How to reach a remote.
        *("SSH", "SSH_COMMAND", "SSH_VARIANT", "ASKPASS", "ALLOW_PROTOCOL"),
        # Where this machine's settings and programs are, and how far up to look for a repository.
        *("CONFIG_GLOBAL", "CONFIG_SYSTEM", "CONFIG_NOSYSTEM", "EXEC_PATH", "TEMPLATE_DIR"),
        *("CEILING_DIRECTORIES", "DISCOVERY_ACROSS_FILESYSTEM"),
        # Set by every call, see `call_variables`.
        *("EDITOR", "LITERAL_PATHSPECS", "OPTIONAL_LOCKS", "PAGER", "TERMINAL_PROMPT"),
    )
)
_KEPT_PREFIXES: Final = (
    *("GIT_HTTP_", "GIT_SSL_", "GIT_PROXY_SSL_"),
    *("GIT_PYTHON_", "GIT_PS1_"),  # Not git's own: GitPython's and the shell prompt's.
)

_SHARED_ONLY: Final[Mapping[str, str]] = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": f"{os.devnull}/none",
}
"""What stands in this clone only must not show another history than the one that is shared."""
_OFFLINE: Final[Mapping[str, str]] = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
"""Git before 2.44 may not know the first; the second refuses every transport of any git."""

_DAY_SECONDS: Final = 24 * 60 * 60


def misleading_variables(environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return the names of the variables that may lead git astray, sorted.

    Args:
        environ: The environment to check; that of this process, if not given.
    """
    return tuple(
        name
        for name in sorted(environ)
        if name.startswith("GIT_")
        and name not in _KEPT
        and not name.startswith(_KEPT_PREFIXES)
        and environ[name] != _SHARED_ONLY.get(name)
    )


def scrub_environment() -> None:
    """Remove the variables that may lead git astray from the environment of this process.

    A time zone a day or more away, which neither this program nor others could read in a commit,
    is removed too: the clock is then that of the machine.

    To be called once at the start of a program, before it opens a programme.
    """
    for name in misleading_variables():
        del os.environ[name]
    if max(map(abs, (time.timezone, time.altzone))) >= _DAY_SECONDS:
        os.environ.pop("TZ", None)
        if hasattr(time, "tzset"):  # Not on Windows.
            time.tzset()


def check_environment() -> None:
    """Refuse to work in an environment that has not been scrubbed.

    Raises:
        MisleadingEnvironment: There are variables that may lead git astray.
    """
    names = misleading_variables()
    if names:
        raise MisleadingEnvironment(variables=", ".join(names))


def call_variables(
    environ: Mapping[str, str],
    *,
    writes: bool = False,
    interactive: bool = False,
    may_fetch: bool = True,
) -> dict[str, str]:
    """Return the variables that a git call gets on top of this process's environment.

    Args:
        environ: The environment of this process.
        writes: The call is meant to write; a call that only reads takes no optional locks.
        interactive: Git and ssh may ask for a password on the terminal.
        may_fetch: In a partial clone git may fetch what it lacks; otherwise no call leaves the
            machine.
    """
    offline = {} if may_fetch else _OFFLINE
    encoding = next(
        (environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), ""
    )
    return {
        **offline,
        **_SHARED_ONLY,
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_OPTIONAL_LOCKS": "1" if writes else "0",
        "GIT_TERMINAL_PROMPT": "1" if interactive else "0",
        "GIT_EDITOR": ":",
        "GIT_PAGER": "cat",
        # Without a terminal a signing agent fails at once instead of painting over our screen.
        "GPG_TTY": "",
        # English messages, since they are parsed; hooks keep the user's character encoding.
        "LC_ALL": "",
        "LC_CTYPE": encoding,
        "LC_MESSAGES": "C",
        "LANGUAGE": "C",
    }
