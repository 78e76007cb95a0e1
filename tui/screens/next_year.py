"""Next year's programme: a list of the measures with a choice for each, before anything is written.

The list is what `kvartal new-year` would carry over; it is begun with F2 and opened.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from kvartal.schema.errors import KvartalError
from kvartal.schema.next_year import Candidate, candidates, next_programme, numbers_anew
from kvartal.tui.actions.registry import key_of
from kvartal.tui.creation.next_year import begin_next, next_path
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import short_message
from kvartal.tui.presentation.measure_numbers import number_text
from kvartal.tui.presentation.next_year import CandidateChoice
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from kvartal.history.git.identity import Identity
    from kvartal.history.programme import Programme
    from kvartal.history.store.snapshot import Snapshot
    from kvartal.schema.measure import Term


class NextYearScreen(Screen[Path | None]):
    """The measures with what becomes of each; the result is the file of the new programme."""

    DEFAULT_CSS = """
    NextYearScreen {
        background: $background;

        & .next-title { height: 1; padding: 0 1; background: $panel; text-style: bold; }
        & OptionList, & OptionList:focus {
            height: 1fr;
            border: none;
            padding: 0 1;
            text-wrap: nowrap;
            text-overflow: ellipsis;
            background: $background;
            background-tint: $foreground 0%;
            scrollbar-size-vertical: 1;
        }
        & .next-details { height: auto; min-height: 2; max-height: 4; padding: 0 1; }
        & .next-details { color: $text-muted; }
        & .next-details.-error { color: $text-error; }
        & .next-keys { height: auto; padding: 0 1; background: $panel; color: $text-muted; }
    }
    """

    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,Q,й,Й", "leave", show=False),
        Binding("space", "turn", show=False),
        Binding("p,P,з,З", "term", show=False),
        Binding("n,N,т,Т", "renumber", show=False),
        Binding("f2", "accept", show=False),
    ]

    def __init__(
        self, programme: "Programme", snapshot: "Snapshot", as_of: date, source: str
    ) -> None:
        """Offer the measures of a programme.

        Args:
            programme: The programme that is continued.
            snapshot: What it is now.
            as_of: What is known of it.
            source: Its path from the root of the repository.
        """
        super().__init__()
        self._programme = programme
        self._snapshot = snapshot
        self._source = source
        self._period = snapshot.plan.period.following
        self._candidates = candidates(snapshot.plan, self._period, as_of)
        self._carried = {one.measure.id for one in self._candidates if one.is_carried}
        self._reasons: dict[str, str] = {}
        self._terms: dict[str, Term] = {}
        self._is_renumbered = False

    def compose(self) -> ComposeResult:
        """Yield title, list, details and keys."""
        yield Static(classes="next-title", markup=False)
        yield OptionList()
        yield Static(classes="next-details", markup=False)
        keys = _(
            "Пробел — перенести   {term} — срок   {next} — номера   F2 — создать   Esc — отмена"
        )
        keys = keys.format(term=key_of("postpone"), next=key_of("next_year"))
        yield Static(keys, classes="next-keys", markup=False)

    def on_mount(self) -> None:
        """Show the list."""
        self._fill()

    def on_resize(self) -> None:
        """Lay the lines out for the new width."""
        self._fill()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the measure under the cursor."""
        event.stop()
        self._show_details()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Carry over or not, as Space does."""
        event.stop()
        self.action_turn()

    def action_turn(self) -> None:
        """Carry the measure over, or do not; ask why one that goes on is dropped."""
        from kvartal.tui.dialogs.next_year import DropDialog

        candidate = self._chosen
        if candidate is None:
            return
        name = candidate.measure.id

        def dropped(reason: str | None) -> None:
            if reason is not None:
                self._reasons[name] = reason
                self._carried.discard(name)
                self._fill()

        if name not in self._carried:
            self._carried.add(name)
            self._reasons.pop(name, None)
        elif candidate.is_carried:
            self.app.push_screen(DropDialog(candidate.measure), dropped)
        else:
            self._carried.discard(name)
        self._fill()

    def action_term(self) -> None:
        """Ask for the term in the new programme."""
        from kvartal.tui.dialogs.next_year import NextTermDialog

        candidate = self._chosen
        if candidate is None:
            return
        name = candidate.measure.id

        def typed(term: "Term | None") -> None:
            if term is not None:
                self._terms[name] = term
                self._carried.add(name)
                self._reasons.pop(name, None)
                self._fill()

        plan = replace(self._snapshot.plan, period=self._period, year=self._period.year)
        term = self._terms.get(name, candidate.term)
        dialog = NextTermDialog(candidate.measure, term, plan)
        self.app.push_screen(dialog, typed)

    def action_renumber(self) -> None:
        """Let the numbers begin anew, or keep them."""
        self._is_renumbered = not self._is_renumbered
        self._fill()

    def action_accept(self) -> None:
        """Begin the programme as chosen."""
        self._begin()

    def action_leave(self) -> None:
        """Leave; nothing was written."""
        self.dismiss(None)

    @work(exclusive=True)
    async def _begin(self, identity: "Identity | None" = None) -> None:
        from kvartal.history.store.new_plan import NoIdentityYet

        chosen = [one for one in self._candidates if one.measure.id in self._carried]
        terms = {name: term for name, term in self._terms.items() if name in self._carried}
        unclear = next((one for one in chosen if self._term(one) is None), None)
        if unclear is not None:
            self._ask_term(unclear)
            return
        self.say(_("Сохраняется…"))
        try:
            data = next_programme(
                self._snapshot.data,
                chosen,
                period=self._period,
                source=self._source,
                terms=terms,
                renumbered=self._is_renumbered,
            )
            begun = await asyncio.to_thread(
                begin_next,
                self._programme,
                self._snapshot,
                data,
                self._period,
                self._reasons,
                identity,
            )
        except NoIdentityYet:
            self._ask_author()
        except KvartalError as error:
            self.say(short_message(error), trouble=True)
        else:
            self.dismiss(begun.path)

    def _ask_author(self) -> None:
        """Ask in whose name to save, and begin the programme in that name."""
        from kvartal.history.git.identity import Identity
        from kvartal.tui.dialogs.identity import IdentityDialog

        typed: list[Identity] = []

        async def keep(identity: Identity) -> None:
            typed.append(identity)

        def signed(accepted: object) -> None:
            if accepted and typed:
                self._begin(typed[-1])

        self._show_details()
        self.app.push_screen(IdentityDialog(Identity("", ""), keep), signed)

    @property
    def _chosen(self) -> Candidate | None:
        index = self.query_one(OptionList).highlighted
        return None if index is None else self._candidates[index]

    def _ask_term(self, candidate: Candidate) -> None:
        """Go to a measure whose term is not clear, and say how to go on."""
        self.query_one(OptionList).highlighted = self._candidates.index(candidate)
        sentence = _(
            "{measure}: срок на новый год не ясен. {term} — набрать, {turn} — не переносить."
        )
        keys = {"term": key_of("postpone"), "turn": key_of("mark")}
        self.call_after_refresh(
            self.say,
            sentence.format(measure=number_text(candidate.measure), **keys),
            trouble=True,
        )

    def _term(self, candidate: Candidate) -> "Term | None":
        return self._terms.get(candidate.measure.id, candidate.term)

    def _fill(self) -> None:
        lines = self.query_one(OptionList)
        at = lines.highlighted or 0
        with self.prevent(OptionList.OptionHighlighted):
            lines.clear_options()
            numbers = self._numbers()
            lines.add_options(
                Option(self._choice(one, numbers).line(self.size.width)) for one in self._candidates
            )
            lines.highlighted = at if self._candidates else None
        title = _("Программа {file}: переносится {count} из {all}").format(
            file=next_path(self._programme.path, self._period).name,
            count=len(self._carried),
            all=len(self._candidates),
        )
        title += _(" · номера заново") if self._is_renumbered else _(" · номера прежние")
        self.query_one(".next-title", Static).update(Content(shown(title)))
        self._show_details()

    def _numbers(self) -> dict[str, str]:
        """Return the numbers that begin anew, by id; none where they stay."""
        if not self._is_renumbered:
            return {}
        measures = (one.measure for one in self._candidates if one.measure.id in self._carried)
        return numbers_anew(
            {
                "id": one.id,
                "channel": one.channel or "",
                "section": one.section or "",
                "number": one.number,
            }
            for one in measures
        )

    def _choice(self, candidate: Candidate, numbers: Mapping[str, str]) -> CandidateChoice:
        name = candidate.measure.id
        return CandidateChoice(
            candidate,
            name in self._carried,
            self._term(candidate),
            self._reasons.get(name, ""),
            numbers.get(name, ""),
        )

    def _show_details(self) -> None:
        candidate = self._chosen
        if candidate is None:
            self.say(_("Переносить нечего. F2 — создать программу без мероприятий."))
        else:
            self.say(self._choice(candidate, self._numbers()).details())

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Say it where the line under the cursor is explained. See `SpeakingScreen`."""
        line = self.query_one(".next-details", Static)
        line.set_class(trouble, "-error")
        line.update(Content(shown(sentence)))
