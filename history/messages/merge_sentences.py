"""What the message of a merge says of it: written by a sync, and looked for when it is verified."""

from typing import Final

from kvartal.schema.errors import N_

NOT_IN_PLAN: Final = N_("Программа: объединение: изменено не в ней")
"""The first line where the plan itself is as it was."""
MORE_MEASURES: Final = N_("… и ещё мероприятий: {count}")
CHOSE_OURS: Final = N_("Выбрано наше значение. {conflict}")
CHOSE_THEIRS: Final = N_("Выбрано значение другой стороны. {conflict}")
