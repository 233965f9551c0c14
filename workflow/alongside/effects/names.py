"""Names by which other stages find what effects wrote: kept apart so that reading them imports no estimator."""

CONTINUOUS = ("scale", "score")  # kinds of outcome that have a primary model here

BASELINE = "baseline"  # value of `analysis` in components for what is known before any model

NO_FLAGS = "no response with a score of this outcome is flagged, so this is the primary analysis"
NOT_MEASURED = "not measured"  # how every note begins that a later wave could make untrue


def name_contrast(pair):
    """'mentored - unmentored'"""
    return " - ".join(pair)


def pooled_component(pair):
    """The name under which components holds the pooled baseline variance of a contrast."""
    return f"pooled[{name_contrast(pair)}]"
