"""One YAML file as plain dicts, lists and text, with the line of every key and value.

In: a path. Out: a `Document`. Every scalar is the text that was typed: Yes, No, 01 and -99 are not turned into
True, False, 1 and a number; that is left to the key they stand under. A key with nothing after it holds None.

Steps: read as UTF-8; walk the YAML events; note duplicate keys, anchors, aliases, merge keys, tags and keys that
are no text as mistakes. Aliases are refused because they hide what a key holds from whoever reads the file.
Fails (`UserError`, alone) when the file is missing, is not UTF-8, is no YAML, or is not one block of keys.
"""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from alongside.errors import Mistake, UserError
from alongside.typed_yaml.explain import Problem
from alongside.typed_yaml.syntax import explain_syntax

DEEPEST = 12  # levels of nesting; the deepest key of a study file is at six


@dataclass
class Document:
    """tree: dicts, lists, text and None; lines are counted from 1 and looked up by the path of keys."""

    name: str
    tree: dict
    key_lines: dict[tuple, int] = field(default_factory=dict)
    value_lines: dict[tuple, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def mistake(self, problem):
        """The `Mistake` for a `Problem`: its file, its line, and its key as the user wrote it."""
        path = problem.path if problem.absent else self.written(problem.path)
        return Mistake(
            where=f"{self.name}, line {self.line(problem)}" + (f", {dotted(path)}" if path else ""),
            found=problem.found,
            allowed=problem.allowed,
            remedy=problem.remedy,
        )

    def line(self, problem):
        if problem.at_line is not None:
            return problem.at_line
        # where the key stands; for something absent, the key of its block; items of a list have no key
        path = self.written(problem.path)
        return self.key_lines.get(path, self.value_lines.get(path, 1))

    def written(self, path):
        """The longest part of `path` that stands in the file: normalised forms have steps that nobody wrote."""
        while path and path not in self.value_lines:
            path = path[:-1]
        return path

    def mistakes(self, problems):
        """Mistakes in the order of the file."""
        return tuple(self.mistake(problem) for problem in sorted(problems, key=self.line))


def dotted(path):
    """outcomes.isolation.instrument; a list's items are counted from 1: clusters.2"""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)


def read_document(path, *, what):
    """Read one YAML file.

    path: the file; what: what it should be, for messages ("study file", "codebook")
    """
    name = display_name(path)
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UserError(Mistake(name, f"the {what} cannot be read: {error.strerror}")) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UserError(
            Mistake(f"{name}, line {line}", "not UTF-8 text", remedy="save the file as plain text in UTF-8")
        ) from None
    return parse_text(text, name=name, what=what)


def parse_text(text, *, name, what):
    """As `read_document`, for text that has been read already."""
    document = Document(name=name, tree={})
    walk = _Walk(text, document)
    try:
        tree = walk.run()
    except yaml.YAMLError as error:
        raise UserError(explain_syntax(error, name=name, text=text)) from None
    except _TooDeep as error:
        raise UserError(Mistake(f"{name}, line {error.args[0]}", f"nested more than {DEEPEST} levels deep")) from None
    if not isinstance(tree, dict):
        found = "empty" if tree is None else "not one block of keys"
        raise UserError(Mistake(f"{name}, line 1", f"the {what} is {found}", allowed="key: value, one key a line"))
    document.tree = tree
    return document


def display_name(path):
    """The path as a user would type it: relative to where they are, if it is below."""
    path = Path(path)
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


class _TooDeep(Exception):
    pass


class _Walk:
    """Builds the tree from YAML events: unlike composed nodes they still show anchors, aliases and tags."""

    def __init__(self, text, document):
        self.events = yaml.parse(text, Loader=yaml.SafeLoader)
        self.document = document

    def run(self):
        tree = None
        n_documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                n_documents += 1
                if n_documents == 2:
                    self._refuse((), "a second document begins here ('---')", "one document a file", event)
            elif isinstance(event, yaml.NodeEvent):
                built = self._build(event, ())
                tree = built if n_documents == 1 else tree
        return tree

    def _build(self, event, path):
        if len(path) > DEEPEST:
            raise _TooDeep(_line(event))
        self.document.value_lines.setdefault(path, _line(event))
        if isinstance(event, yaml.AliasEvent):
            self._refuse(path, f"an alias (*{event.anchor})", remedy="write the value out, or in quotes if it is text")
            return None
        if event.anchor is not None:
            self._refuse(path, f"an anchor (&{event.anchor})", remedy="delete it, or put the value in quotes")
        if event.tag is not None:
            self._refuse(path, f"a tag ({event.tag})", remedy="delete it, or put the value in quotes if it is text")
        if isinstance(event, yaml.ScalarEvent):
            return None if event.value == "" and event.style is None else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._build_list(path)
        return self._build_block(path)

    def _build_list(self, path):
        items = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._build(event, (*path, len(items))))
        return items

    def _build_block(self, path):
        block = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, path)
            if key is None:
                self._build(next(self.events), (*path, "?"))
            elif key in block:
                first = self.document.key_lines[(*path, key)]
                self._refuse((*path, key), f"the key '{key}' stands here again", "each key once", event, first=first)
                self._build(next(self.events), (*path, key))
            else:
                self.document.key_lines[(*path, key)] = _line(event)
                block[key] = self._build(next(self.events), (*path, key))
        return block

    def _key(self, event, path):
        if isinstance(event, yaml.ScalarEvent) and event.value != "<<":
            if event.anchor is not None or event.tag is not None:
                self._refuse(path, "a key with an anchor or a tag", "plain text as key", event)
            return event.value
        merge = isinstance(event, yaml.ScalarEvent)
        self._refuse(
            path,
            "a merge key ('<<')" if merge else "a key that is no plain text",
            "" if merge else "key: value",
            event,
            remedy="write the keys out" if merge else "",
        )
        if not merge and not isinstance(event, yaml.AliasEvent):
            self._build(event, (*path, "?"))
        return None

    def _refuse(self, path, found, allowed="", event=None, *, first=None, remedy=""):
        if first is not None:
            remedy = f"it stands in line {first} already; keep one"
        line = None if event is None else _line(event)
        self.document.problems.append(Problem(path, found, allowed, remedy, at_line=line))


def _line(event):
    return event.start_mark.line + 1
