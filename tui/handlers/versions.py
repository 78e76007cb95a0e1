"""Deeds with earlier versions: to open one, to leave it, to compare it and to restore from it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from kvartal.schema.errors import KvartalError
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import short_message
from kvartal.tui.presentation.history import restoration_lines
from kvartal.tui.work import start

if TYPE_CHECKING:
    from kvartal.history.log.restore import RestorablePart
    from kvartal.tui.app import KvartalApp
    from kvartal.tui.presentation.history import OpenedVersion
    from kvartal.tui.screens.main import MainScreen


class VersionHandlers:
    """A method ``do_<id>`` for each action of :mod:`kvartal.tui.actions.registry_versions`."""

    screen: "MainScreen"
    """The main screen."""

    def do_at_date(self) -> None:
        """Ask which version to open."""
        start(self.screen, self._ask_which, "past-dialog")

    def do_today(self) -> None:
        """Show today's programme again."""
        self.screen.kvartal.archive.close()

    def do_compare(self) -> None:
        """Show what changed in the chosen measure since the version on the screen."""
        if self.screen.row is not None:
            self._compare(self.screen.row.measure)

    def do_compare_all(self) -> None:
        """Show what changed in the programme since the version on the screen."""
        self._compare("")

    def do_restore(self) -> None:
        """Show what restoring the chosen measure would change, and ask."""
        screen, past = self.screen, self.screen.kvartal.past
        if past is not None and screen.row is not None:
            kvartal = screen.kvartal
            work = partial(
                ask_to_restore,
                kvartal,
                past,
                screen.row.measure,
                refuse=partial(kvartal.say, trouble=True),
                done=partial(kvartal.archive.close, screen.row.measure),
            )
            start(screen, work, "past-dialog")

    def _compare(self, measure: str) -> None:
        from kvartal.tui.screens.version_diff import VersionDiffScreen

        past, row = self.screen.kvartal.past, self.screen.row
        if past is not None:
            beside = row.measure if row else ""
            self.screen.app.push_screen(VersionDiffScreen(past, measure, beside))

    async def _ask_which(self) -> None:
        from kvartal.tui.dialogs.open_version import OpenVersionDialog

        kvartal = self.screen.kvartal
        if kvartal.snapshot is None:
            return
        try:
            tags = await kvartal.archive.tags()
        except KvartalError as error:
            kvartal.say(short_message(error), trouble=True)
            return
        year = kvartal.snapshot.plan.year
        dialog = OpenVersionDialog(year, kvartal.today(), tags, open_=kvartal.archive.open)
        await kvartal.push_screen(dialog)


async def ask_to_restore(  # noqa: PLR0913 - what to bring back, and whom to tell
    kvartal: "KvartalApp",
    past: "OpenedVersion",
    measure: str,
    part: "RestorablePart | None" = None,
    *,
    refuse: Callable[[str], None],
    done: Callable[[], None],
) -> None:
    """Show what restoring would change, and do it when the answer is yes.

    Args:
        kvartal: The application.
        past: The earlier version.
        measure: Id of the measure; empty for what belongs to the programme as a whole.
        part: The part of it; None for all of it.
        refuse: Called with the sentence, where there is nothing that could be done.
        done: Called once it is kept.
    """
    from kvartal.tui.forms.confirm import ConfirmDialog

    try:
        found = await kvartal.archive.restoration(
            past.version, measure, part.wanted if part else None
        )
    except KvartalError as error:
        refuse(short_message(error))
        return

    def answered(yes: bool | None) -> None:  # noqa: FBT001 - the result of a screen
        if yes:
            done()

    whole = _("Восстановить мероприятие {measure} таким, каким оно было на {when}?")
    one = _("Восстановить в мероприятии {measure} то, что было на {when}?")
    if not measure:
        whole = _("Восстановить всё, что вне мероприятий, таким, каким оно было на {when}?")
        one = _("Восстановить то, что было на {when}?")
    dialog = ConfirmDialog(
        (one if part else whole).format(measure=measure, when=past.when),
        list(restoration_lines(found)),
        accept=_("Да, восстановить"),
        leave=_("Оставить как есть"),
        title=_("Восстановление"),
        act=partial(kvartal.take_back, found),
        harmless=True,
    )
    kvartal.push_screen(dialog, answered)
