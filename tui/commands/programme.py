"""The programmes that a command works on: which files the options name, and what a crash left.

Commands read through `kvartal.history.programme`, as the screen does; what they save goes through
`kvartal.tui.commands.saving`.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from kvartal.history.programme import Programme
from kvartal.schema.errors import EXIT_USAGE, N_, KvartalError
from kvartal.schema.model import Plan
from kvartal.tui.commands import output
from kvartal.tui.commands.params import CommonOptions
from kvartal.tui.commands.wrapping import print_text
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import _
from kvartal.tui.plans.files import all_plans, copies_in, names_elsewhere, no_files_in
from kvartal.tui.plans.names import copies_sentence, display_name, linked_plan, no_files_sentence
from kvartal.tui.plans.path import (
    VARIABLE,
    PlanElsewhere,
    PlanNotFound,
    PlanOnlyCommitted,
    PlanSelection,
    find_plans,
    open_plan,
)


class Named(Protocol):
    """A programme, or what a command does with one."""

    @property
    def name(self) -> str:
        """What answers and refusals call the programme."""


_NamedT = TypeVar("_NamedT", bound=Named)


class SeveralPlansNamed(KvartalError):
    """A command that works on one programme was given several."""

    template = N_("Эта команда работает с одной программой, а названо несколько: {plans}.")
    exit_code = EXIT_USAGE


class SeveralPlansHold(KvartalError):
    """Nobody said which of several programmes is meant."""

    template = N_("На эту дату программ несколько: {plans}. Скажите, какая: kvartal --plan ПУТЬ.")


def selected_plans(options: CommonOptions) -> PlanSelection:
    """Return the plan files that a command which only reads is about; name the copies beside them.

    Raises:
        PlanElsewhere: There is none, but other folders of the repository have some.
        KvartalError: There is none; see `find_plans`.
    """
    here = Path.cwd()
    try:
        selection = find_plans(options.plans, here, os.environ, options.chosen_day)
    except PlanOnlyCommitted:
        raise
    except PlanNotFound:
        # Only where nothing is found: the folders of a large repository are many.
        if elsewhere := names_elsewhere(here):
            raise PlanElsewhere(folder=here, plans=elsewhere) from None
        raise
    warn_of_copies(selection)
    warn_of_no_files(selection)
    if selection.is_choice and len(selection.paths) == 1:
        options.programme = display_name(selection.paths[0])
    return selection


def every_plan(options: CommonOptions) -> PlanSelection:
    """Return every plan file of the repository, unless the user names some.

    Copies are named; whoever asks says what becomes of that which is no file.

    Raises:
        KvartalError: There is none; see `find_plans`.
    """
    plans = () if options.plans or os.environ.get(VARIABLE) else all_plans(Path.cwd())
    if not plans:
        return selected_plans(options)
    folders = {path.parent for path in plans}
    copies = tuple(one for folder in sorted(folders) for one in copies_in(folder))
    no_files = tuple(one for folder in sorted(folders) for one in no_files_in(folder))
    selection = PlanSelection(plans, is_choice=len(plans) > 1, copies=copies, no_files=no_files)
    warn_of_copies(selection)
    return selection


def warn_of_copies(selection: PlanSelection) -> None:
    """Name the copies of plans that were not taken for plans."""
    if selection.copies:
        print_stderr(f"kvartal: {copies_sentence(selection.copies)}")


def warn_of_no_files(selection: PlanSelection) -> None:
    """Name what has the name of a plan and was not read, since it is no file."""
    if selection.no_files:
        print_stderr(f"kvartal: {no_files_sentence(selection.no_files)}")


def selected_plan(options: CommonOptions) -> PlanSelection:
    """Return the one plan file that a command is about.

    Raises:
        SeveralPlansNamed, SeveralPlansHold: There are several.
        KvartalError: There is none; see `find_plans`.
    """
    selection = selected_plans(options)
    if len(selection.paths) > 1:
        names = ", ".join(map(display_name, selection.paths))
        raise (SeveralPlansNamed if selection.is_named else SeveralPlansHold)(plans=names)
    return selection


def plan_path(options: CommonOptions) -> Path:
    """Return the plan file that a command is about.

    Raises:
        KvartalError: There is none, or there are several.
    """
    return selected_plan(options).paths[0]


def selected_programme(options: CommonOptions) -> Programme:
    """Return the programme that a command is about; nothing is read yet.

    Raises:
        KvartalError: There is none, or there are several.
    """
    return open_plan(plan_path(options))


def programme_to_read(options: CommonOptions) -> Programme:
    """Return the programme that a command only reads; what a crash left is put right before.

    Raises:
        KvartalError: There is none, or there are several.
    """
    programme = selected_programme(options)
    recover_to_read(programme)
    return programme


def programmes_to_read(options: CommonOptions) -> tuple[tuple[Programme, ...], PlanSelection]:
    """Return the programmes that a command only reads; what a crash left is put right before.

    Raises:
        KvartalError: There is none.
    """
    selection = selected_plans(options)
    programmes = tuple(map(open_plan, selection.paths))
    for programme in in_turn(programmes, options):
        recover_to_read(programme)
    return programmes, selection


def repository_programme(options: CommonOptions) -> Programme:
    """Return the programme that leads to the repository, for a command about all of the repository.

    Any of those that hold the date leads there; of several that the user named none is chosen.

    Raises:
        KvartalError: There is none, or several are named.
    """
    selection = selected_plans(options)
    if selection.is_named and len(selection.paths) > 1:
        raise SeveralPlansNamed(plans=", ".join(map(display_name, selection.paths)))
    options.programme = ""
    return open_plan(selection.paths[0])


def in_turn(items: Sequence[_NamedT], options: CommonOptions) -> Iterator[_NamedT]:
    """Yield programmes, or what a command does with each.

    Where there are several, what fails at one of them is about that one.
    """
    before = options.programme
    for item in items:
        if len(items) > 1:
            options.programme = item.name
        yield item
    options.programme = before


def of_programme(text: str, options: CommonOptions) -> str:
    """Return the line of an answer; where there are several programmes, it names the one."""
    if not options.programme:
        return text
    return _("{plan}: {text}").format(plan=options.programme, text=text)


def recover_to_read(programme: Programme) -> None:
    """Finish or withdraw what a crash interrupted; where that fails, report what is unfinished.

    A writer that is at work at this moment is not waited for: what it does is no crash.
    """
    work = programme.unfinished_work()
    if work is None:
        return
    from kvartal.history.store.errors import LedgerBusy

    try:
        recover(programme, timeout=0, to_read=True)
    except LedgerBusy:
        return
    except KvartalError as error:
        template = _("Прерванный обмен не закончен, показано то, что в файле. {reason}")
        if work.subject is not None:
            template = _("Прерванное сохранение «{subject}» не закончено. {reason}")
        if work.subject is not None and not work.subject.strip():
            template = _("Прерванное сохранение не закончено. {reason}")
        text = template.format(subject=work.subject, reason=error.message(_))
        print_stderr(f"kvartal: {text}")


def report_link(plan: Path, codes: Iterable[str]) -> None:
    """Say that a plan is a link, where that may be why its evidence was not found.

    Args:
        plan: The plan file.
        codes: The codes of what was found.
    """
    linked = linked_plan(plan) if "evidence-missing" in codes else None
    if linked is not None:
        print_stderr(f"kvartal: {linked.message(_)}")


def recover(programme: Programme, timeout: float | None = None, *, to_read: bool = False) -> None:
    """Finish or withdraw a change that a crash interrupted, and report which.

    Args:
        programme: The programme.
        timeout: How many seconds to wait for another writer; None for the usual time.
        to_read: It is only for reading.
    """
    from kvartal.tui.presentation.repo_notice import recovery_sentence

    recovered = programme.recover(timeout, to_read=to_read)
    sentence = recovery_sentence(recovered) if recovered else ""
    if sentence:
        print_stderr(f"kvartal: {sentence}")


def print_heading(programme: Programme, plan: Plan | None, *, is_first: bool) -> None:
    """Print which programme follows, where there are several.

    Args:
        programme: The programme.
        plan: Its facts; None where it cannot be read.
        is_first: Nothing was printed before.
    """
    if not is_first:
        output.raw("")
    known = () if plan is None else (plan.header("organization"), plan.years_text)
    text = " · ".join(part for part in (*known, programme.name) if part)
    print_text(text, output.BOLD)
