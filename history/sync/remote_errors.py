"""Why a remote cannot be used: one class per reason, each with a sentence on what to do.

Output of git, of a hook or of a server is in the fields as it came; whoever shows a sentence has to
sanitize it.
"""

from kvartal.schema.errors import N_, KvartalError


class NoRemote(KvartalError):
    """The repository has no remote."""

    template = N_(
        "Делиться не с кем: в репозитории не указан общий. Добавьте его: "
        "`git remote add origin адрес`, потом повторите `kvartal sync`."
    )


class SeveralRemotes(KvartalError):
    """There are several remotes, and nothing says which one is meant."""

    template = N_(
        "Общих репозиториев несколько: {names}. Назовите нужный: `kvartal sync --remote имя`."
    )

    def __init__(self, remotes: tuple[str, ...]) -> None:
        """Name the remotes.

        Args:
            remotes: Their names.
        """
        super().__init__(names=", ".join(remotes))
        self.remotes = remotes


class UnknownRemote(KvartalError):
    """The repository has no remote of the given name."""

    template = N_(
        "Общего репозитория «{name}» здесь не знают. Известны: {names}. "
        "Добавить новый: `git remote add {name} адрес`."
    )


class RemoteUnreachable(KvartalError):
    """Nothing answers at the remote's address."""

    template = N_(
        "Общий репозиторий «{remote}» не отвечает. Проверьте сеть и повторите; ваши изменения "
        "сохранены здесь. Ответ: {words}"
    )


class RemoteBrokeOff(KvartalError):
    """The connection ended before a whole answer had come."""

    template = N_(
        "Связь с общим репозиторием «{remote}» оборвалась: ответа не было или он пришёл не "
        "целиком. Проверьте сеть и повторите; ваши изменения сохранены здесь. Ответ: {words}"
    )


class RemoteHttpError(KvartalError):
    """The server answers, with an error of its own."""

    template = N_(
        "Сервер общего репозитория «{remote}» ответил ошибкой HTTP {status}: причину знают там, "
        "где он работает. Ваши изменения сохранены здесь; повторите позже. Ответ: {words}"
    )


class RemoteNotGit(KvartalError):
    """What answers at the remote's address does not speak git's language."""

    template = N_(
        "По адресу «{url}» отвечает не git, а что-то другое: например, страница входа в сеть. "
        "Проверьте сеть и адрес (`git remote -v`) и повторите; ваши изменения сохранены здесь. "
        "Ответ: {words}"
    )


class CorruptRefTarget(KvartalError):
    """Git before 2.41 refuses to fetch because of a broken ref, even when told to ignore it."""

    template = N_(
        "Обмену мешает ссылка git «{ref}»: объект, на который она указывает, повреждён, и из-за "
        "него git до версии 2.41 ничего не получает. Что с ней, покажет `git fsck`. Обновите git "
        "или, если объект не вернуть, удалите ссылку, `git update-ref -d {ref}`, и повторите "
        "`kvartal sync`."
    )


class BrokenTrackingRef(KvartalError):
    """The file of the ref that a fetch has to write holds no hash: git does not write over it."""

    template = N_(
        "Ссылка git «{ref}» повреждена: в её файле не то, что пишет git. Удалите файл "
        "«.git/{ref}» и повторите `kvartal sync`: она будет получена заново. Ваши изменения "
        "сохранены здесь."
    )


class TrackingRefIsFolder(KvartalError):
    """Where a fetch has to write the ref there is a folder with files, and git leaves them."""

    template = N_(
        "На месте ссылки git «{ref}» лежит папка с файлами, и git её не заменяет. Удалите папку "
        "«.git/{ref}» и повторите `kvartal sync`: ссылка будет получена заново. Ваши изменения "
        "сохранены здесь."
    )


class RemoteSilent(KvartalError):
    """The remote accepted the connection and then sent nothing for too long."""

    template = N_(
        "За {seconds} с git не получил от общего репозитория «{remote}» ничего, что понял бы: тот "
        "молчит или отвечает не то. Ничего не тронуто, ваши изменения сохранены здесь. Проверьте "
        "сеть и адрес (`git remote -v`) и повторите `kvartal sync`."
    )


class PushSilent(RemoteSilent):
    """The remote stopped answering during a push."""

    template = N_(
        "При отправке за {seconds} с git не получил от общего репозитория «{remote}» ничего, что "
        "понял бы. Здесь всё сохранено; дошли ли ваши изменения туда, покажет следующий обмен: "
        "повторите `kvartal sync`."
    )


class PushUnknown(KvartalError):
    """A push has failed in a way after which the remote may have moved its branch, or may not."""

    template = N_(
        "Отправка в «{remote}» не удалась, и спросить, дошли ли изменения, нельзя. Здесь всё "
        "сохранено; дошли ли они туда, покажет следующий обмен: повторите `kvartal sync`. "
        "Ответ: {words}"
    )


