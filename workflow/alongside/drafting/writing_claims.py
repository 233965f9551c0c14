"""The `analysis:` block of a draft, and claims that somebody may make: commented out, for no export makes a claim."""

from alongside.drafting.lines import OPEN, listing, scalar


def write_analysis(lines, plan):
    """What was known about people before the programme, adjusted for."""
    if not plan.facts.covariates:
        return
    lines.gap()
    lines.put(0, "analysis", comment="adjust_for: [] where nothing is to be adjusted for")
    why = "each must be known before the programme starts: delete what is not"
    lines.put(1, "adjust_for", listing(plan.facts.covariates), why)


def write_claims(lines, plan, instruments):
    """A claim for each outcome whose scale is known, at the first follow-up at which it was asked."""
    drafted = [(outcome, wave) for outcome in plan.outcomes if (wave := _first_followup(outcome, plan)) is not None]
    drafted = [(outcome, wave) for outcome, wave in drafted if outcome.match and outcome.match.instrument]
    if not drafted:
        return
    lines.gap()
    lines.say(
        0, "What the programme says it does. Take the # away before each claim that it makes, in its own words; delete "
        "the others. Each is judged in the report.",
    )  # fmt: skip
    lines.put_aside(0, "claims")
    for outcome, wave in drafted:
        worse = instruments[outcome.match.instrument].higher_is == "worse"
        verb, direction = ("reduces", "decrease") if worse else ("raises", "increase")
        lines.put_aside(1, f"{outcome.name}_{direction}s")
        lines.put_aside(2, "text", scalar(f"Mentoring {verb} {outcome.name.replace('_', ' ')}"))
        lines.put_aside(2, "outcome", outcome.name)
        lines.put_aside(2, "wave", wave, "the follow-up at which it should show")
        lines.put_aside(2, "direction", direction, f"high is {'worse' if worse else 'better'} on this scale")
        if len(plan.cohort.levels) > 2:
            lines.put_aside(2, "contrast", OPEN, "the cohorts it is about, such as mentored - waiting")


def _first_followup(outcome, plan):
    asked = [wave.key for wave in plan.waves[1:] if wave.key not in outcome.absent or wave.key in outcome.likely]
    return asked[0] if asked else None
