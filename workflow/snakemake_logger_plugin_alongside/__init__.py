"""Progress that a person can read, for Snakemake's `--logger alongside` (the default profile asks for it).

In: Snakemake's log events. Out, on the screen: which stage begins, how many are done and left, the time so far, and
where to look when a stage fails. A failing step has said itself what is wrong and what to do; Snakemake's own
account of it (rule, paths, shell command) stays in `.snakemake/log/`.
"""

import logging
import sys
import time

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent


class LogHandler(LogHandlerBase):
    writes_to_stream = True
    writes_to_file = False
    has_filter = True
    has_formatter = True
    needs_rulegraph = False

    def __post_init__(self):
        self.began = time.monotonic()
        self.failed = []
        self.targets = 0

    def emit(self, record):
        line = self.describe(record)
        if line:
            print(line, file=sys.stderr, flush=True)

    def describe(self, record):
        """The line for an event, None where there is nothing to say."""
        event = getattr(record, "event", None)
        if event == LogEvent.RUN_INFO:
            return self._plan(record.stats)
        if event == LogEvent.JOB_INFO:
            return record.rule_msg
        if event == LogEvent.PROGRESS:
            return self._count(record.done, record.total - self.targets)
        if event == LogEvent.JOB_ERROR:
            self.failed.append(record.rule_name)
            return f"{record.rule_name} stopped after {self._elapsed()}; its log: {', '.join(record.log)}"
        if event == LogEvent.ERROR:
            # what a failing step has said itself comes again as the exception of its shell command
            return None if self.failed or record.exception == "RuleException" else record.getMessage()
        if event is None and record.getMessage().startswith("Nothing to be done"):
            return "Nothing to do: everything is up to date."
        if event is None and record.levelno >= logging.ERROR and not self.failed:
            return record.getMessage()
        return None

    def _plan(self, stats):
        self.targets = stats.get("all", 0)  # the rule `all` does nothing: it is no stage
        return None if self.common_settings.dryrun else f"{stats['total'] - self.targets} stages to do\n"

    def _count(self, done, total):
        return f"{done} of {total} done, {total - done} left, {self._elapsed()}\n" if done <= total else None

    def _elapsed(self):
        return f"{time.monotonic() - self.began:.0f} s"
