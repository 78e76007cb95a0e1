"""What was typed into a form that could not be asked: the program was ended by a signal or a bug.

Kept in the user's own folder, not beside the plan: a text that is not saved concerns nobody else,
no archive of the programme takes it along or brings somebody else's in, and it has a place where
there is no repository. It is bound to the plan file and to what the form was about.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from kvartal.history.store.private_files import is_own_folder, read_own, write_own
from kvartal.schema.errors import N_, KvartalError

MOST_BYTES: Final = 4 << 20
"""The largest draft."""
MOST_READ: Final = 100
"""How many drafts of a plan are looked at, the newest ones."""

_SUFFIX: Final = ".json"


class DraftNotKept(KvartalError):
    """What was typed could not be kept."""

    template = N_("Набранное в форме «{title}» не сохранено, и отложить его не удалось: {reason}.")


class DraftTooLong(DraftNotKept):
    """What was typed is longer than what is read again."""

    template = N_("Набранное в форме «{title}» не сохранено и слишком длинно, чтобы отложить его.")


@dataclass(frozen=True, slots=True)
class DraftKey:
    """What a form is about.

    Attributes:
        place: The plan file; a folder where a programme is only begun.
        form: Name of the class of the form.
        measures: Ids of the measures; none for a form about something else.
        part: What else it is about.
    """

    place: Path
    form: str
    measures: tuple[str, ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True)
class DraftText:
    """What was typed into a field.

    Attributes:
        typed: The text of the field.
        initial: What the field held before anything was typed.
        line: What was typed in words, with the label of the field.
    """

    typed: str
    initial: str
    line: str


@dataclass(frozen=True, slots=True)
class FormDraft:
    """What was typed into a form.

    Attributes:
        key: What the form is about.
        title: Its title.
        moment: When the program ended.
        texts: What was typed, by the keys of the fields.
        path: The file; None where it is not kept yet.
    """

    key: DraftKey
    title: str
    moment: datetime
    texts: Mapping[str, DraftText]
    path: Path | None = None


def drafts_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the drafts, which need not be there.

    Args:
        environ: ``KVARTAL_DRAFTS`` names a different folder.
    """
    if environ.get("KVARTAL_DRAFTS"):
        return Path(environ["KVARTAL_DRAFTS"])
    from platformdirs import user_state_path

    return user_state_path("kvartal", appauthor=False) / "drafts"


def keep_draft(draft: FormDraft) -> Path:
    """Keep a draft in a file of its own, which only the user can read; return the file.

    Raises:
        DraftNotKept: It cannot be written.
    """
    content = json.dumps(_plain(draft), ensure_ascii=True).encode()
    if len(content) > MOST_BYTES:
        raise DraftTooLong(title=draft.title)
    folder = drafts_folder()
    path = folder / f"{_prefix(draft.key.place)}{secrets.token_hex(8)}{_SUFFIX}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not is_own_folder(folder):
            raise PermissionError(13, os.strerror(13), str(folder))
        write_own(path, content, durably=True)
    except (OSError, ValueError) as error:
        from kvartal.history.system_errors import system_reason

        with suppress(OSError, ValueError):
            path.unlink(missing_ok=True)
        raise DraftNotKept(title=draft.title, reason=system_reason(error)) from error
    return path


def drafts_at(place: Path) -> list[FormDraft]:
    """Return the drafts of a plan, the newest first; what cannot be read is none.

    Args:
        place: The plan file, or the folder where a programme was begun.
    """
    folder = drafts_folder()
    if not is_own_folder(folder):
        return []
    found = [draft for path in _newest(folder, place) for draft in _read(path, place)]
    return sorted(found, key=lambda draft: draft.moment, reverse=True)


def delete_draft(path: Path) -> None:
    """Delete a draft; where that is refused it is offered again."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _newest(folder: Path, place: Path) -> list[Path]:
    prefix = _prefix(place)
    try:
        with os.scandir(folder) as entries:
            ours = [
                (entry.stat(follow_symlinks=False).st_mtime_ns, Path(entry.path))
                for entry in entries
                if entry.name.startswith(prefix) and entry.name.endswith(_SUFFIX)
            ]
    except OSError:
        return []
    return [path for _modified, path in sorted(ours, reverse=True)[:MOST_READ]]


def _prefix(place: Path) -> str:
    name = os.fsencode(os.path.realpath(place))
    return f"{hashlib.sha256(name).hexdigest()[:16]}-"


def _plain(draft: FormDraft) -> dict[str, object]:
    return {
        "form": draft.key.form,
        "measures": list(draft.key.measures),
        "part": draft.key.part,
        "title": draft.title,
        "moment": draft.moment.isoformat(),
        "texts": {key: [text.typed, text.initial, text.line] for key, text in draft.texts.items()},
    }


def _read(path: Path, place: Path) -> Iterator[FormDraft]:
    content = read_own(path, MOST_BYTES)
    try:
        plain = json.loads(content or b"")
        moment = datetime.fromisoformat(plain["moment"]).astimezone()
        form, part, title = (_text(plain[name]) for name in ("form", "part", "title"))
        measures = tuple(map(_text, plain["measures"]))
        texts = {key: DraftText(*map(_text, values)) for key, values in plain["texts"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return
    yield FormDraft(DraftKey(place, form, measures, part), title, moment, texts, path)


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON
    if not isinstance(value, str):
        raise TypeError(value)
    return value
