"""The messages about each invalid plan, recorded in `messages.txt` for review.

After a change of wording run `python -m tests.plans.messages` and look at the diff.
"""

from collections.abc import Iterator
from pathlib import Path

from tests.support.plans import check_file

HERE = Path(__file__).parent
MESSAGES = HERE / "messages.txt"


def messages() -> Iterator[str]:
    """Yield a line for each problem of the schema or a rule, control characters made visible."""
    for path in sorted((HERE / "invalid").glob("*.yaml")):
        for problem in check_file(path, path.name):
            if not problem.code.startswith(("yaml-", "not-utf8")):
                place = f"{problem.file}:{problem.line}:{problem.column}"
                message = problem.message().replace("\x1b", "␛")
                yield f"{place}: {problem.code}: {message}\n"


if __name__ == "__main__":
    MESSAGES.write_text("".join(messages()), encoding="utf-8", newline="")
