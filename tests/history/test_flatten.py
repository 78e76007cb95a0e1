"""A plan flattened: a line a value, each naming its measure and field, and nothing left out.

After a change of wording: ``python -m tests.history.test_flatten`` from the root writes the golden
file again, to be reviewed with ``git diff``.
"""

from collections.abc import Iterator
from pathlib import Path
from unicodedata import category

from hypothesis import given, settings
from hypothesis import strategies as st

from kvartal.history.diff.matching import same
from kvartal.history.diff.words import Words
from kvartal.history.git.flatten import flattened
from kvartal.history.yaml_text.loader import load, read
from kvartal.tui.i18n import translator
from tests.history.strategies import plans, written

GOLDEN = Path(__file__).parent / "golden"
TEXT = """\
# о файле
year: 2024  # о годе
sections:
  - number: "1"
    title: ОЧНОЕ
measures:
  # о мероприятии
  - id: 1.1.2
    proposal: "да"
    result: "№ #1" # к итогу
    notes: |
      # не примечание
      вторая строка
    budget: {plan: 1.5, fact: 2} # о деньгах
    same_work: [1.1.1]
    extra: {}
    term:
      quarters: [3, 4]
    records:
      - quarter: 3
        date: "2024-09-27"
        complete: true
        evidence:
          documents:
            - title: "Акт\\t\\\\\\e[31m"
              number: "12"
# в конце
"""


def lines(text: str) -> list[str]:
    return list(flattened(load(text.encode(), ""), Words()))


def test_each_line_names_the_measure_and_the_field() -> None:
    about = "1.1.2 · Отметка за III квартал"
    document = f"{about}, подтверждение, подтверждающие документы 12"
    assert lines(TEXT) == [
        "# о файле",
        "Год программы = 2024",
        "# о годе",
        "Разделы 1, номер раздела = «1»",
        "Разделы 1, название раздела = ОЧНОЕ",
        "1.1.2 · # о мероприятии",
        "1.1.2 · Обозначение = 1.1.2",
        "1.1.2 · Предложение = «да»",
        "1.1.2 · Ожидаемый результат = № #1",
        "1.1.2 · # к итогу",
        "1.1.2 · Примечания = «# не примечание\\nвторая строка\\n»",
        "1.1.2 · Бюджет, план = 1,5",
        "1.1.2 · Бюджет, факт = 2",
        "1.1.2 · # о деньгах",
        "1.1.2 · Та же работа, что = 1.1.1",
        "1.1.2 · Дополнительно = {}",
        "1.1.2 · Срок, кварталы = [3; 4]",
        f"{about}, квартал = 3",
        f"{about}, дата исполнения = 2024-09-27",
        f"{about}, мероприятие исполнено = да",
        f"{document}, название документа = «Акт\\t\\\\␛[31m»",
        f"{document}, номер документа = «12»",
        "# в конце",
    ]


def test_measures_that_are_none_are_values_of_the_list() -> None:
    assert lines("measures: [one, {}]\n") == ["Мероприятия = one", "Мероприятия = {}"]


def plans_flattened() -> Iterator[str]:
    """Yield the lines of the golden file: programmes of every shape, with names of their own."""
    names = ("plans/contract", "plans/district", "plans/styles", "../../schema/golden/whole")
    for path in (GOLDEN / f"{name}.yaml" for name in names):
        source = read(path)
        yield f"== {path.stem}"
        yield from flattened(source, Words(translator(str(source.data["language"]))))


def test_plans_of_every_shape_are_flattened_as_recorded() -> None:
    recorded = (GOLDEN / "flattened.txt").read_text(encoding="utf-8").split("\n")
    assert [*plans_flattened(), ""] == recorded


def test_an_english_text_has_straight_quotes() -> None:
    source = load(b'notes: "\\"a\\" b"\nmeasures: []\nyear: "7"\ntitle: ""', "")
    words = Words(lambda text: '"{name}"' if text == "«{name}»" else text)
    notes, _, year, title = flattened(source, words)
    assert notes.endswith(' = ""a" b"')
    assert year.endswith(' = "7"')
    assert title.endswith(' = ""')


def test_the_real_plan_has_a_line_for_every_value(root: Path) -> None:
    source = load((root / "plan" / "2024.yaml").read_bytes(), "")
    found = list(flattened(source, Words()))
    assert len([line for line in found if line.startswith("1.1.2 · ")]) == 8
    assert all(" = " in line or line.startswith("#") for line in found)


@settings(max_examples=settings().max_examples // 2)
@given(st.data())
def test_another_value_gives_other_lines(draw: st.DataObject) -> None:
    one = load(draw.draw(written(draw.draw(plans()))).encoded, "")
    other = load(draw.draw(written(draw.draw(plans()))).encoded, "")
    told = [sorted(flattened(source, Words())) for source in (one, other)]
    if not same(one.data, other.data):
        assert told[0] != told[1]
    assert not {category(sign) for sign in "".join(told[0])} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


if __name__ == "__main__":
    (GOLDEN / "flattened.txt").write_text("\n".join(plans_flattened()) + "\n", encoding="utf-8")
