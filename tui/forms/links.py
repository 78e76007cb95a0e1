"""The field for addresses given as evidence."""

import re
from typing import Final

from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import LongInput
from kvartal.tui.i18n import _

_LINK: Final = re.compile(r"https?://\S+")


class NotALink(KvartalError):
    """An address does not say that it is one."""

    template = N_("«{text}» — не ссылка: она начинается с https:// или http://.")


class LinksField(FormField):
    """Addresses, one a line."""

    def __init__(self) -> None:
        super().__init__(
            "links",
            _("Ссылки"),
            LongInput(),
            hint=_("По одной в строке, например: https://сайт.рф/новость."),
            check=lambda _text: self.links(),
        )

    def links(self) -> tuple[str, ...]:
        """Return the addresses, each once.

        Raises:
            NotALink: One of them is none.
        """
        found = tuple(dict.fromkeys(self.typed.split()))
        for one in found:
            if not _LINK.fullmatch(one):
                raise NotALink(text=one)
        return found
