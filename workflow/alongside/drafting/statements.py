"""The same questions under different names: Q5_1 in one survey, a whole sentence in the next, phq9_1 in a data file.

In: families of item groups. Out: the families, those joined whose items put the same statements in the same order, as
the files have them: Qualtrics' second row, a header that is a question, a variable's label. Statements that are worded
otherwise, or numbers that do not go together, join nothing: that the number of items is the same says too little.
"""

import re

from alongside.intake.text import normalise

_MATRIX = re.compile(r".+?(?: / (.+)| \[(.+)\])")
_NUMBERED = re.compile(r"^\s*(?:q|question|item)?\s*\d+[a-z]?\s*[.):]\s*", re.IGNORECASE)
_BETWEEN = " - "  # what Qualtrics writes between a question and its statement
_AGREE = 0.75
_CUT_OFF = 20  # letters: SPSS cuts long labels
_HIGHEST = 20  # numbers above, or below 0, mark that there is no answer


def join_families(families):
    """Families of the same statements become one, where no table has both."""
    joined = []
    for family in families:
        same = next((other for other in joined if _are_the_same(other, family)), None)
        if same is None:
            joined.append(family)
        else:
            same.places += family.places
            same.joined = True
    return joined


def _are_the_same(one, other):
    if one.n_items != other.n_items or any(group.single for group in (*one.groups, *other.groups)):
        return False
    tables = [table for table, _ in one.places]
    if any(table is there for table, _ in other.places for there in tables):
        return False
    said = [[told for group in family.groups if (told := read_statements(group))] for family in (one, other)]
    return any(_agree(*pair) for pair in ((a, b) for a in said[0] for b in said[1])) and _go_together(one, other)


def read_statements(group):
    """What each item says, in order; [] where the file does not tell"""
    texts = [column.question or (column.header if group.pattern is None else "") for column in group.columns]
    if not all(texts):
        return []
    question = texts[0].rpartition(_BETWEEN)[0] + _BETWEEN
    begins = len(question) if all(text.startswith(question) for text in texts) else 0
    statements = [normalise(_NUMBERED.sub("", _inside(text[begins:]), count=1)) for text in texts]
    return statements if len(set(statements)) == len(statements) and all(statements) else []


def _inside(text):
    """The statement of "How often ...? [Statement]" """
    match = _MATRIX.fullmatch(text)
    return (match[1] or match[2]) if match else text


def _agree(one, other):
    same = sum(a == b or (min(len(a), len(b)) >= _CUT_OFF and (a.startswith(b) or b.startswith(a)))
               for a, b in zip(one, other, strict=True))  # fmt: skip
    return same >= _AGREE * len(one)


def _go_together(one, other):
    """0 to 3 and 1 to 4 are two ways to write answers down: the numbers of one would be wrong for the other."""
    spans = [[number for number in family.numbers() if 0 <= number <= _HIGHEST] for family in (one, other)]
    if not all(spans):
        return True
    both = [*spans[0], *spans[1]]
    return max(both) - min(both) <= max(max(span) - min(span) for span in spans)
