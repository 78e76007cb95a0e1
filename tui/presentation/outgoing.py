"""What a sync would send, in lines for a confirmation."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from kvartal.history.sync.outgoing import Outgoing

_MOST: Final = 8
"""So many commits have a line each; how many more there are is said."""


def outgoing_lines(outgoing: "Outgoing") -> Iterator[str]:
    """Yield what would be sent, a line each; subjects and names are data."""
    if outgoing.commits:
        yield _("Изменений: {count}, в ветку «{branch}».").format(
            count=len(outgoing.commits), branch=outgoing.branch
        )
    yield from (f"  {subject}" for _commit, subject in outgoing.commits[:_MOST])
    if len(outgoing.commits) > _MOST:
        yield _("  … и ещё {count}").format(count=len(outgoing.commits) - _MOST)
    if outgoing.tags:
        yield _("Метки проверки: {names}.").format(names=", ".join(outgoing.tags))
