"""The names of careless-responding flags, and of sums over them in `flags` (what each one is: intake/careless.py)."""

CARELESS = ("attention-check", "too-fast", "straight-line", "long-string", "unusual-pattern")
UNFINISHED = "unfinished"  # no sign of carelessness: the answered scales are data
ANY = "any"  # a response with at least one of the careless flags
EVERYWHERE = ""  # all waves, or all cohorts


def kind_of(flag):
    """'straight-line:isolation' -> 'straight-line'"""
    return flag.partition(":")[0]
