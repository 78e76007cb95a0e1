"""Every check of the project, on a machine with Python, pip and git. Stops at the first failure.

The commands for a newcomer are those of the README, so that the README itself is tested. Only the
standard library is used, and no shell but the one that the README is written for: it runs on
Windows too (`python .ci/run.py`).
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = "Scripts" if os.name == "nt" else "bin"

START = "python3 -m pip install uv && python3 -m uv run kvartal"
TESTS = "python3 -m uv run pytest"
INSTALL = (
    'python3 -m uv tool install ".[office]"',
    'pipx install ".[office]"',
    'python3 -m pip install ".[office]"',
)
README_COMMANDS = (START, TESTS, *INSTALL)
"""The commands of README.md and README.ru.md that are run here; a test runs the others."""


class Failed(Exception):
    """A step failed."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Steps:
    """Prints the steps, and remembers the one that is under way."""

    now = "start"

    def step(self, name: str) -> None:
        """Begin a step."""
        self.now = name
        print(f"\n==> {name}", flush=True)


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a command; end with its code where it fails."""
    code = subprocess.run([str(part) for part in command], cwd=cwd, check=False).returncode
    if code:
        raise Failed(code if code > 0 else 128 - code)


def uv(*arguments: str | Path) -> None:
    """Run uv, which the README's first command has installed."""
    run(*python(), "-m", "uv", *arguments)


def python() -> list[str]:
    """Return the Python of the README's commands: the first on the path, which may change."""
    # On Windows «python3» is, as a rule, a stub that opens a shop.
    found = None if os.name == "nt" else shutil.which("python3")
    return [found or sys.executable]


def check_readme() -> None:
    """Check that the commands which are run here are those of the README, a line each."""
    for page in ("README.md", "README.ru.md"):
        lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
        for command in README_COMMANDS:
            if command not in lines:
                print(f"{page}: no command: {command}", file=sys.stderr)
                raise Failed(1)


def words(command: str) -> list[str]:
    """Return the words of a command of the README, to be run without a shell."""
    first, *rest = shlex.split(command)
    return [*(python() if first == "python3" else [first]), *rest]


def install(command: str, work: Path) -> None:
    """Run the README's command that installs uv; where the system forbids, in an environment."""
    done = subprocess.run(words(command), cwd=ROOT, stderr=subprocess.PIPE, check=False)
    if not done.returncode:
        return
    sys.stderr.write(done.stderr.decode(errors="replace"))
    if b"externally-managed" not in done.stderr:
        raise Failed(done.returncode)
    # PEP 668: the system manages the packages of this Python, but not of a virtual environment.
    print("pip refused; continuing in a virtual environment", flush=True)
    environment = work / "python"
    run(*python(), "-m", "venv", "--without-pip", environment)
    inside = environment / SCRIPTS / ("python.exe" if os.name == "nt" else "python3")
    run(*python(), "-m", "pip", "--python", inside, "install", "uv")
    os.environ["PATH"] = f"{environment / SCRIPTS}{os.pathsep}{os.environ.get('PATH', '')}"


