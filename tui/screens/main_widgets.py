"""The widgets around the table of the main screen, and what its actions depend on.

Imported and mounted after the first paint.
"""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from kvartal.schema.model import Plan
from kvartal.schema.states import Status
from kvartal.tui.actions.action import ActionContext
from kvartal.tui.actions.registry import key_of
from kvartal.tui.i18n import _
from kvartal.tui.marks import Marks
from kvartal.tui.plans.earlier_values import EarlierProgrammes
from kvartal.tui.presentation import evidence
from kvartal.tui.presentation.labels import Signs
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.session import Session
from kvartal.tui.view import Overview, View
from kvartal.tui.widgets.card_view import CardView
from kvartal.tui.widgets.filter_line import FilterLine, FilterText
from kvartal.tui.widgets.key_line import KeyLine
from kvartal.tui.widgets.message_line import MessageLine
from kvartal.tui.widgets.section_tree import SectionTree

if TYPE_CHECKING:
    from kvartal.history.store.evidence_watch import EvidenceReport
    from kvartal.tui.presentation.repo_notice import RepoNotice


class MainWidgets:
    """The widgets around the table.

    Attributes:
        tree: Sections and channels.
        filter_line: The filter in words.
        card: Everything about the chosen measure.
        keys: The line of keys.
        message: What was done, or why not.
        banner: What is wrong with file, repository and evidence files.
        nothing: Why the table is empty, in its place.
    """

    def __init__(self, signs: Signs) -> None:
        """Make the widgets; the screen binds them to its values.

        Args:
            signs: How states are drawn.
        """
        self.tree = SectionTree(id="tree")
        self.filter_line = FilterLine(id="filter")
        self.card = CardView(signs, id="card")
        self.earlier = EarlierProgrammes()
        self.keys = KeyLine(id="keys")
        self.message = MessageLine(id="message")
        self.banner = Static(id="banner", markup=False)
        self.nothing = Static(id="nothing", markup=False)

    async def mount(self, screen: Screen[None]) -> None:
        """Mount each in its place on the main screen."""
        await screen.query_one("#body").mount(self.tree, before=0)
        await screen.query_one("#work").mount(self.filter_line, before=0)
        await screen.query_one("#work").mount(self.card)
        await screen.query_one("#sheet").mount(self.nothing)
        await screen.mount(self.banner, after="#top")
        await screen.mount(self.keys, self.message)

    def warn(self, notice: "RepoNotice | None", report: "EvidenceReport | None") -> None:
        """Say in the banner what is wrong with file, repository and evidence files."""
        about_evidence = evidence.warning(report, key_of("problems"), key_of("repair"))
        warnings = (*(notice.warnings if notice else ()), *filter(None, (about_evidence,)))
        self.banner.display = bool(warnings)
        self.banner.update(Content(shown("\n".join(warnings), lines=True)))

    def show_emptiness(self, view: View, *, can_add: bool) -> None:
        """Say why the table is empty, if it is; and, where one can, how to add a measure."""
        empty = not (view.open_checkpoints or view.gaps if view.urgent else view.shown)
        self.nothing.display = empty
        if empty:
            self.nothing.update(Content(_why_empty(view, can_add=can_add)))

    def show_card(self, session: Session, status: Status | None, plan: Plan) -> None:
        """Show the card of a measure with its last changes; None where nothing is chosen."""
        from kvartal.tui.presentation.card import earlier_items
        from kvartal.tui.presentation.history import last_changes

        version = session.opened_version
        commits = version.commits if version else session.recent_commits
        history = last_changes(commits, status.measure.id) if status else ()
        # What is on the disk is today's, not that of the version on the screen.
        report = None if version else session.evidence
        if status is not None and status.measure.carried_from:
            earlier = self.earlier.values(session.programme.path, status.measure)
            history = (*earlier_items(*earlier, status.measure), *history)
        self.card.show_measure(status, plan, history, report)

    def restyle(self) -> None:
        """Draw again with the colours of the current theme."""
        self.card.restyle()
        for widget in (self.tree, self.keys, self.filter_line.query_one(FilterText)):
            widget.tones.forget()
            widget.refresh()


def _why_empty(view: View, *, can_add: bool) -> str:
    if not view.overview.plan.measures and can_add:
        template = _(
            "Мероприятий ещё нет.\n\n{add} — добавить мероприятие\n{structure} — разделы и каналы\n"
            "{document} — взять из документа"
        )
        keys = {name: key_of(name) for name in ("add", "structure")}
        return template.format(**keys, document=key_of("import"))
    if view.is_empty_place and can_add:
        template = _("Мероприятий не запланировано. {key} — добавить мероприятие")
        return template.format(key=key_of("add"))
    if view.is_empty_place:
        return _("Мероприятий не запланировано")
    if view.shown and view.urgent:
        return _("Ничего не просрочено, в этом квартале сроков нет")
    template = _("Под отбор ничего не подходит. {key} — сбросить отбор")
    return template.format(key=key_of("back"))


def action_context(
    session: Session,
    overview: Overview | None,
    chosen: Status | None,
    marks: Marks,
    view: View | None,
) -> ActionContext:
    """Return what decides which actions can be done now.

    Args:
        session: The session.
        overview: The programme as of the date on the screen.
        chosen: The measure under the cursor; None where the table is empty.
        marks: The marked rows.
        view: What the table shows.
    """
    notice, version = session.repo_notice, session.opened_version
    today_read_only_reason = notice.read_only_reason if notice else ""
    report = session.evidence
    can_restore = report is not None and any(report.codes.values())
    return ActionContext(
        chosen=chosen,
        marked=_marked(overview, marks),
        marked_checkpoints=marks.checkpoints,
        filtered=bool(view and view.filter),
        read_only_reason=version.refusal(key_of("back")) if version else today_read_only_reason,
        saving=session.saving,
        can_repair=not version and (can_restore or bool(notice and notice.can_repair)),
        problems=(len(notice.problems) if notice else 0) + (len(report.problems) if report else 0),
        evidence=evidence.all_well(report),
        earlier_version=version is not None,
        today_read_only_reason=today_read_only_reason,
        compared=notice is not None,
        has_sections=bool(overview and overview.plan.sections),
        has_many_periods=bool(overview and overview.has_many_periods),
        levels=overview.plan.levels if overview else (),
        has_responsible=bool(overview and overview.has_responsible),
    )


def _marked(overview: Overview | None, marks: Marks) -> tuple[Status, ...]:
    if overview is None or not marks:
        return ()
    measures = marks.measures
    return tuple(one for one in overview.statuses if one.measure.id in measures)
