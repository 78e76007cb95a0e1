"""What a sync would send, in lines for a confirmation."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from kvartal.history.sync.outgoing import Outgoing, OutgoingCommit

_MOST: Final = 8
"""So many commits have a line each; how many more there are is said."""


def outgoing_lines(outgoing: "Outgoing") -> Iterator[str]:
    """Yield what would be sent, a line each; subjects and names are data.

    Where commits of several programmes go, each names its own.
    """
    if outgoing.commits:
        yield _("Изменений: {count}, в ветку «{branch}».").format(
            count=len(outgoing.commits), branch=outgoing.branch
        )
    has_several = len({plan for one in outgoing.commits for plan in one.plans}) > 1
    for one in outgoing.commits[:_MOST]:
        yield f"  {_named(one) if has_several else one.subject}"
    if len(outgoing.commits) > _MOST:
        yield _("  … и ещё {count}").format(count=len(outgoing.commits) - _MOST)
    if outgoing.tags:
        yield _("Метки проверки: {names}.").format(names=", ".join(outgoing.tags))


def _named(one: "OutgoingCommit") -> str:
    """Return what a commit says, after the plan files that it changes."""
    return ": ".join(filter(None, (", ".join(one.plans), one.subject)))
