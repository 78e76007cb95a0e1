"""What plain scalars mean, and which of them are too ambiguous to be read."""

import unicodedata
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarfloat import ScalarFloat

from kvartal.history.yaml_text.emit import Style
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.history.yaml_text.nodes import is_ambiguous, resolve
from tests.history.strategies import TEXTS

# fmt: off
AMBIGUOUS = [
    "y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off",
    "OFF", "=", "<<", "010", "007", "00", "-012", "08", "0o17", "0b101", "-0x1F", "0x1_F",
    "1_000", "-1_0.5", "1__2", "12:30", "-1:30:59", "190:20:30.15", "2024-09-27", "2024-9-5",
    "2024-02-30", "2024-09-27T10:00:00Z", "2001-12-14t21:59:43.10-05:00", "1e3", "1E+3",
    "1.5e3", ".5e3", "-.5", "+.5e+3", ".inf", "-.Inf", "+.INF", ".nan", ".NaN", "1e999",
    "9.9e+999", "9007199254740993", "-123456789012345678901234567890", "0xFFFFFFFFFFFFFFFFF",
    "1" * 65, "1_" * 40 + "0.5",
]
# fmt: on


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("true", True),
        ("False", False),
        ("tRUE", "tRUE"),
        ("0", 0),
        ("-0", 0),
        ("+12", 12),
        ("0x1F", 31),
        ("1.", 1.0),
        (".5", 0.5),
        ("95.4", 95.4),
        ("1.0e+16", 1e16),
        ("1.1.2", "1.1.2"),
        ("1.1.3-2", "1.1.3-2"),
        ("2024-07", "2024-07"),
        ("2024-Q3", "2024-Q3"),
        ("1-4 кварталы 2024", "1-4 кварталы 2024"),
        ("75 офисов", "75 офисов"),
        ("8-800-350-55-66", "8-800-350-55-66"),
        ("+", "+"),
        (".", "."),
        ("1.2.", "1.2."),
        ("1 000", "1 000"),
        ("95,4", "95,4"),
        ("нет", "нет"),
        ("Nо", "Nо"),
        ("--------", "--------"),
        ("№ 12", "№ 12"),
        ("١٢", "١٢"),
    ],
)
def test_a_plain_scalar_means_what_every_reader_takes_it_for(text: str, value: object) -> None:
    assert not is_ambiguous(text)
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)
    assert load(f"a: {text}\n".encode(), "p").data == {"a": value}


@pytest.mark.parametrize(
    "text",
    AMBIGUOUS,
)
def test_what_readers_disagree_on_is_refused(text: str) -> None:
    assert is_ambiguous(text)
    with pytest.raises(UnreadablePlan) as caught:
        load(f"a: {text}\n".encode(), "p")
    assert caught.value.problems[0].code == "yaml-ambiguous"
    assert text[:40] in str(caught.value)
    assert load(f'a: "{text}"\n'.encode(), "p").data == {"a": text}


def test_a_date_with_spaces_is_refused() -> None:
    assert is_ambiguous("2001-12-14 21:59:43.10 -5")
    assert is_ambiguous("2001-12-14 21:59:43.10 +05:30")


@settings(max_examples=200)
@given(
    st.one_of(
        st.text("0123456789.-+_:eExXobT", max_size=10),
        st.sampled_from(["yes", "On", "nULL", "TRUE", "no", "off", "y", "~", "Null", "oN"]),
        st.from_regex(r"[-+]?[0-9]{1,4}[-:._][0-9]{1,2}[-:.e][0-9]{1,2}", fullmatch=True),
    )
)
def test_what_is_not_refused_means_the_same_by_yaml_1_1_and_1_2(text: str) -> None:
    assume(not is_ambiguous(text))
    for version in ((1, 1), (1, 2)):
        reader = YAML(typ="safe", pure=True)
        reader.version = version
        try:
            value = reader.load(f"[{text}]")
        except (YAMLError, ValueError):
            assume(False)
        assume(isinstance(value, list) and len(value) < 2 and not isinstance(value[:1], dict))
        assume(not value or not isinstance(value[0], list | dict))
        mine = [] if not text else [resolve(text)]
        assert not value or not isinstance(value[0], date | ScalarFloat)
        assert value == mine
        assert [type(one) for one in value] == [type(one) for one in mine]


@settings(max_examples=150)
@given(text=TEXTS, quoted=st.booleans(), flow=st.booleans())
def test_any_text_is_written_so_that_it_is_read_back(
    text: str, *, quoted: bool, flow: bool
) -> None:
    written = Style(quoted=quoted).scalar(text, flow=flow)
    line = f"a: [{written}, {written}] # x\n" if flow else f"a: {written} # x\n"
    assert load(line.encode(), "p").data == {"a": [text, text] if flow else text}
    assert YAML(typ="safe", pure=True).load(f"a: {written}\n") == {"a": text}
    assert not {"Cc", "Cf", "Zl", "Zp"} & set(map(unicodedata.category, written))


@given(TEXTS, st.integers(0, 6), st.integers(1, 6))
def test_a_literal_block_loses_nothing(text: str, column: int, step: int) -> None:
    style = Style(step=step)
    assume(style.is_literal(text))
    lines = style.literal(text, column + step)
    pair = "\n".join([" " * column + "a: " + lines[0], *lines[1:], " " * column + "b: 1\n"])
    for reader in (lambda text: load(text.encode(), "p").data, YAML(typ="safe", pure=True).load):
        assert reader(pair) == {"a": text, "b": 1}
