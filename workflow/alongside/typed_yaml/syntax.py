"""What YAML's own error messages mean, for someone who has never read the YAML specification.

In: a `yaml.YAMLError` and the text. Out: one `Mistake` with the line and the likely cause. A syntax error is reported
alone: whatever follows it in the file cannot be trusted.
"""

import re

import yaml

from alongside.errors import Mistake

# part of PyYAML's message -> what was found, what to do about it; the first that matches is used
MEANINGS = (
    ("found character '\\t'", "a tab", "indent with spaces"),
    ("mapping values are not allowed", "a colon where none can stand",
     "put text that holds ': ' in quotes, or check the indentation of this line and the one before"),
    ("could not find expected ':'", "a key without its colon", "write key: value, here or in the line before"),
    ("while parsing a flow", "a bracket or brace that is not closed, or a comma that is missing",
     "check the brackets from here on"),
    ("while scanning a quoted scalar", "a quotation mark that is not closed", "close it"),
    ("unknown escape character", "a backslash inside double quotes", "use single quotes"),
    ("while parsing a block mapping", "this line does not fit what is above it",
     "give keys of the same block the same indentation; put text with special characters in quotes"),
    ("while parsing a block collection", "this line does not fit the list above it",
     "begin each item with '- ' at the same indentation"),
    ("while scanning for the next token", "a character that cannot begin a value", "put the value in quotes"),
    ("while scanning a directive", "a line that begins with %", "put the value in quotes"),
    ("while scanning an a", "a value that begins with & or *", "put the value in quotes"),  # an anchor, an alias
    ("tag", "a value that begins with !", "put the value in quotes"),
    ("special characters are not allowed", "an invisible control character", "delete it"),
    ("while scanning a block scalar", "'|' or '>' with something else in the same line",
     "begin the text in the next line"),
)  # fmt: skip


# braces mean something to YAML: {wave3: belong_{item}} ends in the middle of the name
_UNQUOTED_PATTERN = re.compile(r"\{item\}")
_QUOTED = re.compile(r'"[^"]*"|' r"'[^']*'|#.*")


def explain_syntax(error, *, name, text):
    """One `Mistake` for an error of PyYAML's scanner, parser or reader."""
    message = str(error)
    mark = getattr(error, "problem_mark", None)
    # the scanner counts lines, the reader characters
    line = (mark.line if mark is not None else text.count("\n", 0, error.position)) + 1
    opened = getattr(error, "context_mark", None)
    quoted = _quotation_closed_in(text, line)
    if quoted is not None:
        found = f"a quotation mark that is closed only in line {line}"
        return Mistake(f"{name}, line {quoted}", found, remedy="close it where the text ends")
    written = text.split("\n")[line - 1]
    if _UNQUOTED_PATTERN.search(_QUOTED.sub("", written)):
        found = "a pattern with {item} that stands in no quotes"
        return Mistake(f"{name}, line {line}", found, 'a pattern in quotes: "belong_{item}"', "put it in quotes")
    for part, found, remedy in MEANINGS:
        if part in message:
            if opened is not None and opened.line + 1 < line and "not closed" in found:
                found += f" (opened in line {opened.line + 1})"
            return Mistake(f"{name}, line {line}", found, remedy=remedy)
    return Mistake(f"{name}, line {line}", "this is not valid YAML", remedy="compare it with the line above")


def _quotation_closed_in(text, line):
    """Where a quoted text begins that runs over several lines and ends in `line`: a mark was forgotten there."""
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
                first, last = token.start_mark.line + 1, token.end_mark.line + 1
                if first < last == line:
                    return first
    except yaml.YAMLError:
        return None  # the error that is being explained
    return None
