"""Check that the subjects of commits have at most 72 characters, as kvartal's own commits do.

Merges are not checked, nor are commits from before the rule. Skipped where the history is not
there: in a shallow clone or an unpacked source archive.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEFORE_RULE = "e016133a65fae5c1216e498a05f24e396022ca60"
LIMIT = 72


def git(*arguments: str) -> str | None:
    """Return git's output; None if it fails or is not installed."""
    command = ["git", "-C", str(ROOT), *arguments]
    try:
        result = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    except FileNotFoundError:
        return None
    return result.stdout if result.returncode == 0 else None


def main() -> None:
    """Exit with an error that lists the subjects that are too long, if there are any."""
    log = git("log", "--no-merges", "--format=%H %s", f"{BEFORE_RULE}..HEAD")
    if log is None:
        print("skipped: the history is not there")
        return
    commits = [line.split(" ", 1) for line in log.splitlines()]
    long = [f"{commit[:10]} {subject}" for commit, subject in commits if len(subject) > LIMIT]
    if long:
        sys.exit("\n".join([f"subjects longer than {LIMIT} characters:", *long]))
    print(f"{len(commits)} subjects")


if __name__ == "__main__":
    main()
