"""Why a source document could not be read: one class a reason, each with what to do about it.

The field `name` is the file's name, shown literally.
"""

from kvartal.schema.errors import N_, KvartalError


class DocumentError(KvartalError):
    """A source document could not be read."""


class DocumentUnreadable(DocumentError):
    """The operating system does not give the file."""

    template = N_("Файл «{name}» не прочитан: {reason}.")


class UnknownFormat(DocumentError):
    """The content is of no format that can be read."""

    template = N_(
        "Формат файла «{name}» не распознан. Читаются DOCX, XLSX, ODT, ODS, CSV, TSV, HTML и "
        "текст, а RTF, DOC и XLS — через LibreOffice. Откройте файл в той программе, которой он "
        "сделан, и сохраните как DOCX или XLSX."
    )


class DataNoDocument(DocumentError):
    """The file is data for programs: an export as JSON, the file of a programme."""

    template = N_(
        "Файл «{name}» — данные ({format}), а не документ: таблицы в нём нет. Программу из своей "
        "выгрузки возьмите в DOCX, XLSX, HTML, CSV или Markdown; файл YAML уже и есть программа: "
        "откройте его, `kvartal --plan ПУТЬ`."
    )


class EmptyDocument(DocumentError):
    """The file has no content."""

    template = N_("Файл «{name}» пуст: читать в нём нечего.")


class DocumentProtected(DocumentError):
    """The document is encrypted."""

    template = N_(
        "Файл «{name}» защищён паролем. Откройте его, снимите пароль (Файл → Сведения → Защита) "
        "и сохраните заново."
    )


class DocumentDamaged(DocumentError):
    """The content is not what its format demands."""

    template = N_(
        "Файл «{name}» повреждён: {reason}. Откройте его в Word, Excel или LibreOffice, сохраните "
        "заново и повторите."
    )


class DocumentTooLarge(DocumentError):
    """The document, or a part of it, is larger than a document of its kind ever is."""

    template = N_("Файл «{name}» не прочитан: {what} больше допустимого ({limit}).")


class DocumentWithEntities(DocumentError):
    """The document defines XML entities, which no office program writes."""

    template = N_(
        "Файл «{name}» не прочитан: в нём объявлены сущности XML (DOCTYPE), а офисные программы "
        "их не пишут. Такой файл может быть опасен. Получите документ заново."
    )


class ReadingTooSlow(DocumentError):
    """Reading took longer than it may."""

    template = N_(
        "Файл «{name}» не прочитан за {seconds} с, чтение остановлено. Разделите документ на "
        "части или сохраните его заново."
    )


class ReadingTooHeavy(DocumentError):
    """Reading wants more memory than it may have."""

    template = N_(
        "Файл «{name}» не прочитан: для него не хватило памяти. Разделите документ на части или "
        "сохраните его заново."
    )


class DocumentReadingStopped(DocumentError):
    """Reading was stopped on request."""

    template = N_("Чтение файла «{name}» остановлено.")


class ReadingFailed(DocumentError):
    """The reading process ended without an answer."""

    template = N_(
        "Файл «{name}» не прочитан: чтение прервалось ({reason}). Откройте файл в той программе, "
        "которой он сделан, сохраните заново и повторите."
    )


class OfficeLibraryMissing(DocumentError):
    """A library that reads the format is not installed."""

    template = N_(
        "Файл «{name}» не прочитан: для документов Word, Excel, LibreOffice и HTML нужна "
        "библиотека {library}. Установить: `pip install 'kvartal[office]'`."
    )


class ConverterMissing(DocumentError):
    """The format is read through LibreOffice, which is not installed."""

    template = N_(
        "Файл «{name}» в формате {format}: его читает LibreOffice, а здесь она не найдена. "
        "Откройте файл и сохраните как {target} («Файл → Сохранить как»), затем импортируйте его."
    )


class ConversionFailed(DocumentError):
    """LibreOffice did not convert the file."""

    template = N_(
        "LibreOffice не смогла прочитать «{name}» ({format}). Возможно, файл повреждён или "
        "защищён паролем. Откройте его сами и сохраните как {target}."
    )
