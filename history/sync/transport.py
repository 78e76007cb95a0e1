"""Fetch and push: the calls that leave the machine.

Nothing is ever forced: no refspec has a plus sign but that of the tracking ref, and what is pushed
is the very commit that was checked.
"""

import os
import time
from dataclasses import dataclass, replace
from threading import Event
from typing import Final

from kvartal.history.git.command import GitResult, passing_over_broken_refs, run_git
from kvartal.history.git.diagnosis import with_tail
from kvartal.history.git.errors import CallSilent
from kvartal.history.git.integrity import find_damage
from kvartal.history.git.refs import broken_refs, readable_refs
from kvartal.history.git.repository import Repository
from kvartal.history.store.git_locks import names_lock
from kvartal.history.store.witness_refs import SEEN_REFS
from kvartal.history.sync.folder_remote import push_options
from kvartal.history.sync.remote import RemoteBranch
from kvartal.history.sync.remote_errors import (
    BrokenTrackingRef,
    CorruptRefTarget,
    PushUnknown,
    TrackingRefIsFolder,
)
from kvartal.history.sync.transport_answers import (
    call_failure,
    has_broken_ref,
    has_no_branch,
    is_incomplete,
    is_locked_out,
    is_outdated,
    is_remote_locked,
    may_have_arrived,
    names_broken_ref,
    ref_refusal,
    rejected_refs,
    without_progress,
)
from kvartal.schema.errors import KvartalError

# A connection that hangs must not hang the program: a minute without a byte ends it.
_STALL_LIMITS: Final = ("-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=60")
_SSH: Final = "ssh -oConnectTimeout=20 -oServerAliveInterval=15"
_BATCH_SSH: Final = f"{_SSH} -oBatchMode=yes"

FETCH_SILENCE: Final = 60.0
"""Seconds without a word after which a fetch is given up: git reports its progress every second."""

PUSH_SILENCE: Final = 300.0
"""The same of a push: a hook, here or at the remote, may work for minutes without printing."""

_PASSWORD_SILENCE: Final = 180.0
"""The same of a call in which the user may be typing a password."""

SEEN_REFSPEC: Final = f"+{SEEN_REFS}*:{SEEN_REFS}*"

PATIENCE: Final = 5.0
"""Seconds in which a fetch is retried while another one holds the locks."""

INTERVAL: Final = 0.1
"""Seconds between these attempts."""


@dataclass(frozen=True, slots=True)
class PushOutcome:
    """How a push ended that was not refused.

    Attributes:
        is_accepted: The remote has the commit; else somebody pushed in between, and it has newer
            commits.
        complaint: What was printed, where the remote took the commit and something failed there
            all the same; empty where nothing did.
    """

    is_accepted: bool
    complaint: str = ""


