"""The Superset dashboard: dashboard.yml says what it shows, bundle.py makes it importable.

Columns are described in one place, dbt, and come with each release as comments of its DuckDB file:
the datasets are made from those, so that they cannot say anything else.
"""