class RemoteAccessDenied(KvartalError):
    """The remote denies access."""

    template = N_(
        "Общий репозиторий «{remote}» не впускает: нет входа или права. Проверьте имя, ключ или "
        "пароль; в терминале их можно ввести: `kvartal sync`. Ответ: {words}"
    )


class RemoteNotFound(KvartalError):
    """There is no repository at the remote's address, or none that this user may see."""

    template = N_(
        "По адресу «{url}» нет репозитория git, или вам его не показывают. Исправьте адрес, "
        "`git remote set-url {remote} адрес`, или попросите доступ. Ответ: {words}"
    )


class RemoteDamaged(KvartalError):
    """There is a repository at the remote's address, and git there cannot read it."""

    template = N_(
        "Общий репозиторий «{remote}» ({url}) на месте, но git его не читает: он повреждён или "
        "создан более новым git. Исправить его надо там, где он лежит: что повреждено, покажет в "
        "нём `git fsck`; верните его из копии или заведите новый (`git init --bare`) и пошлите "
        "туда историю отсюда. Ваши изменения сохранены здесь. Ответ: {words}"
    )


class TransportMissing(KvartalError):
    """The program through which git reaches the remote, such as ssh, cannot be started."""

    template = N_(
        "Не запускается программа «{program}», через которую git обращается к «{remote}». "
        "Установите её или исправьте настройку (`git config core.sshCommand`). Ваши изменения "
        "сохранены здесь. Ответ: {words}"
    )


class RemoteFailed(KvartalError):
    """A fetch or a push failed for a reason that has no class."""

    template = N_(
        "Обмен с «{remote}» ({url}) не удался: git {command} не выполнен, а почему, сказано в его "
        "ответе. Ваши изменения сохранены здесь. Ответ: {words}"
    )


class PushHookRefused(KvartalError):
    """A ``pre-push`` hook of this repository stopped the push."""

    template = N_(
        "Проверка перед отправкой (hook pre-push) не пропустила изменения. Они сохранены здесь, "
        "но не отправлены. Её ответ: {words}"
    )


class RemoteRefused(KvartalError):
    """The server rejected the push, by a hook or a rule."""

    template = N_(
        "«{remote}» не принял изменения в ветку «{branch}»: {reason}. Они сохранены здесь, "
        "но не отправлены. Ответ: {words}"
    )


class RemoteLocked(RemoteRefused):
    """A lock file stands in the repository that is pushed to, and nobody there removes it."""

    template = N_(
        "В «{remote}» занято: там стоит файл «{lock}», его оставила команда git, которая ещё "
        "работает или была прервана. Изменения сохранены здесь, но не отправлены. Если git там "
        "никто не запускал, удалите этот файл (или попросите того, у кого он лежит) и повторите."
    )


class RemoteDiskRefused(RemoteRefused):
    """The remote cannot write what was pushed."""

    template = N_(
        "«{remote}» не может записать отправленное: {reason}. Это надо исправить там, где лежит "
        "общий репозиторий. Изменения сохранены здесь, но не отправлены: повторите потом. "
        "Ответ: {words}"
    )


class ShallowPushRefused(RemoteRefused):
    """The remote does not take commits of a clone that has only the end of the history."""

    template = N_(
        "«{remote}» не принимает изменения из неполной копии (shallow). Они сохранены здесь, но не "
        "отправлены. Получите историю целиком (`git fetch --unshallow`) и повторите."
    )


class BranchProtected(RemoteRefused):
    """The branch is protected at the server."""

    template = N_(
        "Ветка «{branch}» в «{remote}» защищена от прямой отправки. Изменения сохранены здесь. "
        "Попросите право у владельца или предложите их своей веткой. Ответ: {words}"
    )


class RemoteCheckedOut(RemoteRefused):
    """The branch is checked out in the repository that is pushed to."""

    template = N_(
        "«{remote}» — чья-то рабочая копия, и ветка «{branch}» в ней открыта: git не меняет её "
        "под рукой. Нужен репозиторий без рабочих файлов: `git clone --bare`. Ответ: {words}"
    )


class PushGoesElsewhere(RemoteRefused):
    """The remote has commits that it does not hand out: it fetches and pushes different places."""

    template = N_(
        "«{remote}» отвечает на отправку, что в ветке «{branch}» есть новое, а получить его не "
        "даёт. Изменения сохранены здесь, но не отправлены. Похоже, получает и отправляет git по "
        "разным адресам: `git remote -v` покажет их."
    )


class RemoteKeepsChanging(KvartalError):
    """Somebody else pushed between fetch and push, at each attempt."""

    template = N_(
        "В «{remote}» всё время успевают сохранить раньше. Ваши изменения сохранены здесь: "
        "повторите чуть позже."
    )
