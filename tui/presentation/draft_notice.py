"""What is said at the start of what was typed when the program was ended, and was not saved."""

from collections.abc import Sequence

from kvartal.tui.form_drafts import FormDraft
from kvartal.tui.i18n import _
from kvartal.tui.presentation.history import moment


def draft_notice(drafts: Sequence[FormDraft], key: str) -> str:
    """Return what there is and how to get at it; empty for nothing.

    Args:
        drafts: Those of the programme, the newest first.
        key: What shows them.
    """
    if not drafts:
        return ""
    template = _(
        "Осталось несохранённое: «{title}», {moment}. Прочитать — {key}; вернёт его та же форма, "
        "если она ещё открывается."
    )
    if len(drafts) > 1:
        template = _(
            "Осталось несохранённое: «{title}», {moment}, и ещё {count}. Прочитать — {key}; вернут "
            "его те же формы, если они ещё открываются."
        )
    when = moment(drafts[0].moment.isoformat(), zone=False)
    return template.format(title=drafts[0].title, moment=when, count=len(drafts) - 1, key=key)