@dataclass(frozen=True, slots=True)
class Transport:
    """The connection to a remote.

    Attributes:
        repository: As seen from the plan's folder.
        remote_branch: The branches.
        interactive: Whether git and ssh may ask for a password on the terminal.
        settings: Git's settings for each call, as command-line options.
        stop: Ends a call when it is set; None where calls cannot be stopped.
    """

    repository: Repository
    remote_branch: RemoteBranch
    interactive: bool
    settings: tuple[str, ...]
    stop: Event | None = None

    def fetch(self) -> bool:
        """Fetch the branch; return False where the remote has no such branch.

        Changes only the tracking ref, the tags that point into its history, and what other clones
        left there.

        Raises:
            CallStopped: `stop` was set, or the remote was silent for too long.
            KvartalError: The remote cannot be reached, or refuses; each reason has its class.
        """
        refspec = f"+{self.remote_branch.target}:{self.remote_branch.tracking}"
        quietly = ("fetch", "--quiet", "--progress", "--no-recurse-submodules")
        arguments = (*quietly, self.remote_branch.remote, refspec, SEEN_REFSPEC)
        result = self._fetch_beside_broken_refs(arguments)
        if not result.code:
            return True
        if has_no_branch(result):
            return False
        raise self._fetch_failure(result)

    def _fetch_beside_broken_refs(self, arguments: tuple[str, ...]) -> GitResult:
        result = self._fetch(arguments)
        if is_incomplete(result) and (broken := broken_refs(self.repository)):
            # Git looks at every ref of this clone whether it can be read: until 2.41 also at those
            # that are hidden from it, and gives up at a corrupt one.
            hidden = (option for ref in broken for option in ("-c", f"fetch.hideRefs={ref}"))
            arguments = (*hidden, *arguments)
            with passing_over_broken_refs():
                result = self._fetch(arguments)
        if has_broken_ref(result):
            # What another clone left, or a tag, is not fetched over a file that is no ref. Tags
            # come by themselves: either all of them or none.
            _lines, unread = readable_refs(self.repository, SEEN_REFS, "%(refname)")
            without = [f"^{ref}" for ref in unread]
            without += ["--no-tags"] if names_broken_ref(result, "refs/tags/") else []
            with passing_over_broken_refs():
                result = self._fetch((*arguments, *without))
        return result

    def _fetch_failure(self, result: GitResult) -> KvartalError:
        """Return why a fetch failed: for a ref of this clone, or at the remote."""
        tracking = self.remote_branch.tracking
        if names_broken_ref(result, tracking):
            return BrokenTrackingRef(ref=tracking)
        if self._is_tracked_in_folder(result):
            return TrackingRefIsFolder(ref=tracking)
        if is_incomplete(result):
            damage = find_damage(self.repository)
            if damage is not None:
                return damage
            for ref in broken_refs(self.repository):
                return CorruptRefTarget(ref=ref)
        return self._failure(result, "fetch")

    def _is_tracked_in_folder(self, result: GitResult) -> bool:
        """Tell whether a fetch failed at a folder without a ref in the place of the ref."""
        tracking = self.remote_branch.tracking
        if tracking not in result.stderr or not (self.repository.common_dir / tracking).is_dir():
            return False
        lines, _unread = readable_refs(self.repository, f"{tracking}/", "%(refname)")
        return not lines

    def shows_refs(self) -> bool:
        """Return whether the remote shows any ref: an empty one, or what is none, does not.

        Raises:
            CallStopped: As for `fetch`.
            KvartalError: It cannot be asked; each reason has its class.
        """
        result = self._call(("ls-remote", "--", self.remote_branch.remote), FETCH_SILENCE)
        if result.code:
            raise self._failure(result, "ls-remote")
        return bool(result.stdout)

    def _fetch(self, arguments: tuple[str, ...]) -> GitResult:
        end = time.monotonic() + PATIENCE
        result = self._call(arguments, FETCH_SILENCE)
        # A different fetch of the same branch was faster, or is running.
        while is_locked_out(result) and time.monotonic() < end:
            time.sleep(INTERVAL)
            result = self._call(arguments, FETCH_SILENCE)
        return result

    def push(self, commit: str) -> PushOutcome:
        """Push a commit to the branch at the remote, without force.

        Args:
            commit: Full id of the commit.

        Raises:
            CallStopped: As for `fetch`; whether the remote got the commit is unknown.
            PushUnknown: It broke off, and the remote cannot be asked whether it got the commit.
            KvartalError: The push was refused; each reason has its class.
        """
        end = time.monotonic() + PATIENCE
        result = self._push(f"{commit}:{self.remote_branch.target}")
        # Somebody else's push may be under way there.
        while is_remote_locked(result) and time.monotonic() < end:
            time.sleep(INTERVAL)
            result = self._push(f"{commit}:{self.remote_branch.target}")
        if not result.code:
            return PushOutcome(
                is_accepted=True, complaint=result.stderr if names_lock(result) else ""
            )
        rejected = rejected_refs(result)
        kind, why = rejected.get(self.remote_branch.target, ("", ""))
        if is_outdated(result, why):
            return PushOutcome(is_accepted=False)
        error = (
            ref_refusal(self.remote_branch, result, kind, why)
            if kind
            else self._failure(result, "push")
        )
        if may_have_arrived(result):
            has = self._has(self.remote_branch.target, commit)
            if has:
                return PushOutcome(is_accepted=True, complaint=result.stderr)
            if has is None:
                words = with_tail(result.stderr)
                raise PushUnknown(remote=self.remote_branch.remote, words=words) from error
        raise error

    def _has(self, ref: str, commit: str) -> bool | None:
        """Ask the remote, wherever a push goes, whether it has a commit at a ref.

        Args:
            ref: Full name of the ref there.
            commit: Id of the commit.

        Returns:
            None where it cannot be asked.

        Raises:
            CallStopped: `stop` was set.
        """
        remote = self.remote_branch.remote
        address = ("remote", "get-url", "--all")
        fetched = self.repository.run(*address, "--", remote).text.splitlines()
        pushed = self.repository.run(*address, "--push", "--", remote).text.splitlines()
        # By its name the settings of the remote are heeded.
        for place in (remote,) if pushed == fetched[:1] else pushed:
            try:
                answer = self._call(("ls-remote", "--", place, ref), FETCH_SILENCE)
            except CallSilent:
                return None
            if answer.code:
                return None
            if answer.text.partition("\t")[0] != commit:
                return False
        return True

    def push_commit(self, commit: str, ref: str) -> bool:
        """Push a commit to a ref of its own; return whether the remote took it."""
        return not self._push(f"{commit}:{ref}").code

    def push_refs(self, refs: tuple[str, ...]) -> tuple[str, ...]:
        """Push refs under their own names; return those that the remote has not got.

        Args:
            refs: Full names of the refs.

        Raises:
            KvartalError: Nothing could be pushed; each reason has its class.
        """
        result = self._push(*(f"{ref}:{ref}" for ref in refs))
        rejected = rejected_refs(result)
        missing = tuple(ref for ref in refs if result.code and (ref in rejected or not rejected))
        if may_have_arrived(result):
            here = {ref: self.repository.object_id(ref) or "" for ref in missing}
            missing = tuple(ref for ref in missing if not self._has(ref, here[ref]))
        if missing and not rejected:
            raise self._failure(result, "push")
        return missing

    def _push(self, *refspecs: str) -> GitResult:
        options = (
            *("--porcelain", "--progress", "--no-follow-tags", "--recurse-submodules=no"),
            *push_options(self.repository, self.remote_branch.remote),
        )
        arguments = ("push", *options, self.remote_branch.remote, *refspecs)
        return self._call(arguments, PUSH_SILENCE)

    def _call(self, arguments: tuple[str, ...], silence: float) -> GitResult:
        result = run_git(
            self.repository.folder,
            (*self.settings, *arguments),
            writes=True,
            interactive=self.interactive,
            held=self.repository.held,
            stop=self.stop,
            silence=max(silence, _PASSWORD_SILENCE) if self.interactive else silence,
        )
        return replace(result, stderr=without_progress(result.stderr))

    def _failure(self, result: GitResult, command: str) -> KvartalError:
        return call_failure(self.repository, self.remote_branch, result, command)


def connect(
    repository: Repository,
    remote_branch: RemoteBranch,
    *,
    interactive: bool,
    stop: Event | None = None,
) -> Transport:
    """Return the connection to a remote; nothing is sent yet.

    A user's own ssh command is left as it is.

    Args:
        repository: As seen from the plan's folder.
        remote_branch: The branches.
        interactive: Whether git and ssh may ask for a password on the terminal.
        stop: Ends a call when it is set; None where calls cannot be stopped.
    """
    own_ssh = "GIT_SSH" in os.environ or repository.run("config", "--get", "core.sshCommand").stdout
    ssh = () if own_ssh else ("-c", f"core.sshCommand={_SSH if interactive else _BATCH_SSH}")
    return Transport(repository, remote_branch, interactive, (*_STALL_LIMITS, *ssh), stop)
