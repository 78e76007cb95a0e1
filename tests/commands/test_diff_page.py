"""`kvartal diff --format html`: the page, hostile data on it, and where it is written."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvartal.tui.presentation.html.markup import data, page, tag
from kvartal.tui.presentation.word_diff import word_pieces
from tests.commands.conftest import Run
from tests.commands.test_log_year import printed

Git = Callable[..., str]
RANGE = "отчёт-2024-1..2024-08-31"
KNOWN = {
    *("html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "a", "bdi", "br"),
    *("article", "table", "colgroup", "col", "thead", "tbody", "tr", "th", "td", "del", "ins"),
    *("ol", "li", "time", "code", "span"),
}
ATTRIBUTES = {"class", "scope", "href", "id", "datetime", "lang", "charset", "name", "content"}
NASTY = "</td><script>alert('1')</script>&amp;\"'\x1b[31m\u202eтекст\u0000\ufeff\ud800"


class Seen(HTMLParser):
    """What a browser sees of a page: its elements, their attributes and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: dict[str, set[str]] = {}
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def tree(text: str) -> ET.Element:
    """Return a page read strictly, as XML."""
    return ET.fromstring(text.removeprefix("<!DOCTYPE html>\n"))  # noqa: S314 - our own


def words(element: ET.Element) -> str:
    return "".join(element.itertext())


@pytest.fixture(scope="module")
def year_page(whole_year: Path) -> str:
    return printed(whole_year / "plan" / "2024.yaml", "diff", RANGE, "--format", "html")


# -------------------------------------------------------------------------------------- what it is


def test_a_page_needs_nothing_besides_itself(year_page: str) -> None:
    seen = Seen(year_page)
    assert seen.names <= KNOWN
    assert seen.attributes.keys() <= ATTRIBUTES | {"http-equiv"}
    assert all(place.startswith("#c-") for place in seen.attributes["href"])
    assert "url(" not in year_page
    assert "@import" not in year_page
    assert tree(year_page).get("lang") == "ru"
    assert "prefers-color-scheme: dark" in year_page
    assert "@media print" in year_page


def test_it_goes_by_section_measure_and_field(year_page: str) -> None:
    body = tree(year_page).find("body")
    assert body is not None
    assert [words(one) for one in body.iter("h2")] == [
        "1. ОЧНОЕ ОБСЛУЖИВАНИЕ",
        "2. ДИСТАНЦИОННОЕ ОБСЛУЖИВАНИЕ",
        "3. ИНТЕРАКТИВНОЕ ОБСЛУЖИВАНИЕ",
        "Записи истории",
    ]
    names = [words(one).split(" ")[0] for one in body.iter("h3")]
    assert names[:4] == ["1.1.1", "1.2.1", "1.1.2", "1.1.3"]
    assert names[-1] == "3.7.1"
    article = next(one for one in body.iter("article") if "3.1.2" in words(one))
    row = next(one for one in article.iter("tr") if words(one).startswith("Ответственный"))
    old, new = row.findall("td")
    assert ET.tostring(old, encoding="unicode").startswith(
        "<td>Отдел информационных технологий</td>"
    )
    assert [words(one) for one in new.iter("ins")] == [", юридический отдел"]
    assert "Мероприятий изменено: 15, добавлено: 1, удалено: 0. Записей истории: 15. " in words(
        body
    )
    assert "Соединений двух линий работы, которые сами ничего не изменили: 1." in words(body)


def test_it_tells_who_and_when_and_leads_there(year_page: str) -> None:
    root = tree(year_page)
    commits = {one.get("id"): words(one) for one in root.iter("li")}
    assert len(commits) == 16
    article = next(one for one in root.iter("article") if "3.4.1-2" in words(one))
    links = [(one.get("href", "")[1:], words(one)) for one in article.iter("a")]
    assert [text for _, text in links] == [
        "А. П. Иванова 12.08.2024 15:10 +07:00",
        "А. П. Иванова 14.06.2024 11:10 +07:00",
        "С. В. Петров 17.04.2024 11:20 +07:00",
    ]
    assert "Автоплатёж передан в отдел цифровых сервисов" in commits[links[2][0]]
    assert "Сделано без этой программы." in commits[links[2][0]]
    assert "С. В. Петров <petrov@energosbyt.example>" in commits[links[2][0]]
    (merge,) = (text for text in commits.values() if "Объединение" in text)
    assert "Соединены две линии работы; само это ничего не изменило." in merge


def test_the_file_on_disk_says_that_it_is_not_saved(year: Path) -> None:
    text = year.read_text(encoding="utf-8")
    year.write_text(text.replace("fact: 4725310", "fact: 4725311"), encoding="utf-8")
    html = printed(year, "diff", "--format", "html")
    assert "В файле есть правки, которые ещё не внесены в историю." in html
    assert "Между этими версиями записей нет." in html
    assert "<del>4\u00a0725\u00a0310</del>" in html


def test_no_difference_is_a_page_too(whole_year: Path) -> None:
    html = printed(whole_year / "plan" / "2024.yaml", "diff", "HEAD..HEAD", "--format", "html")
    assert "Различий нет." in words(tree(html))
    assert "article" not in Seen(html).names


