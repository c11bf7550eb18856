"""Merge fields are a closed list; whatever else people type stays what it is, all the way to the recipient."""

from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.mail.transports import tags
from portal.newsletters import fields
from portal.newsletters.fields import Voice

HOSTILE = [
    "{{ 7*7 }}", "{% raw %}", "${7*7}", "#{7*7}", "{0.__class__}", "%%name%%", "%%unsubscribe_url%%", "%%percents%%",
    "%%slot0%%", "%%%", "%%%%", "%", "-name-", "<b>x</b>", "<script>alert(1)</script>", "a & b", "*x*", "[x](y)",
    "{{ name | there }}", "\u202eevil", "' OR 1=1", "😀",
]  # fmt: skip
PIECES = st.lists(
    st.sampled_from([*HOSTILE, "{{ name }}", "{{name|friend}}", "{{ season }}", " ", "\n", "%%", "x"])
    | st.text(max_size=5),
    max_size=8,
).map("".join)
NAMES = st.sampled_from([*HOSTILE, "Ada", "نور"]) | st.text(min_size=1, max_size=8)


def tagged(name: str = "%%name%%") -> Voice:
    return Voice(
        {"name": name, "company": "Caddis", "season": "winter", "next_issue": "in April"}, has_tags=True
    )


def filled(text: str, name: str) -> str:
    return tags.fill(text, {"name": name, "percents": "%%"})


@given(text=PIECES, name=NAMES)
def test_a_merged_line_is_the_line_somebody_reads_alone(text: str, name: str) -> None:
    """Bulk (tags filled by the transport) and single (preview, test) writing say the same; nothing cascades."""
    alone = Voice({"name": name, "company": "Caddis", "season": "winter", "next_issue": "in April"})
    assert filled(tagged().words(text), name) == alone.words(text)
    html = tags.fill(tagged().markdown(text), {"name": escape(name), "percents": "%%"})
    assert html == alone.markdown(text)


@given(name=NAMES)
def test_a_value_is_never_read_again(name: str) -> None:
    assert filled(tagged().words("Hello {{ name | there }}!"), name) == f"Hello {name}!"
    html = tags.fill(tagged().markdown("Hello **{{ name }}**"), {"name": escape(name), "percents": "%%"})
    assert unescape(html) == f"<p>Hello <strong>{name}</strong></p>\n" or "<" in name or "&" in name
    assert "<script>" not in html


@pytest.mark.parametrize("text", HOSTILE)
def test_words_from_elsewhere_stay_literal(text: str) -> None:
    assert filled(tagged().verbatim(text), "Ada") == text
    assert Voice({"name": "Ada"}).verbatim(text) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {{ name }},", "Hello there,"),
        ("Hello {{ name | dear you }},", "Hello dear you,"),
        ("This {{ season }} at {{company}}.", "This winter at Caddis."),
        ("See you {{ next_issue | later }}.", "See you in April."),
        ("{{ name | 100%% you }}", "100%% you"),
    ],
)
def test_a_fallback_stands_where_nothing_is_known(text: str, said: str) -> None:
    values = {"name": "", "company": "Caddis", "season": "winter", "next_issue": "in April"}
    assert Voice(values).words(text) == said
    assert filled(Voice(values, has_tags=True).words(text), "never seen") == said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hi {{ nmae }}", "We do not know the field {{ nmae }}."),
        ("Hi {{ name", "double braces that are not a field"),
        ("Hi {{ name.__class__ }}", "double braces that are not a field"),
        ("Hi {{ 7*7 }}", "double braces that are not a field"),
        ("Hi }}", "double braces that are not a field"),
        ("[x](https://example.org/{{ name }})", "cannot stand in the address of a link"),
    ],
)
def test_an_unknown_field_is_refused_in_words(text: str, words: str) -> None:
    assert any(words in one for one in fields.problems(text, is_markdown=True))


@pytest.mark.parametrize(
    "text", ["", "Hi {{ name }}", "{{ NAME|x }}", "{ {name} }", "%%name%%", "{% if %}", "{one}"]
)
def test_everything_else_is_fine(text: str) -> None:
    assert fields.problems(text, is_markdown=True) == []
