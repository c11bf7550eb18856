"""Sensitive traits are known in many languages and disguises; ordinary words of work pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.members import guard
from portal.members.guard_words import ALONE, PARTS, WORDS, Trait

SENSITIVE = {
    Trait.gender: (
        "Gender|gender_identity|GENDER|Women in tech|Frauen|mujeres|sexe|Płeć|cinsiyet|Geschlecht|пол|женщины|性别|جنس|"
        "pronouns|Male|kön|m/w/d|Anrede"
    ),
    Trait.age: (
        "Birth year|birthYear|DOB|date of birth|Geburtsjahr|over 50|50+|18-24|Gen Z|edad|âge|età|Ålder|возраст|年齢|"
        "user.age|age_group|born in 1984|Young talents|over 50 people|u30|Jahrgang 85|leeftijd|나이"
    ),
    Trait.religion: "Religion|Religionszugehörigkeit|Konfession|Muslim|Jewish|宗教信仰|الدين|религия|faith|Katholisch",
    Trait.ethnicity: "Ethnicity|race|Black women|Black|Nationality|Staatsangehörigkeit|ethnische Herkunft|BIPOC|人種",
    Trait.health: "disability|Schwerbehinderung|pregnant|schwanger|health|Krankheitstage|HIV|autistic|беременна|障害",
    Trait.sexuality: "LGBTQ+|gay|queer founders|Sexual orientation|bisexuell|性取向",
    Trait.union: "Gewerkschaft|Trade Union|union member|Union|sindicato|профсоюз|工会",
    Trait.politics: "Politics|political party|Partei|Parteimitglied|政治",
    Trait.family: "marital status|Familienstand|parents|estado civil",
    Trait.conviction: "criminal record|Vorstrafen",
    Trait.body: "Blutgruppe|biometric template",
}
DISGUISES = (
    "g e n d e r|gen-der|g.e.n.d.e.r|g3nder|gеnder|ｇｅｎｄｅｒ|𝐆ender|ge\u200bnder|gen\u00adder|ɢᴇɴᴅᴇʀ|GéNDER|"
    "personGender|r3l1gion|reli-gion|@ge|a.g.e|жeнщины|ｒａｃｅ|d1sability|e-t-h-n-i-c-i-t-y|$exual|Ge\u202endeR|birth_year|BirthYear"
)
ORDINARY = (
    "Manager|Language|Engineering|Sussex|Page|Storage|Engagement|Healthcare|Digital health|Race conditions|"
    "Oxygen derivatives|Renaissance|Black Friday|Six Sigma Black Belt|White paper|Senior|Level|Place|Source|Country|"
    "ETA|Union types|First name|Birthday|Work mode|Met at PyCon 2026|Silver medallist|Isle of Man|C++|Data science|"
    "24/7|Team 10|Top 50|2025|3-5|Accessibility|Usage|Average|Sage|Agent|Rasa|FE|POC|DIN|party planner|Liberal arts|"
    "Alter table|Community|Reunion|Transport|Mentor|Menlo Park|Essex|Invalidation|Promising|Boomerang|Former colleague|"
    "linkedin|notice period|salary|zone|created at|newsletter|Ernst & Young|Political science|Berufserfahrung|Ort"
)


@pytest.mark.parametrize(
    ("text", "trait"), [(text, trait) for trait, texts in SENSITIVE.items() for text in texts.split("|")]
)
def test_a_sensitive_trait_is_known(text: str, trait: Trait) -> None:
    assert guard.trait_in(text) is trait


@pytest.mark.parametrize("text", DISGUISES.split("|"))
def test_a_disguise_does_not_help(text: str) -> None:
    assert guard.trait_in(text) is not None


@pytest.mark.parametrize("text", ORDINARY.split("|"))
def test_words_of_work_pass(text: str) -> None:
    assert guard.trait_in(text) is None


def test_every_word_on_the_list_is_found_as_it_stands_there() -> None:
    listed = [
        word.strip()
        for lists in (PARTS, WORDS, ALONE)
        for words in lists.values()
        for word in words.split(",")
    ]
    assert len(listed) > 700
    assert [word for word in listed if guard.trait_in(word) is None] == []


def test_the_refusal_says_what_to_do_instead() -> None:
    with pytest.raises(guard.Sensitive, match="their source") as refused:
        guard.check("Python", "Religion")
    assert "“Religion” says something about religion or belief" in refused.value.words
    assert "at least 10 people" in refused.value.words


@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text: str) -> None:
    assert guard.trait_in(text) is None or guard.trait_in(text) in Trait


@given(st.sampled_from(["religion", "ethnicity", "gender", "disability"]), st.data())
def test_case_accents_and_look_alikes_change_nothing(word: str, data: st.DataObject) -> None:
    stand_ins = {"e": "eéеЕｅ3", "i": "iíіІ1!", "o": "oóоＯ0", "a": "aàаА@", "n": "nñп", "t": "tТţ"}
    typed = "".join(data.draw(st.sampled_from(stand_ins.get(one, one + one.upper()))) for one in word)
    assert guard.trait_in(typed) is not None
