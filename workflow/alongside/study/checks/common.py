"""What the checks share: a name that has to be one of those declared elsewhere."""

from alongside.typed_yaml.explain import Problem, did_you_mean, quote


def unknown(path, name, known, *, what):
    """The problem of a name that is not among `known`; `what`: what it should name ("a wave")."""
    return Problem(
        tuple(path),
        f"{quote(name)} is not {what} of this study",
        ", ".join(known) or f"there is no {what.split(' ', 1)[1]} yet",
        did_you_mean(name, known),
    )


def unknown_among(path, names, known, *, what):
    """One problem for each of `names` (a list in the file) that is not known."""
    for position, name in enumerate(names):
        if name not in known:
            yield unknown((*path, position), name, known, what=what)


def wave_keys(path, block, waves, *, needed):
    """Problems of a {wave or 'otherwise': ...} block: keys that name no wave, and waves that it forgets."""
    for wave in block:
        if wave != "otherwise" and wave not in waves:
            yield unknown((*path, wave), wave, (*waves, "otherwise"), what="a wave")
    absent = [wave for wave in needed if wave not in block]
    if absent and "otherwise" not in block and set(block) <= set(waves):
        allowed = ", ".join(needed) + "; 'otherwise' stands for all that are not named"
        yield Problem(tuple(path), f"no entry for {', '.join(absent)}", allowed)
