"""Every setting of the project, read from the environment here and nowhere else.

settings.py      the settings, each with its default, and the folders that follow from them
values.py        what a value has to be, and what is said of one that cannot be used
environment.py   the environment and the file `.env`
places.py        where the parts of the repository are
"""

from orchestration.settings.environment import SettingError, read_environment, secret
from orchestration.settings.places import BUNDLED_SOURCES, DBT_PROJECT, EXPECTATIONS, PROJECT
from orchestration.settings.settings import Settings
from orchestration.settings.values import Engine, local_spark, pseudonym_key_of

__all__ = [
    "BUNDLED_SOURCES",
    "DBT_PROJECT",
    "EXPECTATIONS",
    "PROJECT",
    "Engine",
    "SettingError",
    "Settings",
    "local_spark",
    "pseudonym_key_of",
    "read_environment",
    "secret",
]
