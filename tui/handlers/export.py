"""The action that writes a document, a report, an agenda or a review to a file."""

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kvartal.schema.errors import KvartalError
from kvartal.tui.handlers.base import HandlerGroup
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import short_message
from kvartal.tui.presentation.screen_words import on_screen

if TYPE_CHECKING:
    from kvartal.exchange.export_progress import ExportWatch
    from kvartal.exchange.export_request import ExportRequest
    from kvartal.exchange.exports import Export
    from kvartal.tui.screens.export import ExportChoice, ExportForm, ExportTarget


class ExportHandlers(HandlerGroup):
    """The method ``do_export``."""

    def do_export(self) -> None:
        """Ask what to export, and in which format; show it, ask for the file and write it."""
        from kvartal.tui.screens.export import ExportFormats, ExportKinds

        session = self.session
        if session.snapshot is None:
            return

        def picked(choice: "ExportChoice | None") -> None:
            if choice is not None:
                session.push_screen(ExportFormats(choice.kind), partial(in_format, choice))

        def in_format(choice: "ExportChoice", form: "ExportForm | None") -> None:
            if form is not None:
                session.start_worker(partial(self._prepare, choice, form), "export")

        session.push_screen(ExportKinds(session.snapshot.plan, session.as_of), picked)

    async def _prepare(self, choice: "ExportChoice", form: "ExportForm") -> None:
        from kvartal.exchange.export_progress import ExportStopped
        from kvartal.exchange.export_request import ExportRequest
        from kvartal.tui.screens.export import ExportPreview
        from kvartal.tui.screens.export_waiting import ExportWaiting

        session = self.session
        request = ExportRequest(
            choice.kind,
            form.name,
            session.as_of,
            choice.period,
            with_hidden=form.with_hidden,
            is_of_today=not session.pinned,
        )
        waiting = ExportWaiting()
        await session.push_screen(waiting)
        try:
            text, exported = await asyncio.to_thread(self._exported, request, waiting.export_watch)
        except ExportStopped as error:
            session.say(error.message(on_screen))
            return
        except KvartalError as error:
            session.say(short_message(error), trouble=True)
            return
        finally:
            waiting.close()
        if waiting.is_stopped:
            session.say(ExportStopped().message(_))
            return
        plan = session.programme.path.resolve()

        def chosen(target: "ExportTarget | None") -> None:
            if target is not None:
                session.start_worker(partial(self._write, exported, target), "export")

        session.push_screen(ExportPreview(text, Path(exported.name), plan), chosen)

    def _exported(self, request: "ExportRequest", watch: "ExportWatch") -> "tuple[str, Export]":
        from kvartal.exchange.exports import export, report_of, written
        from kvartal.exchange.writers.text_writer import write_text

        programme = self.session.programme
        if request.form == "ics":
            exported = export(programme, request, watch)
            return write_text(report_of(programme, request, watch)), exported
        report = report_of(programme, request, watch)
        return write_text(report), written(programme, report, request, watch)

    async def _write(self, exported: "Export", target: "ExportTarget") -> None:
        from kvartal.tui.commands.output_file import write_output
        from kvartal.tui.desktop import open_file

        session = self.session
        plan = session.programme.path.resolve()
        file = Path.cwd() / target.path
        work = partial(write_output, file, exported.data, plan=plan, force=target.replaced)
        try:
            await asyncio.to_thread(work)
        except KvartalError as error:
            session.say(short_message(error), trouble=True)
            return
        text = _("Записано: {name}. Папка: {folder}").format(name=file.name, folder=file.parent)
        is_trouble = bool(exported.warnings)
        if target.opened:
            try:
                await asyncio.to_thread(open_file, file)
            except KvartalError as error:
                text, is_trouble = short_message(error), True
        left = " ".join(one.message(on_screen) for one in exported.warnings)
        session.say(f"{text}. {left}" if left else text, trouble=is_trouble)
