"""Caches for loading and validating plans: the same text is processed once per test process.

Half the time of the tests that save a plan went into loading and validating the same few versions
of the real plan, thousands of times each. Both are pure functions of their arguments, so the first
result is reused; the tests of loading and validation still run the real code on their own texts.
"""

import pickle
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from kvartal.history.yaml_text import loader
from kvartal.history.yaml_text.source import Source
from kvartal.schema import conformance
from kvartal.schema.conformance import Violations

CAPACITY = 200
"""Entries per cache, of at most a few hundred kilobytes each."""


class CachedPlanModified(Exception):
    """A test or the program modified the data of a loaded plan, which all its users share."""


def cache_plans() -> None:
    """Cache loading and validation from now on. Call it before anything imports the functions."""
    loader.load = _cached_load(loader.load)
    conformance.violations = _cached_violations(conformance.violations)


def _cached_load(load: Callable[[bytes, str], Source]) -> Callable[..., Source]:
    cache: OrderedDict[tuple[bytes, str, int], tuple[Source, bytes]] = OrderedDict()

    def cached(data: bytes, name: str) -> Source:
        key = (data, name, loader.MAX_SIZE)
        if key not in cache:
            source = load(data, name)  # A refusal is not cached.
            cache[key] = (source, pickle.dumps(source.data))
            _drop_oldest(cache)
        source, pickled = cache[key]
        if pickle.dumps(source.data) != pickled:
            del cache[key]
            raise CachedPlanModified(name)
        return source

    return cached


def _cached_violations(violations: Callable[[object], Violations]) -> Callable[..., Violations]:
    cache: OrderedDict[bytes, Violations] = OrderedDict()

    def cached(data: object) -> Violations:
        try:
            key = pickle.dumps(data)
        except (AttributeError, RecursionError, TypeError, pickle.PicklingError):
            return violations(data)
        if key not in cache:
            cache[key] = violations(data)
            _drop_oldest(cache)
        return cache[key]

    return cached


def _drop_oldest(cache: OrderedDict[Any, Any]) -> None:
    if len(cache) > CAPACITY:
        cache.popitem(last=False)
