"""What is damaged in a repository, one class a part: objects, packs, refs, branches."""

from kvartal.history.git.errors import GitFailed
from kvartal.schema.errors import N_


class HistoryDamaged(GitFailed):
    """Objects of the history are corrupt: a disk failure or a power cut."""

    template = N_(
        "История в репозитории повреждена, git её не читает. Скопируйте папку программы целиком, "
        "потом восстановите историю из копии или с сервера (`git clone`). Что повреждено, покажет "
        "`git fsck`. Ответ git: {words}."
    )


class ObjectUnread(HistoryDamaged):
    """Git cannot read an object, and does not say whether it is lost or corrupt."""

    template = N_(
        "Объект {words} в хранилище git не прочесть: он пропал или повреждён. Скопируйте папку "
        "программы целиком, потом восстановите историю из копии или с сервера (`git clone`). Что с "
        "ним, покажет `git fsck`."
    )


class PackDamaged(HistoryDamaged):
    """A file that holds many objects, or lists what such a file holds, is damaged."""

    template = N_(
        "Файл git «{words}», в котором лежат объекты истории, повреждён. Скопируйте папку "
        "программы целиком, потом верните этот файл из копии или восстановите историю с сервера "
        "(`git clone`). Что повреждено, покажет `git fsck`."
    )


class PackListDamaged(HistoryDamaged):
    """The list of what a pack holds is gone or damaged: git makes it again from the pack."""

    template = N_(
        "Список объектов истории в файле «{words}» (рядом с ним, на «.idx») пропал или не "
        "читается. Сам файл может быть цел. Скопируйте папку программы целиком и составьте список "
        'заново: `git index-pack "{words}"`.'
    )


class BorrowedObjectsMissing(HistoryDamaged):
    """The clone borrows objects from another folder, which is not there."""

    template = N_(
        "Часть истории эта копия берёт из папки «{words}», а её нет на месте: она переименована, "
        "удалена или её диск не подключён. Верните её или впишите, где она теперь, в файл "
        "«.git/objects/info/alternates»."
    )


class ObjectLost(ObjectUnread):
    """An object of the history is not in this clone, which should have it."""

    template = N_(
        "Объект {words} в хранилище git не находится: история повреждена. Скопируйте папку "
        "программы целиком, потом восстановите историю из копии или с сервера (`git clone`). Что "
        "пропало, покажет `git fsck`."
    )


class BranchLost(HistoryDamaged):
    """The file of the branch is gone; what git wrote of its commits is still there."""

    template = N_(
        "Ссылка git на ветку «{branch}» пропала, а история у ветки была: последним в ней было "
        "изменение {commit}. Скопируйте папку программы целиком, потом верните ссылку: "
        "`git update-ref refs/heads/{branch} {commit}`."
    )


class BranchUnreadable(HistoryDamaged):
    """The file of the branch at HEAD does not hold the hash of a commit."""

    template = N_(
        "Ссылка git на ветку «{branch}» повреждена: в файле «.git/refs/heads/{branch}» не то, что "
        "пишет git. Скопируйте папку программы целиком, найдите последнее изменение ветки (в файле "
        "«.git/logs/refs/heads/{branch}» или командой `git fsck`), удалите "
        "испорченный файл и верните ссылку: `git update-ref refs/heads/{branch} <изменение>`."
    )


class HeadUnreadable(HistoryDamaged):
    """The file HEAD does not name a branch or a commit."""

    template = N_(
        "Служебный файл git «{words}» пропал или повреждён: в нём записано, какая ветка открыта. "
        "Сама история может быть цела. Скопируйте папку программы целиком, потом впишите в этот "
        "файл одну строку: «ref: refs/heads/» и имя ветки."
    )


class BranchBlocked(HistoryDamaged):
    """A folder with something in it stands where the file of the branch was."""

    template = N_(
        "На месте ссылки git на ветку «{branch}» лежит папка с файлами, «{words}», а последним в "
        "ветке было изменение {commit}. Скопируйте папку программы целиком, уберите оттуда эту "
        "папку и верните ссылку: `git update-ref refs/heads/{branch} {commit}`."
    )


