"""What the same text means, and what the schema says of it, is found out once in a test process.

Half the time of the tests that keep a plan went into reading and validating the same few versions
of the real plan: thousands of times each. Both are functions of what they are given, so that the
first answer stands for all; the tests of reading and validating are among the first to ask.
"""

import pickle
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from kvartal.history.yaml_text import loader
from kvartal.history.yaml_text.source import Source
from kvartal.schema import conformance
from kvartal.schema.problems import Problem

MOST = 200
"""How many answers of each kind are remembered: a few hundred kilobytes each at most."""


class Altered(Exception):
    """What a plan was read as is shared by all who hold it, and somebody altered it."""


def remember() -> None:
    """Read and validate by memory from now on; to be called before anything imports the two."""
    loader.load = _remembering_texts(loader.load)
    conformance.schema_problems = _remembering_data(conformance.schema_problems)


def _remembering_texts(load: Callable[[bytes, str], Source]) -> Callable[..., Source]:
    known: OrderedDict[tuple[bytes, str, int], tuple[Source, bytes]] = OrderedDict()

    def remembered(data: bytes, name: str) -> Source:
        key = (data, name, loader.MAX_SIZE)
        if key not in known:
            source = load(data, name)  # A refusal is raised anew each time.
            known[key] = (source, pickle.dumps(source.data))
            _forget(known)
        source, meaning = known[key]
        if pickle.dumps(source.data) != meaning:
            del known[key]
            raise Altered(name)
        return source

    return remembered


def _remembering_data(
    problems: Callable[[object], tuple[Problem, ...]],
) -> Callable[..., tuple[Problem, ...]]:
    known: OrderedDict[bytes, tuple[Problem, ...]] = OrderedDict()

    def remembered(data: object) -> tuple[Problem, ...]:
        try:
            key = pickle.dumps(data)
        except (AttributeError, RecursionError, TypeError, pickle.PicklingError):
            return problems(data)
        if key not in known:
            known[key] = problems(data)
            _forget(known)
        return known[key]

    return remembered


def _forget(known: OrderedDict[Any, Any]) -> None:
    if len(known) > MOST:
        known.popitem(last=False)