def test_a_measure_removed_and_a_document_changed(programme: Path, run: Run, git: Git) -> None:
    run("remove", "1.2.2")
    text = programme.read_text(encoding="utf-8")
    programme.write_text(text.replace("ЛНА-0015-1", "ЛНА-0015-2"), encoding="utf-8")
    git("commit", "-q", "-a", "-m", "Номер")
    with programme.open("a", encoding="utf-8") as file:
        file.write("# спросить\n")
    git("commit", "-q", "-a", "-m", "Вопрос", "--author", "Петров <p@e.example>")
    root = tree(run("diff", "HEAD~3", "--format", "html").stdout)
    # The author of a mere comment changed no field shown here.
    assert [words(one).count("Петров") for one in root.iter("article")][:1] == [0]
    (remark,) = (words(one) for one in root.iter("li") if "Петров" in words(one))
    assert "Сделано без этой программы." in remark
    headings = [words(one) for one in root.iter("h2")]
    assert headings[:2] == ["Программа в целом", "1. ОЧНОЕ ОБСЛУЖИВАНИЕ"]
    (removed,) = root.iter("h3")
    assert words(removed).endswith("удалено")
    last = [*root.iter("article")][-1]
    cells = [row.findall("td") for row in last.iter("tr") if row.find("td") is not None]
    assert cells
    assert all(old.find("del") is not None and words(new) == "—" for old, new in cells)


# --------------------------------------------------------------------------------- what it is not


def test_hostile_data_is_text(programme: Path, run: Run, git: Git) -> None:
    text = programme.read_text(encoding="utf-8")
    title = "Обеспечена установка терминала электронной очереди"
    bad = '"<script>alert(1)</script> & \\" \\e[31m \\u202e \\0 \\uffff <!-- ]]>"'
    programme.write_text(text.replace(f"result: {title}", f"result: {bad}", 1), encoding="utf-8")
    git(
        *("commit", "-q", "-a", "-m", "<img src=x onerror=alert(1)> & \x1b]52;c;eA==\x07"),
        *("--author", 'Имя "<b>\u202eb <a@b.example>'),
    )
    git("tag", "<script>&")
    html = run("diff", "HEAD~1..<script>&", "--format", "html").stdout
    seen = Seen(html)
    assert seen.names <= KNOWN
    assert seen.attributes.keys() <= ATTRIBUTES | {"http-equiv"}
    assert not set(html) & set("\x1b\x07\x00\u202e\uffff")
    shown = words(tree(html))
    assert '<script>alert(1)</script> & " ␛[31m ‹U+202E› ␀ ‹U+FFFF› <!-- ]]>' in shown
    assert "<img src=x onerror=alert(1)> & ␛]52;c;eA==␇" in shown


@given(st.text(), st.text())
def test_any_text_is_shown_and_nothing_else(one: str, other: str) -> None:
    html = page(one, "ru", tag("p", other, title=one), *(tag("b", data(NASTY)),))
    root = tree(html)
    assert {element.tag for element in root.iter()} <= KNOWN | {"b"}
    assert Seen(html).names == {element.tag for element in root.iter()}


@given(st.text(alphabet="аб ,\n", max_size=80), st.text(alphabet="аб ,\n", max_size=80))
def test_marked_words_give_the_texts_back(old: str, new: str) -> None:
    before, after = word_pieces(old, new)
    assert "".join(one.text for one in before) == old
    assert "".join(one.text for one in after) == new
    same = ["".join(one.text for one in side if not one.changed) for side in (before, after)]
    if old != new:
        assert any(one.changed for one in (*before, *after))
    assert same[0].split() == same[1].split() or old + new == ""


def test_only_what_changed_in_a_long_text_is_marked() -> None:
    old = "Установка системы электронной очереди в ЦОК «Пригородный» (1 терминал)"
    before, after = word_pieces(
        old, old.replace("1 терминал", "2 терминала").replace("в ЦОК", "в КО")
    )
    assert [one.text for one in before if one.changed] == ["ЦОК", "1 терминал"]
    assert [one.text for one in after if one.changed] == ["КО", "2 терминала"]


# --------------------------------------------------------------------------------- where it is put


def test_it_is_written_to_a_file_and_never_over_another(programme: Path, run: Run) -> None:
    run("set", "1.1.2", "notes=Важно")
    target = programme.parent.parent / "стр.html"
    for form, begin in (("html", "<!DOCTYPE html>"), ("json", "[\n"), ("text", "  1.1.2 ")):
        arguments = ("diff", "HEAD~1", "--format", form, "-o", target)
        assert run(*arguments).stdout == f"Записано: {target}\n"
        assert target.read_text(encoding="utf-8").startswith(begin)
        before = target.read_bytes()
        refused = run(*arguments)
        assert (refused.exit_code, target.read_bytes()) == (1, before)
        assert f"Файл «{target}» уже есть. Чтобы заменить его, добавьте --force." in refused.stderr
        assert run(*arguments, "--force").exit_code == 0
        target.unlink()


def test_the_programme_itself_is_no_place_for_it(programme: Path, run: Run) -> None:
    before = programme.read_bytes()
    refused = run("diff", "--format", "html", "--force", "-o", programme)
    assert (refused.exit_code, programme.read_bytes()) == (1, before)
    assert "сама программа" in refused.stderr
    refused = run("diff", "--format", "html", "--force", "-o", programme.parent)
    assert (refused.exit_code, "папка" in refused.stderr) == (1, True)
    refused = run("diff", "-o", programme.parent / "нет" / "x.txt")
    assert (refused.exit_code, "нет» нет. Создайте её" in refused.stderr) == (1, True)


def test_json_is_the_same_by_both_names(programme: Path, run: Run) -> None:
    run("set", "1.1.2", "notes=Важно")
    by_option = run("diff", "HEAD~1", "--json").stdout
    assert by_option == run("diff", "HEAD~1", "--format", "json").stdout
    assert json.loads(by_option)[0]["changes"][0]["field"] == "notes"


def test_the_page_speaks_the_language_asked_for(programme: Path, run: Run) -> None:
    html = run("diff", "HEAD..HEAD", "--format", "html", "--lang", "en").stdout
    assert tree(html).get("lang") == "en"
