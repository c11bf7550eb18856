"""Settings: what may be set, what is refused, and in which words."""

import pytest

from portal.core import settings
from portal.core.settings import SettingsRefused, load

SAFE = {
    "env": "production",
    "secret_key": "k" * 40,
    "base_url": "https://talent.example.org",
    "mail_url": "sendgrid://SG.key@api.sendgrid.com",
    "postal_address": "1 Garden Row, Lisbon",
}


def words_for(**changes: object) -> str:
    with pytest.raises(SettingsRefused) as refused:
        load(**(SAFE | changes))
    return " ".join(refused.value.problems)


def test_safe_production_settings_are_taken() -> None:
    assert load(**SAFE).is_https


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"secret_key": settings.DEFAULT_SECRET}, "secret_key is the default"),
        ({"secret_key": "short"}, "shorter than 32"),
        ({"secret_key": "k" * 40 + ",short"}, "shorter than 32"),
        ({"mail_url": "outbox:"}, "no mail would ever leave"),
        ({"mail_url": "sendgrid+http://k@127.0.0.1:1"}, "not encrypted"),
        ({"base_url": "http://talent.example.org"}, "not https"),
    ],
)
def test_unsafe_production_settings_refuse_to_start(changes: dict[str, object], words: str) -> None:
    assert words in words_for(**changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"base_url": "talent.example.org"}, "base_url"),
        ({"base_url": "https://example.org/talent"}, "no path"),
        ({"company_zone": "Mars/Olympus"}, "company_zone"),
        ({"brand_hue": 400}, "brand_hue"),
        ({"sender_address": "nobody"}, "sender_address"),
    ],
)
def test_a_wrong_value_is_named_without_being_shown(changes: dict[str, object], words: str) -> None:
    said = words_for(**changes)
    assert words in said
    assert SAFE["secret_key"] not in said


def test_an_unknown_variable_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SENDGRID_KEY", "canary")
    said = words_for()
    assert "PORTAL_SENDGRID_KEY is not a setting" in said
    assert "canary" not in said


def test_an_environment_without_its_file_is_refused() -> None:
    assert "config/staging.toml does not exist" in words_for(env="staging")


def test_variables_win_over_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_BRAND_NAME", "Alderford")
    assert load(**SAFE).brand_name == "Alderford"


def test_secrets_are_masked_wherever_settings_are_shown() -> None:
    shown = repr(load(**SAFE)) + str(load(**SAFE).model_dump())
    assert "k" * 40 not in shown
    assert "SG.key" not in shown
