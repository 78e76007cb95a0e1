"""Random histories of a small plan with merges, made at once by ``git fast-import``."""

import random
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.repository import git

NAME = "2024.yaml"
FIELDS = ("notes", "responsible", "result")
_START = 1_700_000_000

Version = dict[str, dict[str, str]]
"""A plan: fields by name by measure."""


@dataclass
class RandomHistory:
    """Commits, each with its parents and its version of the plan.

    Attributes:
        chance: The random numbers.
        versions: What each commit holds.
        parents: The parents of each.
        dates: When each was made.
    """

    chance: random.Random
    versions: list[Version] = field(default_factory=list)
    parents: list[tuple[int, ...]] = field(default_factory=list)
    dates: list[int] = field(default_factory=list)

    def grow(self, count: int) -> None:
        """Begin, then change and merge at random; the last commit joins what is left apart."""
        begin = {f"1.1.{number}": {"notes": "н", "result": "р"} for number in (1, 2)}
        self._add((), begin)
        heads = [0, 0]
        for _turn in range(count):
            at = self.chance.randrange(len(heads))
            if self.chance.random() < 0.25 and heads[0] != heads[1]:
                heads[at] = self._merge(heads[at], heads[1 - at])
            else:
                heads[at] = self._change(heads[at])
        if heads[0] != heads[1]:
            heads[0] = self._merge(heads[0], heads[1])
        if self.chance.random() < 0.5:
            self._change(heads[0])

    def write(self, repo: Path) -> None:
        """Write the commits into a repository."""
        lines: list[str] = []
        for number, version in enumerate(self.versions):
            text = plan_text(version)
            who = f"Автор {number} <a{number}@b.example> {self.dates[number]} +0300"
            lines += [f"commit refs/heads/main\nmark :{number + 1}\nauthor {who}\ncommitter {who}"]
            lines += [f"data {len(f'c{number}')}\nc{number}"]
            for at, parent in enumerate(self.parents[number]):
                lines.append(f"{'merge' if at else 'from'} :{parent + 1}")
            lines += [f"M 100644 inline plan/{NAME}\ndata {len(text.encode())}\n{text}"]
        subprocess.run(
            ["git", "fast-import", "--quiet", "--force"],
            input="\n".join(lines).encode() + b"\n",
            cwd=repo,
            check=True,
        )
        git(repo, "reset", "-q", "--hard")

    def _add(self, parents: tuple[int, ...], version: Version) -> int:
        newest = max((self.dates[parent] for parent in parents), default=_START)
        self.versions.append(version)
        self.parents.append(parents)
        self.dates.append(newest + self.chance.randrange(1, 5000))
        return len(self.versions) - 1

    def _change(self, parent: int) -> int:
        version = {name: dict(row) for name, row in self.versions[parent].items()}
        name, key = self.chance.choice(["1.1.1", "1.1.2"]), self.chance.choice(FIELDS)
        if name not in version or self.chance.random() < 0.1:
            if not version.pop(name, None):
                version[name] = {"notes": self._word()}
        else:
            # Of few words, so that values come back.
            version[name][key] = self._word()
        return self._add((parent,), version)

    def _merge(self, ours: int, theirs: int) -> int:
        one, other = self.versions[ours], self.versions[theirs]
        version: Version = {}
        for name in sorted({*one, *other}):
            rows = [side[name] for side in (one, other) if name in side]
            if len(rows) < 2 and self.chance.random() < 0.5:
                continue
            mine, others = rows[0], rows[-1]
            row = {}
            for key in sorted({*mine, *others}):
                value = self.chance.choice((mine.get(key), others.get(key)))
                if mine.get(key) != others.get(key) and self.chance.random() < 0.2:
                    value = self._word()
                if value is not None:
                    row[key] = value
            version[name] = row
        return self._add((ours, theirs), version)

    def _word(self) -> str:
        return f"слово {self.chance.randrange(4)}"


def plan_text(version: Version) -> str:
    """Return a version as YAML, one line a field."""
    lines = ["year: 2024", "measures:"]
    for name, row in version.items():
        lines.append(f"  - id: {name}")
        lines += [f"    {key}: {value}" for key, value in row.items()]
    return "\n".join(lines) + "\n" if version else "year: 2024\n"