def checks(steps: Steps, work: Path) -> None:
    """Run every check."""
    steps.step("README: the commands for a newcomer")
    check_readme()
    install_command, _, start = START.partition(" && ")
    steps.step(install_command)
    install(install_command, work)
    steps.step(TESTS)
    run(*words(TESTS))
    steps.step(f"{start} --version")
    run(*words(start), "--version")
    for command in ("ruff check", "ruff format --check", "mypy", "lint-imports"):
        steps.step(command)
        uv("run", *command.split())
    steps.step("the subjects of commits")
    uv("run", "python", ".ci/check_subjects.py")
    steps.step("check-jsonschema: the schema against its meta-schema")
    uv("run", "check-jsonschema", "--check-metaschema", "schema/plan.schema.json")
    steps.step("check-jsonschema: the plans against the schema")
    plans = sorted([*ROOT.glob("plan/*.yaml"), *ROOT.glob("examples/*/plan/*.yaml")])
    uv("run", "check-jsonschema", "--schemafile", "schema/plan.schema.json", *plans)
    steps.step("kvartal validate")
    uv("run", "kvartal", "validate")
    steps.step("the archives: build them, and once more from the source archive in another folder")
    wheel = build(work)
    uv("run", "python", ".ci/check_wheel.py", wheel)
    steps.step("the wheel: install it into an empty environment and start it from another folder")
    installed, elsewhere = work / "installed", work / "elsewhere"
    uv("venv", "--quiet", installed)
    constraints = ("--constraint", "constraints.txt")
    uv("pip", "install", "--quiet", "--python", installed, *constraints, wheel)
    elsewhere.mkdir()
    shutil.copy(ROOT / ".ci" / "import_all.py", elsewhere)
    kvartal = installed / SCRIPTS / "kvartal"
    run(kvartal, "--version", cwd=elsewhere)
    run(kvartal, "validate", ROOT / "plan" / "2024.yaml", cwd=elsewhere)
    run(installed / SCRIPTS / "python", "import_all.py", cwd=elsewhere)
    for command in INSTALL:
        steps.step(f"README: {command}")
        run(install_as(command, work), "--version", cwd=elsewhere)


def install_as(command: str, work: Path) -> Path:
    """Run a command of the README that installs the program; return the program."""
    os.environ |= {
        "PIP_CONSTRAINT": str(ROOT / "constraints.txt"),
        "UV_CONSTRAINT": str(ROOT / "constraints.txt"),
        "UV_TOOL_DIR": str(work / "tools"),
        "UV_TOOL_BIN_DIR": str(work / "tools-bin"),
        "PIPX_HOME": str(work / "pipx"),
        "PIPX_BIN_DIR": str(work / "pipx-bin"),
        "PIPX_MAN_DIR": str(work / "pipx-man"),
    }
    match shlex.split(command):
        case ["pipx", *rest]:  # a machine that has uv need not have it
            uv("tool", "run", "pipx", *rest)
            return work / "pipx-bin" / "kvartal"
        case ["python3", "-m", "pip", *rest]:
            uv("venv", "--quiet", "--seed", work / "pip")
            run(work / "pip" / SCRIPTS / "python", "-m", "pip", *rest)
            return work / "pip" / SCRIPTS / "kvartal"
        case _:
            run(*words(command))
            return work / "tools-bin" / "kvartal"


def build(work: Path) -> Path:
    """Build both archives twice, which has to yield the same bytes; return the wheel."""
    os.environ["SOURCE_DATE_EPOCH"] = "1767225600"
    first, second = work / "dist", work / "dist-again"
    uv("build", "--quiet", "--out-dir", first)
    (source,) = first.glob("*.tar.gz")
    shutil.unpack_archive(source, work / "unpacked")
    uv("build", "--quiet", "--out-dir", second, work / "unpacked" / source.name[: -len(".tar.gz")])
    del os.environ["SOURCE_DATE_EPOCH"]
    (wheel,) = first.glob("*.whl")
    for path in (source, wheel):
        if path.read_bytes() != (second / path.name).read_bytes():
            print(f"{path.name}: not reproducible", file=sys.stderr)
            raise Failed(1)
    return wheel


@contextmanager
def work_folder() -> Iterator[Path]:
    """Yield an empty folder that is deleted afterwards."""
    folder = Path(tempfile.mkdtemp())
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run every check; return the exit code."""
    os.environ |= {"PIP_ROOT_USER_ACTION": "ignore", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    os.environ.pop("VIRTUAL_ENV", None)
    steps = Steps()
    try:
        with work_folder() as work:
            checks(steps, work)
    except (Failed, OSError, ValueError) as error:
        code = error.code if isinstance(error, Failed) else 1
        reason = "" if isinstance(error, Failed) else f": {error}"
        print(f"FAILED: {steps.now} (exit {code}){reason}", file=sys.stderr)
        return code
    steps.step("all checks passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