class BranchNotAtCommit(HistoryDamaged):
    """The branch names an annotated tag; git reads it as the tag's commit, and writes nothing."""

    template = N_(
        "Ссылка git на ветку «{branch}» указывает не на изменение, а на метку; читать историю это "
        "не мешает, а записать в неё git не даёт. Поставьте ветку на само изменение: "
        "`git update-ref refs/heads/{branch} {commit}`."
    )


class ShallowFileDamaged(HistoryDamaged):
    """What says where a shallow clone ends is a folder, or holds no hashes."""

    template = N_(
        "Служебный файл git «{words}» испорчен: в нём записано, где кончается неполная копия "
        "(shallow). Если копия полная, переименуйте его. Если неполная, получите её заново "
        "(`git clone`)."
    )


class BranchLikelyLost(HistoryDamaged):
    """The branch has no commit as git sees it, and nothing tells where it was; but it had some."""

    template = N_(
        "Для git ветка «{branch}» пуста, а в хранилище изменения этой папки есть, последнее по "
        "дате — {commit}: видимо, ссылка на ветку пропала. Скопируйте папку программы целиком, "
        "посмотрите, то ли это изменение (`git log {commit}`), и верните ссылку: "
        "`git update-ref refs/heads/{branch} {commit}`. Если ветку нарочно начинают заново, "
        "первое изменение в ней сделайте сами: `git commit --allow-empty`."
    )


class HistoryOnOtherBranch(BranchLikelyLost):
    """The branch has no commit; another one leads to the newest commit that is stored."""

    template = N_(
        "Для git ветка «{branch}» пуста, а история этой папки есть в ветке «{other}», последнее по "
        "дате — {commit}. Перейдите на неё: `git switch {other}`. Если же пропала ссылка на ветку "
        "«{branch}», скопируйте папку программы целиком и верните её: "
        "`git update-ref refs/heads/{branch} {commit}`. Если ветку нарочно начинают заново, "
        "первое изменение в ней сделайте сами: `git commit --allow-empty`."
    )


class FirstCommitUnnamed(HistoryDamaged):
    """The branch has no commit; one that begins the history of the folder is stored."""

    template = N_(
        "Для git ветка «{branch}» пуста, а в хранилище есть изменение, с которого история этой "
        "папки начинается, {commit}: либо начать её не успели, либо ссылка на ветку пропала. "
        "Посмотрите, то ли это изменение (`git log {commit}`), и поставьте на него ветку: "
        "`git update-ref refs/heads/{branch} {commit}`."
    )


class HistoryOutside(BranchLikelyLost):
    """The repository is empty and lies inside another one, which has the history of the folder."""

    template = N_(
        "Репозиторий в папке «{folder}» пуст и лежит внутри другого, «{outer}», в котором история "
        "этой папки есть. Если внутренний завели по ошибке, переименуйте его папку «.git». Если "
        "историю нарочно начинают заново, первое изменение сделайте сами: "
        "`git commit --allow-empty`."
    )


class PackedRefsDamaged(HistoryDamaged):
    """The file in which git keeps most refs cannot be read, and so git finds none of them."""

    template = N_(
        "Файл git «packed-refs», где записаны ссылки на ветки и метки, не читается. Сама история "
        "может быть цела. Скопируйте папку программы целиком, потом верните этот файл из копии или "
        "получите историю с сервера (`git clone`). Ответ git: {words}"
    )


class ObjectReplaced(HistoryDamaged):
    """What is stored under the id of an object is not what the id is made of."""

    template = N_(
        "В хранилище git под именем объекта {words} лежит другое: история повреждена или "
        "подменена. Скопируйте папку программы целиком, потом восстановите историю из копии или с "
        "сервера (`git clone`). Что ещё не так, покажет `git fsck`."
    )
