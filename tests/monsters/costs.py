"""What commands cost on one file: processor time, memory, and the sentence they end with."""

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tests.monsters.shapes import SHAPES, small
from tests.support.repository import git

PROGRAM: Final = (sys.executable, "-c", "from kvartal.tui.main import main; main()")
SCREEN: Final = (sys.executable, "-m", "tests.monsters.screen")
ROOT: Final = Path(__file__).resolve().parents[2]

COMMANDS: Final = MappingProxyType(
    {
        "validate": (*PROGRAM, "validate"),
        "json": (*PROGRAM, "validate", "--json"),
        "list": (*PROGRAM, "list"),
        "show": (*PROGRAM, "show", "1.1.1"),
        "overdue": (*PROGRAM, "overdue", "--as-of", "2024-12-31"),
        "log": (*PROGRAM, "log"),
        "diff": (*PROGRAM, "diff", "HEAD~1"),
        "textconv": (*PROGRAM, "textconv", "plan/2024.yaml"),
        "merge": (*PROGRAM, "merge", "base.yaml", "ours.yaml", "theirs.yaml"),
        "verify": (*PROGRAM, "verify"),
        "screen": (*SCREEN, "plan/2024.yaml"),
    }
)

MOST_MEMORY: Final = 300
LINEAR: Final = 2.7
"""How many times longer twice the size may take; a small constant part hides in less."""
SHORT: Final = 0.5
"""Below this time nothing is said about the ratio."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command cost.

    Attributes:
        seconds: Processor time, with that of the processes it started.
        megabytes: The most memory it held.
        code: Its exit code; negative if it was ended by a signal.
        sentence: The first line that it printed.
    """

    seconds: float
    megabytes: int
    code: int
    sentence: str

    def faults(self, half: "Cost") -> list[str]:
        """Return what is wrong with it, beside the cost at half the size."""
        extra = self.seconds - half.seconds
        found = {
            "superlinear": self.seconds > SHORT and extra > (LINEAR - 1) * half.seconds,
            "memory": self.megabytes > MOST_MEMORY,
            "crash": self.code < 0 or self.code not in {0, 1, 2},
            "silent": not self.sentence and self.code != 0,
            "traceback": "Traceback" in self.sentence,
        }
        return [name for name, is_so in found.items() if is_so]


def costs(folder: Path, shape: str, size: int, commands: list[str], limit: int) -> dict[str, Cost]:
    """Return what each command costs in a repository whose last commit brought in a monster."""
    repository = folder / f"{shape}-{size}".replace(" ", "-").replace("/", "")
    plan = repository / "plan" / "2024.yaml"
    plan.parent.mkdir(parents=True)
    git(repository, "init", "-q")
    plan.write_bytes(small())
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "Начало")
    plan.write_bytes(SHAPES[shape](size))
    git(repository, "commit", "-qam", "Чудовище")
    found = {}
    for command in commands:
        (repository / "base.yaml").write_bytes(small())
        (repository / "ours.yaml").write_bytes(plan.read_bytes())
        (repository / "theirs.yaml").write_bytes(
            small().replace("Обеспечено".encode(), "Сделано".encode(), 1)
        )
        found[command] = _cost(COMMANDS[command], repository, limit)
    return found


def _cost(command: tuple[str, ...], folder: Path, limit: int) -> Cost:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))

    output = folder / ".output"
    with output.open("wb") as stream:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=stream,
            stderr=subprocess.STDOUT,
            preexec_fn=limited,  # noqa: PLW1509 - no threads here
        )
        _, status, usage = os.wait4(process.pid, 0)
    text = output.read_bytes().decode(errors="replace")
    output.unlink()
    return Cost(
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss // 1024,
        os.waitstatus_to_exitcode(status),
        text.partition("\n")[0],
    )
