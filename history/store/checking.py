"""What is wrong with a plan file, with the place in the file: reading, schema and rules in one."""

from pathlib import Path
from typing import Final

from kvartal.history.yaml_text.loader import UnreadablePlan, read
from kvartal.history.yaml_text.source import Source
from kvartal.schema.problems import Problem
from kvartal.schema.validation import validate

# These stand at the key, not at its value: it is the name that is wrong.
_OF_THE_KEY: Final = frozenset({"schema-unknown-property"})


def check_file(path: Path, name: str | None = None) -> tuple[Problem, ...]:
    """Return all that is wrong with a plan file, in the order of the file.

    Args:
        path: The file.
        name: What to call it in messages; its path, if not given.
    """
    try:
        source = read(path, name)
    except UnreadablePlan as error:
        return error.problems
    return check(source)


def check(source: Source) -> tuple[Problem, ...]:
    """Return all that is wrong with a plan that has been read, in the order of its text."""
    found = [_placed(problem, source) for problem in validate(source.data)]
    return tuple(sorted(found, key=lambda problem: (problem.line or 0, problem.column or 0)))


def _placed(problem: Problem, source: Source) -> Problem:
    of_key = problem.code in _OF_THE_KEY
    place = source.key_position(problem.path) if of_key else source.position(problem.path)
    return problem.at(source.name, *place)
