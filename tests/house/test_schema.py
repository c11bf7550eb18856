"""What the migrations make is what the models say, on every database."""

import pytest

from portal.app import create_app
from portal.core import migrate
from portal.core.settings import load
from tests.rig import databases, run


@pytest.mark.parametrize("kind", databases.KINDS)
def test_the_migrated_schema_equals_the_models(kind: str) -> None:
    with databases.fresh_database(kind) as url:
        app = create_app(load(env="test", database_url=url, instance_path=run.folder() / "instance"))
        with app.app_context():
            assert app.extensions["alembic"].compare_metadata() == []


@pytest.mark.parametrize("kind", databases.KINDS)
def test_migrating_twice_changes_nothing(kind: str) -> None:
    with databases.fresh_database(kind) as url:
        app = create_app(load(env="test", database_url=url, instance_path=run.folder() / "instance"))
        with app.app_context():
            assert migrate.upgrade(app) == 0
