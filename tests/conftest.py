"""How many random examples the property tests draw; and at the end, how many tests were left out by their marks (with
xdist, pytest itself does not say).

A verdict on a commit must not depend on luck: by default the examples are the same every time. `make explore` draws
others, many more, and is no verdict. A test that wants more or fewer takes a multiple of settings.default.max_examples.
"""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "verdict", derandomize=True, max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", settings.get_profile("verdict"), derandomize=False, max_examples=1000,
                          print_blob=True)  # fmt: skip
settings.load_profile("verdict")

LEFT_OUT = pytest.StashKey[int]()


def pytest_deselected(items):
    config = items[0].config
    config.stash[LEFT_OUT] = config.stash.get(LEFT_OUT, 0) + len(items)
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = config.stash[LEFT_OUT]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    # every worker collects the same tests and leaves out the same ones
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(terminalreporter, config):
    count = config.stash.get(LEFT_OUT, 0)
    marks = config.getoption("markexpr")
    terminalreporter.write_line(f"left out by their marks ({marks or 'none'}): {count}")
