"""A place in the tokens of a term, which moves over words, phrases and numbers."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from kvartal.schema.grammar.tokens import Token, TokenKind
from kvartal.schema.grammar.words import AND, BEFORE_GENITIVE, MANY, MAYBE_MANY
from kvartal.schema.quarters import QUARTERS

_T = TypeVar("_T")

_LARGEST_DAY: Final = 99
NO_TOKEN: Final = Token(TokenKind.MARK, "")


class TermCursor:
    """A place in the tokens of a term. Each method consumes what it names, or nothing.

    Args:
        tokens: Of the whole text.

    Attributes:
        is_count: Whether a number said how many, as in «3 кварталов», and not which.
        may_be_count: Whether it may have: «3 квартала», where «в течение» does not stand before.
    """

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self.is_count = False
        self.may_be_count = False

    @property
    def is_at_end(self) -> bool:
        """Whether everything is consumed."""
        return self._at == len(self._tokens)

    def attempt(self, rule: Callable[[], _T | None]) -> _T | None:
        """Return what a rule reads; where it reads nothing, nothing is consumed."""
        before = self._at, self.is_count, self.may_be_count
        found = rule()
        if found is None:
            self._at, self.is_count, self.may_be_count = before
        return found

    def ends_with(self, *words: str) -> bool:
        """Return whether one of some words is the last one of the whole text."""
        return bool(self._tokens) and self._tokens[-1].text in words

    def takes(self, *phrases: str) -> bool:
        """Consume the first of some phrases that stands here, and return whether one does."""
        return any(self._takes_phrase(phrase.split()) for phrase in phrases)

    def takes_any(self, words: Iterable[str]) -> bool:
        """Consume one word of a set, and return whether there is one."""
        if self._next.text in words and self._next.kind in (TokenKind.WORD, TokenKind.MARK):
            self._at += 1
            return True
        return False

    def takes_separator(self) -> bool:
        """Consume what stands between the items of a list, and return whether it does."""
        if self.takes("а также"):
            return True
        is_mark = self.takes(",", ";")
        return self.takes_any(AND) or is_mark

    def number(self) -> int | None:
        """Read a number of one or two digits, an ordinal or a Roman numeral."""
        token = self._next
        if token.kind is TokenKind.NUMBER and token.number <= _LARGEST_DAY:
            self._at += 1
            return token.number
        return None

    def numbers(self) -> tuple[int, ...]:
        """Read «1-4», «1 и 3», «1, 2», «со 2 по 4», «второй»: numbers in one list."""
        found: list[int] = []
        while True:
            following = self.attempt(self._more_numbers if found else self._number_range)
            if following is None:
                return tuple(sorted(set(found)))
            found.extend(following)

    def numbers_of(self, units: Iterable[str]) -> tuple[int, ...]:
        """Read numbers and what they are of, «1 и 3 кварталы», and note where they may count it."""
        return self.attempt(lambda: self._numbers_before(units)) or ()

    def _numbers_before(self, units: Iterable[str]) -> tuple[int, ...] | None:
        at = self._at
        numbers = self.numbers()
        read = self._tokens[at : self._at]
        unit = self._next.text
        if not numbers or not self.takes_any(units):
            return None
        if not any(token.is_ordinal for token in read):
            # «2-3 кварталов» may be how long as well; all four of them are a year's.
            is_range = any(token.text == "-" for token in read) and numbers != QUARTERS
            may_count = is_range or (len(read) == 1 and numbers[0] > 1)
            self.is_count = may_count and unit in MANY
            is_genitive = at > 0 and self._tokens[at - 1].text in BEFORE_GENITIVE
            self.may_be_count = may_count and unit in MAYBE_MANY and not is_genitive
        return numbers

    def _more_numbers(self) -> tuple[int, ...] | None:
        return self._number_range() if self.takes_separator() else None

    def _number_range(self) -> tuple[int, ...] | None:
        has_from = self.takes("с", "со", "from")
        first = self.number()
        if first is None:
            return None

        def other_end() -> int | None:
            is_range = self.takes("по", "to", "through") if has_from else self.takes("-", "по")
            return self.number() if is_range else None

        last = self.attempt(other_end)
        if last is None:
            return None if has_from else (first,)
        return span_of(first, last) or None

    @property
    def _next(self) -> Token:
        return self._at_offset(0)

    def _at_offset(self, count: int) -> Token:
        at = self._at + count
        return self._tokens[at] if at < len(self._tokens) else NO_TOKEN

    def _takes_phrase(self, words: Sequence[str]) -> bool:
        there = self._tokens[self._at : self._at + len(words)]
        if [token.text for token in there] != list(words):
            return False
        self._at += len(words)
        return True


def span_of(first: int, last: int) -> tuple[int, ...]:
    """Return the numbers from one to another, both included; none where they go back."""
    return tuple(range(first, last + 1))
