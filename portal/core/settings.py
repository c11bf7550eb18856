"""Settings: `config/default.toml`, then `config/<PORTAL_ENV>.toml`, then `PORTAL_*` variables."""

import os
import tomllib
from datetime import time
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from portal.core import places

DEFAULT_SECRET = "change-me-before-anyone-joins"  # noqa: S105 - refused outside development
PREFIX = "PORTAL_"


class SettingsRefused(Exception):
    """The settings cannot be used; `problems` says why, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        """Keep one sentence per problem."""
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """All that can be set; `config/default.toml` explains each key."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, validate_default=True)

    env: str = "development"
    database_url: SecretStr
    redis_url: SecretStr
    base_url: str
    instance_path: Path
    secret_key: SecretStr
    trusted_proxies: int = Field(ge=0, le=5)
    log_level: Literal["debug", "info", "warning", "error"]

    mail_url: SecretStr
    sendgrid_webhook_keys: str
    webhook_age_hours: int = Field(ge=1, le=240)
    sender_name: str = Field(min_length=1, max_length=100)
    sender_address: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    reply_to: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    mailbox_hourly_limit: int = Field(ge=1)
    mailbox_daily_limit: int = Field(ge=1)
    domain_hourly_limit: int = Field(ge=1)
    requester_hourly_limit: int = Field(ge=1)

    undo_seconds: int = Field(ge=0, le=600)
    missed_after_minutes: int = Field(ge=1, le=1440)
    pilot_from: int = Field(ge=2)
    pilot_size: int = Field(ge=1)
    pilot_minutes: int = Field(ge=0, le=1440)
    wave_growth: int = Field(ge=2, le=1000)
    wave_minutes: int = Field(ge=0, le=1440)
    pilot_bounce_percent: float = Field(gt=0, le=100)
    pilot_complaints: int = Field(ge=1)
    bounce_percent: float = Field(gt=0, le=100)
    complaint_percent: float = Field(gt=0, le=100)
    marketing_cap: int = Field(ge=1)
    marketing_cap_days: int = Field(ge=1, le=366)
    quiet_from: time
    quiet_until: time

    brand_name: str = Field(min_length=1, max_length=60)
    brand_tagline: str = Field(max_length=140)
    brand_hue: int = Field(ge=0, le=360)
    brand_logo: str
    postal_address: str = Field(max_length=200)
    company_zone: str

    sign_in_minutes: int = Field(ge=1, le=60)
    confirm_days: int = Field(ge=1, le=30)
    unconfirmed_days: int = Field(ge=1, le=90)
    session_idle_hours: int = Field(ge=1)
    session_days: int = Field(ge=1)
    staff_session_idle_hours: int = Field(ge=1)
    staff_session_days: int = Field(ge=1)

    max_request_mib: int = Field(ge=1, le=100)
    max_picture_megapixels: int = Field(ge=1, le=100)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Later files win over earlier ones, the environment over files, explicit values over all."""
        env = init_settings().get("env") or os.environ.get(f"{PREFIX}ENV", "development")
        files = TomlConfigSettingsSource(
            settings_cls,
            toml_file=[
                places.config() / "default.toml",
                places.config() / f"{env}.toml",
            ],
        )
        return init_settings, env_settings, files

    @field_validator("company_zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is not an IANA time zone such as Europe/Lisbon")
        return value

    @field_validator("base_url")
    @classmethod
    def _base_is_an_origin(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be an address such as https://talent.example.org")
        if parts.path not in {"", "/"}:
            raise ValueError("must have no path: give the portal a host name of its own")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _safe_outside_development(self) -> Self:
        if self.env in {"development", "test"}:
            return self
        problems = []
        if DEFAULT_SECRET in self.secret_keys or any(len(key) < 32 for key in self.secret_keys):
            problems.append("secret_key is the default or shorter than 32 characters")
        if self.mail_url.get_secret_value().startswith("outbox:"):
            problems.append("mail_url is outbox:, so no mail would ever leave")
        if self.mail_url.get_secret_value().startswith("sendgrid+http:"):
            problems.append("mail_url is not encrypted")
        if not self.base_url.startswith("https:"):
            problems.append("base_url is not https")
        if problems:
            raise ValueError("not safe outside development: " + "; ".join(problems))
        return self

    @property
    def secret_keys(self) -> list[str]:
        """All signing keys, the one that signs first."""
        return _listed(self.secret_key.get_secret_value())

    @property
    def is_development(self) -> bool:
        """Whether the development pages (outbox reader, parts) may exist."""
        return self.env in {"development", "test"}

    @property
    def is_https(self) -> bool:
        """Whether cookies can be marked Secure."""
        return self.base_url.startswith("https:")

    @property
    def webhook_keys(self) -> list[str]:
        """Public keys that the provider may sign its events with."""
        return _listed(self.sendgrid_webhook_keys)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.company_zone)

    @property
    def instance(self) -> Path:
        """The folder the portal writes to, absolute."""
        return self.instance_path.absolute()

    @property
    def outbox(self) -> Path:
        """Where the `outbox:` transport puts its letters."""
        return self.instance / "outbox"

    @property
    def uploads(self) -> Path:
        """Where re-encoded pictures live."""
        return self.instance / "pictures"


@lru_cache(maxsize=16)
def _listed(text: str) -> list[str]:
    """What stands between the commas. Every link that is read asks for it."""
    return [part.strip() for part in text.split(",") if part.strip()]


def load(**overrides: Any) -> Settings:
    """Read the settings.

    Raises:
        SettingsRefused: a key is unknown, missing or unsafe; one sentence each.
    """
    env = str(overrides.get("env") or os.environ.get(f"{PREFIX}ENV", "development"))
    problems = []
    if not (places.config() / f"{env}.toml").is_file():
        problems.append(f"PORTAL_ENV is {env!r}, but config/{env}.toml does not exist")
    known = {name.upper() for name in Settings.model_fields}
    problems += [
        f"{name} is not a setting; see config/default.toml"
        for name in sorted(os.environ)
        if name.startswith(PREFIX)
        and name.removeprefix(PREFIX) not in known
        and not name.startswith("PORTAL_TEST_")
    ]
    if problems:
        raise SettingsRefused(problems)
    try:
        return Settings(**{"env": env} | overrides)
    except tomllib.TOMLDecodeError as broken:
        raise SettingsRefused([f"a file in config/ cannot be read: {broken}"]) from broken
    except ValidationError as wrong:
        raise SettingsRefused([_sentence(error) for error in wrong.errors(include_input=False)]) from None


def _sentence(error: Any) -> str:
    """One problem in words, without the value (it may be a secret)."""
    where = ".".join(str(part) for part in error["loc"])
    words = error["msg"].removeprefix("Value error, ")
    match error["type"]:
        case "extra_forbidden":
            return f"{where} is not a setting; see config/default.toml"
        case "missing":
            return f"{where} is missing"
    return f"{where}: {words}" if where else words
