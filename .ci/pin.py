"""Write down the exact versions that the tests run with: constraints.txt and pyproject.toml.

Take the newest of everything, then run every check with it::

    uv run .ci/pin.py && .ci/run

To see whether the lower bounds in pyproject.toml still hold, empty `constraint-dependencies` in a
copy of the project and there (only the comparison of the two lists may fail)::

    uv run --resolution lowest-direct pytest
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = re.compile(r"^(constraint-dependencies = \[\n).*?^\]", re.MULTILINE | re.DOTALL)
HEADER = """\
# The exact versions that the tests ran with; written by `uv run .ci/pin.py`.
# To install the built wheel with them: pip install --constraint constraints.txt kvartal-*.whl
"""


def with_pins(project: str, pins: list[str]) -> str:
    """Return the text of pyproject.toml with `pins` as its list of constraints."""
    entries = "".join(f'  "{pin}",\n' for pin in pins)
    text, count = LIST.subn(lambda found: f"{found[1]}{entries}]", project)
    if count != 1:
        sys.exit("pyproject.toml: expected one list constraint-dependencies")
    return text


def resolve(project: str) -> list[str]:
    """Return the newest versions that fit together, one requirement each, for every platform.

    `project` is the text of a pyproject.toml without constraints.
    """
    uv = os.environ.get("UV", "uv")  # `uv run` says where it is
    command = [uv, "pip", "compile", "--quiet", "--universal", "--no-header", "--no-annotate"]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pyproject.toml").write_text(project, encoding="utf-8")
        done = subprocess.run(
            [*command, "--group", "pyproject.toml:dev", "pyproject.toml"],
            cwd=folder,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    return [line for line in done.stdout.splitlines() if "==" in line]


def main() -> None:
    """Rewrite both lists."""
    path = ROOT / "pyproject.toml"
    project = path.read_text(encoding="utf-8")
    pins = resolve(with_pins(project, []))
    path.write_text(with_pins(project, pins), encoding="utf-8")
    (ROOT / "constraints.txt").write_text(HEADER + "\n".join(pins) + "\n", encoding="utf-8")
    print(f"{len(pins)} versions pinned")


if __name__ == "__main__":
    main()
