"""The tree on the left: sections of any depth and channels, with the progress of each."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text
from textual.message import Message
from textual.reactive import var
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from kvartal.schema.summaries import Progress
from kvartal.tui.i18n import _
from kvartal.tui.places import Place
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.view import Overview
from kvartal.tui.widgets.tones import Tones

if TYPE_CHECKING:
    from kvartal.schema.model import Section

INDENT: Final = 2
SHORT_WORD: Final = 8
"""A last word shorter than this is kept whole: titles differ by it."""


class SectionTree(Tree[Place | None]):
    """Sections and channels; a node's data is None for the whole programme."""

    overview: var[Overview | None] = var(None, init=False)
    """The programme as of a date."""

    class Chosen(Message):
        """A different section or channel was chosen."""

        def __init__(self, tree: "SectionTree", place: Place | None) -> None:
            super().__init__()
            self.tree = tree
            self.place = place

        @property
        def control(self) -> "SectionTree":
            """The tree."""
            return self.tree

    class Left(Message):
        """A node was confirmed: the focus goes on to the table."""

    def __init__(self, *, id: str | None = None) -> None:
        """Make a tree without nodes.

        Args:
            id: Id of the widget.
        """
        super().__init__("", data=None, id=id)
        self.show_root = False
        self.guide_depth = INDENT
        self.show_guides = False
        self.auto_expand = False
        self._sections: tuple[Section, ...] = ()
        self._has_bare_sections = False
        self._chosen: Place | None = None
        self.tones = Tones(self)

    def choose(self, place: Place | None) -> None:
        """Put the cursor on a section or channel, or on the whole programme."""
        for node in self._below(self.root):
            if node.data == place:
                self.move_cursor(node)
                self._chosen = place
                return

    def watch_overview(self, overview: Overview | None) -> None:
        """Draw the new figures; the nodes stay as long as the sections do."""
        if overview is None:
            return
        if overview.plan.sections != self._sections:
            self._sections = overview.plan.sections
            sections = overview.plan.all_sections.values()
            self._has_bare_sections = not all(one.channels or one.sections for one in sections)
            self._add_nodes()
        for node in self._below(self.root):
            # The tree caches the line of a node, which holds the figures.
            node.refresh()

    def on_tree_node_highlighted(self, event: Tree.NodeHighlighted[Place | None]) -> None:
        """Post that the cursor moved to a different node."""
        event.stop()
        place = event.node.data
        if place != self._chosen:
            self._chosen = place
            self.post_message(self.Chosen(self, place))

    def on_tree_node_selected(self, event: Tree.NodeSelected[Place | None]) -> None:
        """Go on to the table."""
        event.stop()
        self.post_message(self.Left())

    def render_label(self, node: TreeNode[Place | None], base_style: Style, style: Style) -> Text:
        """Return a node's line: its number and title on the left, its figures on the right."""
        depth = _depth(node)
        figures = self._figures(node.data)
        arrow = ("▾ " if node.is_expanded else "▸ ") if node.allow_expand else ""
        if not arrow and self._has_bare_sections and node.data:
            arrow = "  "  # Else a place would seem to be beside the section above it.
        room = self.scrollable_content_region.width - depth * INDENT - cell_len(figures.plain) - 1
        title = shortened_middle(str(node.label), max(4, room - cell_len(arrow)))
        line = Text(set_cell_size(arrow + title, max(4, room)) + " ", base_style + style)
        figures.stylize_before(base_style + style)
        return line.append_text(figures)

    def get_label_width(self, node: TreeNode[Place | None]) -> int:
        """Return the least width: a line is cut to the room there is, never scrolled."""
        del node
        return 1

    def _figures(self, place: Place | None) -> Text:
        progress = self.overview.progress.get(place) if self.overview else None
        if progress is None or not progress.measures:
            return Text("–", self.tones["muted"])
        return Text(figures(progress), "" if progress.done else self.tones["muted"])

    def _add_nodes(self) -> None:
        chosen = self.cursor_node.data if self.cursor_node else None
        with self.prevent(Tree.NodeHighlighted):
            self.root.remove_children()
            self.root.add_leaf(Text(_("Все мероприятия")), None)
            for section in self._sections:
                self._add_section(self.root, section)
            self.root.expand()
        self.choose(chosen)

    def _add_section(self, above: TreeNode[Place | None], section: "Section") -> None:
        label = Text(shown(f"{section.number} {section.title}"))
        place = Place(section=section.number)
        if not section.channels and not section.sections:
            above.add_leaf(label, place)
            return
        node = above.add(label, place, expand=True)
        for channel in section.channels:
            title = Text(shown(f"{channel.number} {channel.title}"))
            node.add_leaf(title, Place(channel=channel.number))
        for below in section.sections:
            self._add_section(node, below)

    def _below(self, node: TreeNode[Place | None]) -> Iterator[TreeNode[Place | None]]:
        for child in node.children:
            yield child
            yield from self._below(child)


def _depth(node: TreeNode[Place | None]) -> int:
    """Return how many nodes a node is below; 0 at the top."""
    depth, above = 0, node.parent
    while above is not None and above.parent is not None:
        depth, above = depth + 1, above.parent
    return depth


def figures(progress: Progress) -> str:
    """Return how many measures are done, of how many."""
    return f"{progress.done} / {progress.measures}"


def shortened_middle(text: str, width: int) -> str:
    """Return a text cut to a width in its middle: titles differ at their ends (… В2В, … В2С)."""
    if cell_len(text) <= width:
        return text
    last = text.rpartition(" ")[2]
    tail = len(last) + 1 if len(last) < SHORT_WORD else SHORT_WORD - 2
    tail = max(1, min(tail, width // 3))
    return set_cell_size(text, width - tail - 1).rstrip() + "…" + text[-tail:]
