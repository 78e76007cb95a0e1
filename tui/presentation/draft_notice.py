"""What is said at the start of what was typed when the program was ended, and was not saved."""

from collections.abc import Collection, Iterator, Sequence

from kvartal.tui.form_drafts import FormDraft
from kvartal.tui.i18n import _
from kvartal.tui.presentation.history import moment


def draft_notice(drafts: Sequence[FormDraft], measures: Collection[str]) -> str:
    """Return what there is and how to get at it; empty for nothing.

    Args:
        drafts: Those of the programme, the newest first.
        measures: Ids of its measures.
    """
    lost = [one for one in drafts if not {*one.key.measures} <= {*measures}]
    return " ".join([*_to_open([one for one in drafts if one not in lost]), *map(_to_read, lost)])


def _to_open(drafts: Sequence[FormDraft]) -> Iterator[str]:
    if drafts:
        newest = drafts[0]
        when = moment(newest.moment.isoformat(), zone=False)
        template = _(
            "Осталось несохранённое: «{title}», {moment}. Откройте ту же форму: она предложит его."
        )
        if len(drafts) > 1:
            template = _(
                "Осталось несохранённое: «{title}», {moment}, и ещё {count}. Откройте те же формы: "
                "они предложат его."
            )
        yield template.format(title=newest.title, moment=when, count=len(drafts) - 1)


def _to_read(draft: FormDraft) -> str:
    template = _(
        "Осталось несохранённое: «{title}», но мероприятия больше нет. Текст — в файле «{path}»; "
        "ненужный удалите."
    )
    return template.format(title=draft.title, path=draft.path)
