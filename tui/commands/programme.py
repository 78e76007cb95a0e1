"""Opening the programme that a command is about: the file, its data and its model."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kvartal.history.store.snapshot import look
from kvartal.schema.changes import PlanData, UnknownMeasure
from kvartal.schema.errors import N_
from kvartal.schema.model import Measure, Plan
from kvartal.tui.absent import located_plan
from kvartal.tui.commands.click_classes import near_to
from kvartal.tui.commands.params import CommonOptions, today


class NoSuchMeasure(UnknownMeasure):
    """No measure has this id, but others have one that looks like it."""

    template = N_("Мероприятия «{measure}» нет в программе. Может быть, {near}?")


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme as its file holds it now.

    Attributes:
        path: The file.
        data: Its plain data.
        plan: The same as a model.
        as_of: The date asked about.
    """

    path: Path
    data: PlanData
    plan: Plan
    as_of: date


def plan_path(asked: CommonOptions) -> Path:
    """Return the plan file that a command is about.

    Raises:
        NoPlan, PlanMissing, NoPlanInFolder: There is none; PlanGone and NamedPlanGone are of these.
    """
    return located_plan(asked.plan, Path.cwd(), os.environ, today())


def open_programme(asked: CommonOptions) -> Programme:
    """Return the programme, read without a look at git or the schema.

    Raises:
        NoPlan, PlanMissing, NoPlanInFolder: There is no plan file.
        UnreadablePlan, InvalidPlan: It is not a programme; says what is wrong with it, and where.
    """
    path = plan_path(asked)
    snapshot = look(path, display_name(path))
    return Programme(path, snapshot.data, snapshot.plan, asked.day(snapshot.plan))


def display_name(path: Path) -> str:
    """Return a path as messages give it: from the current folder where that is shorter."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def measure_named(plan: Plan, name: str) -> Measure:
    """Return a measure by its id as typed.

    Raises:
        UnknownMeasure: There is none; names those that look like it, if any.
    """
    found = plan.by_id.get(name.strip())
    if found is not None:
        return found
    near = near_to(name, plan.by_id)
    if near:
        raise NoSuchMeasure(measure=name, near=near)
    raise UnknownMeasure(measure=name)
