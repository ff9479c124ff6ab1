"""What the daily job is called, and how the UI tells of it."""

JOB = "daily"
DESCRIPTION = """
Pulls, builds, classifies, audits and publishes one business day. The schedule starts it each
morning; `tiers run` is the same job on the same records.

- **Run a day**: *Materialize…*, choose the day, launch. The newest day may be run again.
- **Decide past days again**: *Materialize…*, choose the first of them and every day after it, up to
  the newest that was run: later days rest on earlier ones, and a backfill that leaves one out is
  refused. What the days were before is kept aside.
- **If a run fails**: its failed step says what is wrong and what to do. Readers keep the last
  release. Correct the cause, and run the day again.
- **Afterwards**: every asset of the group `published` leads to the report and the database.
"""
