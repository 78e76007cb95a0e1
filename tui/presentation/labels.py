"""Words and signs for states: one table for the screen and the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kvartal.schema.errors import N_
from kvartal.schema.states import CheckpointState, MeasureState, Status
from kvartal.tui.i18n import _
from kvartal.tui.settings import ASCII, AUTO, UNICODE

MEASURE_STATES: Final = {
    MeasureState.PLANNED: N_("Запланировано"),
    MeasureState.IN_PROGRESS: N_("В работе"),
    MeasureState.OVERDUE: N_("Просрочено"),
    MeasureState.DONE: N_("Исполнено"),
    MeasureState.DONE_LATE: N_("Исполнено с нарушением срока"),
    MeasureState.CANCELLED: N_("Снято с плана"),
}

# For columns: at most 19 letters, where even that is too much at most 15.
SHORT_STATES: Final = {
    MeasureState.PLANNED: N_("Запланировано"),
    MeasureState.IN_PROGRESS: N_("В работе"),
    MeasureState.OVERDUE: N_("Просрочено {days} дн."),
    MeasureState.DONE: N_("Исполнено"),
    MeasureState.DONE_LATE: N_("Исполнено с наруш."),
    MeasureState.CANCELLED: N_("Снято с плана"),
}
SHORTEST_STATES: Final = {
    **SHORT_STATES,
    MeasureState.OVERDUE: N_("Проср. {days} дн."),
    MeasureState.DONE_LATE: N_("Исп. с наруш."),
}

CHECKPOINT_STATES: Final = {
    CheckpointState.UPCOMING: N_("предстоит"),
    CheckpointState.DUE: N_("срок в этом квартале"),
    CheckpointState.OVERDUE: N_("просрочено"),
    CheckpointState.RECORDED: N_("отмечено в срок"),
    CheckpointState.RECORDED_LATE: N_("отмечено с опозданием"),
    CheckpointState.CANCELLED: N_("снято с плана"),
}


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs that a terminal can draw.

    Attributes:
        states: By the state of a checkpoint. Readable without colour: no two states share a sign.
        not_in_term: For a quarter that is not in the term.
        mark: For a row that is marked.
        shared: Before the number of the row whose text is shared.
        moved: Before a term that has been postponed.
    """

    states: Mapping[CheckpointState, str]
    not_in_term: str
    mark: str
    shared: str
    moved: str


UNICODE_SIGNS: Final = Signs(
    states={
        CheckpointState.RECORDED: "✓",
        CheckpointState.RECORDED_LATE: "✓!",
        CheckpointState.OVERDUE: "✗",
        CheckpointState.DUE: "●",
        CheckpointState.UPCOMING: "○",
        CheckpointState.CANCELLED: "—",
    },
    not_in_term="·",
    mark="◆",
    shared="↑",
    moved="→",
)

# The Linux console's fonts lack the signs above.
ASCII_SIGNS: Final = Signs(
    states={
        CheckpointState.RECORDED: "+",
        CheckpointState.RECORDED_LATE: "+!",
        CheckpointState.OVERDUE: "x",
        CheckpointState.DUE: "*",
        CheckpointState.UPCOMING: "o",
        CheckpointState.CANCELLED: "-",
    },
    not_in_term=".",
    mark="*",
    shared="^",
    moved=">",
)


def signs_for(choice: str, environ: Mapping[str, str], encoding: str) -> Signs:
    """Return the signs to use.

    Args:
        choice: ``unicode``, ``ascii``, or ``auto`` to go by the terminal.
        environ: The environment; ``TERM`` says whether this is the Linux console.
        encoding: Of the terminal.
    """
    if choice == AUTO:
        poor = environ.get("TERM") == "linux" or "utf" not in encoding.lower()
        choice = ASCII if poor else UNICODE
    return ASCII_SIGNS if choice == ASCII else UNICODE_SIGNS


def state_label(status: Status) -> str:
    """Return a measure's state in words, with the days for an overdue one."""
    if status.state is MeasureState.OVERDUE:
        return _("Просрочено на {days} дн.").format(days=status.days_overdue)
    return _(MEASURE_STATES[status.state])


def short_state(status: Status, *, shortest: bool = False) -> str:
    """Return a measure's state in few letters, with the days for an overdue one.

    Args:
        status: The measure.
        shortest: At most 15 letters; otherwise at most 19.
    """
    words = SHORTEST_STATES if shortest else SHORT_STATES
    return _(words[status.state]).format(days=status.days_overdue)
