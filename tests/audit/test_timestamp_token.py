"""DER as the timestamps of an authority are written in it, to its last byte."""

import pytest

from kvartal.history.audit.timestamp_token import (
    TimestampUnreadable,
    _child,
    _children,
    read_timestamp,
)

LONG = b"x" * 200


@pytest.mark.parametrize(
    ("data", "contents"),
    [
        (b"", []),
        (b"\x30\x00", [b""]),
        (b"\x02\x01a\x04\x02bc", [b"a", b"bc"]),
        (b"\x30\x81\xc8" + LONG, [LONG]),
        (b"\x30\x82\x00\xc8" + LONG + b"\x05\x00", [LONG, b""]),
    ],
)
def test_what_stands_in_a_stretch(data: bytes, contents: list[bytes]) -> None:
    found = list(_children(data, 0, len(data)))
    assert [data[start:end] for _, _, start, end in found] == contents
    assert [tag for tag, at, *_ in found] == [data[at] for _, at, *_ in found]
    # Nothing beyond the stretch is looked at.
    assert list(_children(data + b"\x30", 0, len(data))) == found


@pytest.mark.parametrize(
    "data",
    [
        b"\x30",
        b"\x30\x01",
        b"\x02\x01a\x04",
        b"\x02\x01a\x04\x02b",
        b"\x1f\x01\x00",  # A tag of several bytes.
        b"\x30\x80ab\x00\x00",  # A length that is not said.
        b"\x30\x81",
        b"\x30\x82\x00",
        b"\x30\x81\xc8" + LONG[:-1],
        b"\x30\x84\xff\xff\xff\xff" + LONG,
    ],
)
def test_what_is_cut_short_or_no_der_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - it has no words
        list(_children(data, 0, len(data)))
    with pytest.raises(TimestampUnreadable):
        read_timestamp(data)


def test_a_child_is_taken_by_its_place_and_its_tag() -> None:
    data = b"\x02\x01a\x04\x02bc"
    assert _child(data, (0, len(data)), 1, 4) == (5, 7)
    for number, tag in ((1, 2), (2, 4)):
        with pytest.raises(ValueError):  # noqa: PT011 - it has no words
            _child(data, (0, len(data)), number, tag)
