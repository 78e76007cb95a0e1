"""Each kind of change on a file system of its own, with the power cut at random times.

The file system is an image, mounted through a loop device, that is told to write to it as late as
it can: only what a program flushes is there soon. A copy of the image is then what a power cut
leaves. It is mounted, which replays its journal, and looked at. Needs root on Linux, and nothing
of the machine's own disks.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from tests.faults.kinds import KINDS, after, call, command, plan_of, prepared, state_of, words_of
from tests.support.repository import git
from tests.sync.clones import BARE

_SIZE = 128 << 20
_LATE = "commit=60,noauto_da_alloc"
LONGEST = 45.0
"""Seconds after a command at the latest of which the power is cut."""


@dataclass(frozen=True)
class Cut:
    """A power cut.

    Attributes:
        image: What it left.
        time: When, in seconds since the command had ended; negative before that.
    """

    image: Path
    time: float


def why_impossible(folder: Path) -> str:
    """Return why this machine cannot mount images; empty where it can."""
    if sys.platform != "linux" or os.geteuid() != 0 or which("mkfs.ext4") is None:
        return "needs Linux, root and mkfs.ext4"
    try:
        image = _new_image(folder)
        with _mounted(image, folder / "mnt", _LATE):
            return ""
    except subprocess.CalledProcessError as error:
        return f"an image cannot be mounted: {error.stderr.decode(errors='replace').strip()}"


def cut_power(
    folder: Path, name: str, chance: random.Random, *, during: int = 3, later: int = 3
) -> tuple[Counter[str], list[str]]:
    """Run a kind of change, and cut the power several times.

    Args:
        folder: Where to work; empty.
        name: The kind.
        chance: Chooses the times.
        during: How often while the command runs.
        later: How often after it.

    Returns:
        How many cuts ended how, and what did not hold, a line each.
    """
    place, image = folder / "mnt", _new_image(folder)
    with _mounted(image, place, _LATE):
        work = place / "work"
        work.mkdir()
        prepared(work, name)
        words, old = words_of(name, work), plan_of(work).read_bytes()
        subprocess.run(["sync", "-f", place], check=True)
        cuts = _run_with_cuts(folder, work, words, chance, during)
        done = time.monotonic()
        for at in sorted(chance.uniform(0, LONGEST) for _ in range(later)):
            time.sleep(max(0, done + at - time.monotonic()))
            cuts.append(Cut(_copy(image, folder / f"later-{at:.2f}"), at))
        new, state = plan_of(work).read_bytes(), state_of(work, name)
    outcomes, wrong = Counter[str](), list[str]()
    for cut in cuts:
        with _mounted(cut.image, place, ""):
            faults = list(_left(place / "work", name, cut, (old, new), state, outcomes))
        wrong += (f"{name}, cut at {cut.time:+.2f} s: {text}" for text in faults)
        cut.image.unlink()
    return outcomes, wrong


def _run_with_cuts(
    folder: Path, work: Path, words: Sequence[str], chance: random.Random, count: int
) -> list[Cut]:
    """Run a command to its end; return cuts at random times before that."""
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            code = command(tuple(words), work)()
        finally:
            os._exit(code)
    copies = list[tuple[Path, float]]()
    seen = 0
    while True:
        time.sleep(chance.uniform(0, 0.08))
        copy, now = _copy(folder / "image", folder / f"during-{seen}"), time.monotonic()
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            copy.unlink()
            break
        seen += 1
        # Each of the copies stays with the same probability.
        if len(copies) < count:
            copies.append((copy, now))
        elif (at := chance.randrange(seen)) < count:
            copies[at][0].unlink()
            copies[at] = (copy, now)
        else:
            copy.unlink()
    end = time.monotonic()
    assert os.waitstatus_to_exitcode(status) == 0, (work.parent / "output").read_text("utf-8")
    return [Cut(copy, now - end) for copy, now in copies]


def _left(
    work: Path,
    name: str,
    cut: Cut,
    plans: tuple[bytes, bytes],
    state: str,
    outcomes: Counter[str],
) -> Iterator[str]:
    """Yield what is wrong after a cut."""
    plan = plan_of(work)
    content = plan.read_bytes() if plan.exists() else b""
    if content not in plans:
        yield f"the plan is neither old nor new: {len(content)} bytes"
    for folder in (plan.parents[1], work / BARE):
        if (folder / "HEAD").exists() or (folder / ".git").exists():
            yield from _damage(folder)
    is_done = cut.time >= 0
    kept = "kept" if state_of(work, name) == state else "not yet in the history"
    outcomes[f"after: {kept}" if is_done else f"during: {'new' if kept == 'kept' else 'old'}"] += 1
    if call(("list",), work):
        yield f"then list: {(work.parent / 'output').read_text('utf-8')}"
    if is_done and KINDS[name].changes:
        yield from _lost(work, name, plans[1], state)
    yield from after(work, name)


def _damage(folder: Path) -> Iterator[str]:
    done = subprocess.run(
        ["git", "-C", folder, "fsck", "--full", "--strict", "--no-dangling", "--no-progress"],
        check=False,
        capture_output=True,
    )
    printed = (done.stdout + done.stderr).decode(errors="replace")
    if done.returncode or "error" in printed:
        yield f"git fsck of {folder.name}: {printed}"


def _lost(work: Path, name: str, new: bytes, state: str) -> Iterator[str]:
    """Yield what is lost of a change that was told as saved."""
    plan = plan_of(work)
    if plan.read_bytes() != new:
        yield "the plan is not the new one"
    if git(plan.parent, "show", f"HEAD:./{plan.name}", check=False).encode() != new:
        yield "HEAD does not hold the new plan"
    if git(plan.parent, "status", "--porcelain", "--untracked-files=all", check=False):
        yield f"not as in HEAD: {git(plan.parent, 'status', '--porcelain', check=False)}"
    if state_of(work, name) != state:
        yield f"not the commits that were there: {state_of(work, name)} for {state}"


def _new_image(folder: Path) -> Path:
    image = folder / "image"
    image.unlink(missing_ok=True)
    with image.open("wb") as file:
        file.truncate(_SIZE)
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True, capture_output=True)
    return image


def _copy(image: Path, target: Path) -> Path:
    """Copy an image as it is at one moment; holes stay holes."""
    for _attempt in range(5):
        before = image.stat().st_mtime_ns
        subprocess.run(["cp", "--sparse=always", image, target], check=True)
        if image.stat().st_mtime_ns == before:
            break
    return target


@contextmanager
def _mounted(image: Path, place: Path, options: str) -> Iterator[None]:
    place.mkdir(exist_ok=True)
    how = ",".join(filter(None, ("loop", options)))
    subprocess.run(["mount", "-o", how, image, place], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)
