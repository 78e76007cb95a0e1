"""Why a file cannot be attached: one class a reason."""

from kvartal.schema.errors import N_, KvartalError


class AttachmentMissing(KvartalError):
    """The file does not exist."""

    template = N_("Файла «{path}» нет. Проверьте путь.")


class AttachmentIsLink(AttachmentMissing):
    """It is an address, where a file is wanted."""

    template = N_(
        "«{link}» — адрес, а не файл. Укажите его как ссылку (`--link`; в форме — поле «Ссылки») "
        "или скачайте файл и приложите его."
    )


class AttachmentNotAFile(KvartalError):
    """It is a folder, a device or a pipe."""

    template = N_("«{path}» — не файл. Укажите файл; папку сначала упакуйте в архив.")


class AttachmentOfSystem(KvartalError):
    """The system makes up its content whenever it is read, as under ``/proc`` and ``/sys``."""

    template = N_(
        "«{path}» — не файл на диске: его содержимое создаёт система. Сохраните нужное в обычный "
        "файл и приложите его."
    )


class AttachmentOfGit(KvartalError):
    """It is, or is a link to, a file of git or of this program inside the git directory."""

    template = N_(
        "«{path}» — служебный файл git ({real}): подтверждать он ничего не может. Укажите документ."
    )


class AttachmentIsPlan(KvartalError):
    """It is a plan file of the folder that the evidence would be kept in."""

    template = N_(
        "«{path}» — файл самой программы: подтверждать исполнение он не может. Укажите документ."
    )


class AttachmentUnreadable(KvartalError):
    """There is no right to read the file, or the disk fails."""

    template = N_("Файл «{path}» не читается. Ответ системы: {words}")


class AttachmentEmpty(KvartalError):
    """The file has no content, so it proves nothing."""

    template = N_("Файл «{path}» пуст: подтверждать нечем. Приложите файл с содержимым.")


class AttachmentTooLarge(KvartalError):
    """The file is too large to be kept in the history for good."""

    template = N_(
        "Файл «{path}» больше {limit} МБ. Уменьшите его (архив, меньшее разрешение) "
        "или дайте ссылку на него."
    )
