"""How many examples a test draws: few and always the same, or many and always others.

pytest tests/fuzz --hypothesis-profile=thorough
"""

from hypothesis import HealthCheck, settings

THOROUGH = "thorough"  # registered in tests/conftest.py, before pytest looks for it
TIMES_MORE = 40


def examples(count: int) -> settings:
    """Settings of a test that draws `count` examples in every run, and 40 times more if asked."""
    thorough = settings.get_current_profile_name() == THOROUGH
    return settings(
        max_examples=count * TIMES_MORE if thorough else count,
        derandomize=not thorough,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
