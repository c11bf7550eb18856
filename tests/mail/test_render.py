"""Letters: from templates to subject, text and HTML, with tags left whole and hostile words harmless."""

import re
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
from markupsafe import Markup

from portal.mail.render import BrokenLetter, compiled, render

ROOT = Path(__file__).parents[2]
BRAND = SimpleNamespace(
    name="Perennial",
    tagline="",
    hue=145,
    postal_address="Perennial, 1 Garden Row, 1000 Example",
    logo_url=None,
)
TAGS = {"preferences_url": "%%preferences_url%%", "unsubscribe_url": "%%unsubscribe_url%%"}


class Autumn:
    name = "autumn"

    def __str__(self) -> str:
        return "Autumn 2026"


def environment(**more: str) -> jinja2.Environment:
    """Return an environment like the application's, with a few more templates."""
    loaders = [
        jinja2.DictLoader(more),
        jinja2.FileSystemLoader(ROOT / "templates"),
        jinja2.FileSystemLoader(Path(__file__).parent / "samples"),
    ]
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders),
        undefined=jinja2.StrictUndefined,
        autoescape=jinja2.select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["brand"] = BRAND
    return made


def everything(**changed):
    """Return the context of the sample letter that uses every part."""
    return {
        "season": Autumn(),
        "title": "What grew here",
        "words": "we planted a few things.",
        "href": "%%page_url%%",
        "picture": "https://talent.example.org/media/mia.webp",
        "prose": Markup('<p>Some <b>good</b> news,<br>with a <a href="%%story_url%%">link</a>.</p>'),
        **changed,
    }


def letter(**changed):
    """Return the sample letter."""
    return render("sample/everything", everything(**changed), environment())


def test_a_letter_has_a_subject_a_text_and_a_page():
    mail = letter(**TAGS)
    assert mail.subject == "What grew here, %%first_name%%"
    assert mail.text.startswith("Perennial - Autumn 2026\n\nWHAT HAPPENED\n")
    assert "You get this because you asked" in mail.text
    assert "You get this because you asked" in mail.html
    assert 'lang="en"' in mail.html
    assert "Perennial, 1 Garden Row, 1000 Example" in mail.text
    assert "Perennial, 1 Garden Row, 1000 Example" in mail.html
    assert 'alt="Mia at a long table, laughing"' in mail.html
    assert not mail.is_too_long


def test_tags_pass_through_unharmed_also_inside_links():
    mail = letter(**TAGS)
    for name in ("page_url", "story_url", "preferences_url", "unsubscribe_url"):
        assert f'href="%%{name}%%"' in mail.html
    assert "Hello %%first_name%%" in mail.html
    assert "Hello %%first_name%%" in mail.text
    assert "\n%%preferences_url%%\n" in mail.text
    assert "\n%%unsubscribe_url%%\n" in mail.text


def test_an_account_mail_has_no_way_out_because_it_needs_none():
    mail = letter()
    assert "Stop these mails" not in mail.html + mail.text
    assert "how often" not in mail.html + mail.text


def test_text_says_what_the_page_says():
    mail = letter(href="https://talent.example.org/e/1?a=1&b=2")
    words = ["204813", "An evening with the kitchen team", "17:00 for you (Lisbon)", "Mia Sato, Engineering"]
    for one in [*words, "Gardener of build systems", "Ines Duarte", "Answer this mail"]:
        assert one in mail.text
        assert one in mail.html
    assert "https://talent.example.org/e/1?a=1&b=2" in mail.text
    assert 'href="https://talent.example.org/e/1?a=1&amp;b=2"' in mail.html
    assert "<" not in mail.text
    assert max(map(len, mail.text.splitlines())) <= 90


def test_nothing_is_loaded_from_outside():
    html = letter(picture="").html
    html = re.sub(r'\bxmlns(:[vo])?="[^"]*"', "", html)
    assert "fonts.googleapis" not in html
    assert "@import" not in html
    assert "src=" not in html
    assert "<script" not in html
    assert "http" not in html.replace("http-equiv", "")


def test_it_knows_day_and_night_and_uses_neither_pure_white_nor_black():
    html = letter().html
    assert '<meta name="color-scheme" content="light dark"' in html
    assert "prefers-color-scheme: dark" in html
    shown = re.sub(r'<div style="display:none;.*?</div>', "", html)
    assert "#ffffff" not in shown.lower()
    assert "#000000" not in shown


HOSTILE = '<script>alert(1)</script> {{ 7*7 }} "quoted" <mj-text>x</mj-text> & \x00\x0b\u2028 end'


def test_hostile_words_are_words():
    mail = letter(title=HOSTILE, words=HOSTILE)
    assert "<script" not in mail.html
    assert "<mj-text" not in mail.html
    assert "49" not in mail.subject
    assert "{{ 7*7 }}" in mail.html
    assert "<script>alert(1)</script>" in mail.text
    assert mail.subject.isprintable()
    assert not re.search("[\x00-\x08\x0b-\x1f\u2028\u2029]", mail.text)


def test_a_subject_is_one_line():
    assert letter(title="One\r\nBcc: everybody@example.org").subject.startswith("One Bcc: everybody")


BASE = "{% extends 'letters/layout/base.mjml.html' %}{% block why %}Because.{% endblock %}"
TEXT = "{% extends 'letters/layout/base.txt' %}{% block subject %}Hi{% endblock %}{% block why %}So.{% endblock %}"


def with_files(html: str = BASE, text: str = TEXT):
    """Render a letter made of these two files."""
    made = environment(**{"letters/x/y.mjml.html": html, "letters/x/y.txt": text})
    return render("x/y", {}, made)


def test_the_smallest_letter():
    mail = with_files()
    assert mail.subject == "Hi"
    assert mail.text == "Perennial\n\n--\nSo.\n\nPerennial, 1 Garden Row, 1000 Example\n"


@pytest.mark.parametrize("tag", ["mj-social", "mj-txt", "mj-include", "mj-carousel", "MJ-Foo", "mjx"])
def test_a_tag_that_mjml_would_drop_silently_is_refused(tag):
    with pytest.raises(BrokenLetter, match=tag.lower()):
        with_files(BASE + f"{{% block body %}}<{tag}>x</{tag}>{{% endblock %}}")


def test_unfinished_markup_is_refused():
    with pytest.raises(BrokenLetter):
        with_files(BASE + "{% block body %}<mj-text>x{% endblock %}")


def test_a_letter_must_have_a_subject_and_say_why():
    with pytest.raises(BrokenLetter, match="subject"):
        with_files(text=TEXT.replace("block subject", "block other"))
    with pytest.raises(jinja2.TemplateError):
        with_files(text=TEXT.replace("block why", "block other"))
    with pytest.raises(jinja2.TemplateError):
        with_files(html=BASE.replace("block why", "block other"))


def test_an_unknown_name_is_a_mistake():
    with pytest.raises(jinja2.UndefinedError):
        with_files(BASE + "{% block body %}<mj-text>{{ nobody }}</mj-text>{% endblock %}")


def test_gmail_would_cut_a_long_letter():
    assert letter(words="word " * 25_000).is_too_long


def test_the_same_source_is_worked_out_once():
    compiled.cache_clear()
    letter()
    letter()
    assert compiled.cache_info().hits == 1


@pytest.mark.parametrize(("lang", "direction"), [("en", "ltr"), ("ar", "rtl"), ("he", "rtl"), ("de", "ltr")])
def test_language_and_direction_are_set(lang, direction):
    assert f'<html lang="{lang}" dir="{direction}"' in letter(lang=lang).html
