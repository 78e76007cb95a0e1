"""What the message of a merge says of it: written by a sync, and looked for when it is verified."""

import re
from typing import Final

from kvartal.schema.errors import N_, Translate

NOT_IN_PLAN: Final = N_("Программа: объединение: изменено не в ней")
"""The first line where the plan itself is as it was."""
MORE_MEASURES: Final = N_("… и ещё мероприятий: {count}")
OF_SEVERAL: Final = N_("Объединение программ: {plans}")
"""The first line where several programmes were merged: it stands in the log of each."""
CHOSE_OURS: Final = N_("Выбрано наше значение. {conflict}")
CHOSE_THEIRS: Final = N_("Выбрано значение другой стороны. {conflict}")

_BETWEEN_PATHS: Final = re.compile(r"(?<=\.yaml), |(?<=\.yml), ")
"""A comma between two plans: one inside a name follows anything else."""


def stated_plans(first_line: str, translate: Translate) -> list[str]:
    """Return the paths of the programmes that the first line of a merge of several names."""
    head = translate(OF_SEVERAL).partition("{")[0]
    paths = _BETWEEN_PATHS.split(first_line.removeprefix(head).strip())
    return paths if first_line.startswith(head) else []
