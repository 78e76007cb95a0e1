"""Pin the exact versions that the tests run with, in constraints.txt and pyproject.toml.

To upgrade everything to the newest version and run every check::

    uv run .ci/pin.py && .ci/run

To check the lower bounds in pyproject.toml, empty `constraint-dependencies` in a copy of the
project and run there (only the comparison of the two lists may fail)::

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
    text, count = LIST.subn(lambda match: f"{match[1]}{entries}]", project)
    if count != 1:
        sys.exit("pyproject.toml: expected one list constraint-dependencies")
    return text


def resolve(project: str) -> list[str]:
    """Return the newest compatible versions for every platform, a requirement each.

    `project` is the text of a pyproject.toml without constraints.
    """
    uv = os.environ.get("UV", "uv")  # set by `uv run`
    command = [uv, "pip", "compile", "--quiet", "--universal", "--no-header", "--no-annotate"]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pyproject.toml").write_text(project, encoding="utf-8")
        result = subprocess.run(
            [*command, "--group", "pyproject.toml:dev", "pyproject.toml"],
            cwd=folder,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    return [line for line in result.stdout.splitlines() if "==" in line]


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
