"""What a JSON Schema cannot express: the rules, each a small pure function with its own code."""

from typing import Final

from kvartal.schema.problems import Problem, Problems, counted
from kvartal.schema.rule import Subject
from kvartal.schema.rules_fields import FIELD_RULES
from kvartal.schema.rules_records import RECORD_RULES
from kvartal.schema.rules_structure import STRUCTURE_RULES
from kvartal.schema.rules_terms import TERM_RULES
from kvartal.schema.rules_values import VALUE_RULES

RULES: Final = (*STRUCTURE_RULES, *FIELD_RULES, *TERM_RULES, *RECORD_RULES, *VALUE_RULES)

LATER_CODES: Final = frozenset(rule.code for rule in RULES if rule.is_later)
"""The codes of problems for which a version of a history is not blamed."""


def rule_problems(subject: Subject, *, warnings: bool = False) -> Problems:
    """Return the problems that the rules find, rule by rule; of very many the first of each rule.

    Args:
        subject: The part of a programme whose shape is known to be right.
        warnings: Whether to return what a valid programme may have, instead of what it may not.
    """
    of_rules = [
        counted(
            Problem(rule.code, rule.template, path, fields) for path, fields in rule.check(subject)
        )
        for rule in RULES
        if rule.is_warning is warnings
    ]
    kept = (problem for problems in of_rules for problem in problems)
    return Problems(kept, sum(problems.total for problems in of_rules))
