"""The top of the screen: organization and programme, the date of the states, the main figures."""

from rich.text import Text
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from kvartal.schema.errors import N_
from kvartal.schema.summaries import share_text
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cells import Cell
from kvartal.tui.presentation.elide import CUT, beginning
from kvartal.tui.presentation.formats import day, short_quarter_name
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.view import Overview
from kvartal.tui.widgets.tones import Tones

_GAP = 3
_LONGEST = 60
_SHORTEST = 10
_BETWEEN = " · "
_QUARTER_SHORT = N_("до конца {roman} кв. {days} дн.")


class TopLine(Widget):
    """One line where there is room, else two."""

    overview: reactive[Overview | None] = reactive(None, layout=True)
    """The programme as of a date."""
    pinned: reactive[bool] = reactive(False)
    """Whether the date was chosen and does not follow the calendar."""

    def __init__(self, file: str = "", *, id: str | None = None) -> None:
        """Make an empty line.

        Args:
            file: What its file is called, where that tells it from other programmes.
            id: Id of the widget.
        """
        super().__init__(id=id)
        self._file = file
        self.tones = Tones(self)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines are needed."""
        del container, viewport
        return 1 if self._fits(width) else 2

    def render(self) -> Text:
        """Draw the line or the two."""
        left, right = self._programme(), self._figures()
        width = self.content_size.width
        if self._fits(width):
            left.append(" " * (width - left.cell_len - right.cell_len))
            return left.append_text(right)
        left = self._programme(width)
        left.truncate(width, overflow="ellipsis")
        # A figure that is cut off says nothing: the end of the quarter is the first to go.
        shorter = (self._figures(template) for template in ("", _QUARTER_SHORT, None))
        right = next((one for one in shorter if one.cell_len <= width), right)
        right.truncate(width, overflow="ellipsis")
        return Text("\n").join([left, right])

    def _fits(self, width: int) -> bool:
        return self._programme().cell_len + _GAP + self._figures().cell_len <= width

    def _programme(self, width: int | None = None) -> Text:
        """Return organization, years, code and file; the years are within a width, if any."""
        if self.overview is None:
            return Text()
        plan = self.overview.plan
        years = _("Программа {year}").format(year=plan.years_text.replace("-", "–"))
        room = _LONGEST if width is None else width - len(f"{_BETWEEN}{years}{CUT}")
        longest = max(_SHORTEST, min(_LONGEST, room))
        parts = [shown(beginning(plan.header("organization"), longest)), years]
        parts += [shown(beginning(text, _LONGEST)) for text in (plan.header("code"), self._file)]
        return self.tones.line(Cell(_BETWEEN.join(part for part in parts if part), "title"))

    def _figures(self, quarter_text: str | None = "") -> Text:
        """Return the figures.

        Args:
            quarter_text: How the end of the quarter is put; empty for in full, None for not at all.
        """
        if self.overview is None:
            return Text()
        as_of, total = self.overview.as_of, self.overview.progress[None]
        date = _("на {date}") if self.pinned else _("сегодня {date}")
        cells = [Cell(date.format(date=day(as_of)), "accent" if self.pinned else "")]
        overdue = _("просрочено {count}").format(count=total.overdue)
        cells.append(Cell(overdue, "overdue" if total.overdue else "muted"))
        running = self.overview.running_quarter
        if running is not None and quarter_text is not None:
            quarter, days = running
            template = _(quarter_text or N_("до конца {roman} квартала {days} дн."))
            text = template.format(roman=short_quarter_name(quarter.number), days=days)
            cells.append(Cell(text, "muted"))
        text = _("дисциплина {percent}").format(percent=share_text(total.discipline))
        cells.append(Cell(text, "muted"))
        apart = [part for cell in cells for part in (Cell(" · ", "muted"), cell)]
        return self.tones.line(*apart[1:])
