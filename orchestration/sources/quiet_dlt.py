"""dlt as a library that only does as it is told: no telemetry, no settings of the machine.

By itself it takes settings from the environment and from files in the working and the home folder,
and sends usage statistics. A pull depends on nothing but the source file and its secrets, so what
is used of dlt is imported from here; that takes a second, which sources of files need not pay.
"""

from __future__ import annotations

from dlt.common.configuration.container import Container
from dlt.common.configuration.providers.dictionary import DictionaryProvider
from dlt.common.configuration.providers.provider import ConfigProvider
from dlt.common.configuration.specs.pluggable_run_context import PluggableRunContext
from dlt.common.configuration.specs.runtime_configuration import RuntimeConfiguration
from dlt.common.runtime.run_context import RunContext
from dlt.sources.helpers.rest_client.client import RESTClient
from dlt.sources.helpers.rest_client.paginators import BasePaginator
from dlt.sources.rest_api.config_setup import create_paginator, register_paginator
from dlt.sources.sql_database.helpers import BaseTableLoader, TableLoader

__all__ = [
    "BasePaginator",
    "BaseTableLoader",
    "RESTClient",
    "TableLoader",
    "create_paginator",
    "register_paginator",
]


class Alone(RunContext):
    """Settings that are said here, and no others."""

    def initial_providers(self) -> list[ConfigProvider]:
        """No file, no environment, no vault."""
        said = DictionaryProvider()
        said.set_value("enable_airflow_secrets", False, "", "providers")
        return [said]

    def initialize_runtime(self, runtime_config: RuntimeConfiguration | None = None) -> None:
        """Without telemetry, whoever asks for it."""
        super().initialize_runtime(RuntimeConfiguration(dlthub_telemetry=False))


Container()[PluggableRunContext] = PluggableRunContext(Alone(None))
