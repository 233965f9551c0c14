"""Says at the end how many tests were left out by their marks; with xdist, pytest itself does not."""

import pytest

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
