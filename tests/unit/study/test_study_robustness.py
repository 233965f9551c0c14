"""Whatever is done to a study file, reading it ends in a `Study` or in mistakes with a place and plain words."""

import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from alongside.errors import UserError
from alongside.study import Study, load_study

TEXT = (Path(__file__).parent / "full-example.yaml").read_text(encoding="utf-8")
LINES = TEXT.splitlines()
KEYS = sorted(set(re.findall(r"([\w-]+):", TEXT)))
JUNK = [
    "", " ", "null", "~", "-", "--", "---", "...", ":", ": :", "[", "]", "{}", "[]", "{a: b}", "[a, b]",
    "[[a], [b]]", "{otherwise: x}", "*x", "&x", "!!int 3", "<<: {a: b}", "? a", "|", ">", "%", "@", "`", "'",
    '"', "#", "1e999", "-1", "nan", "inf", "0", "00", "1_0", "٣", "{item}", "{0}", "a{b}c", "\t", "\x00",
    "\u2028", "\ud7ff", "otherwise", "wave", "before", "mentored", "9" * 400, "x" * 5000, "2026-02-30",
    "mentored - mentored", " - ", "score", "person", "raw/*",
]  # fmt: skip
JARGON = re.compile(r"pydantic|validat|Input should|type=|ctx|Traceback|NoneType|<class|\btuple|\bdict\b|<function")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("data") / "trial"


def check(folder, content):
    folder.mkdir(exist_ok=True)
    path = folder / "study.yaml"
    path.write_bytes(content)
    try:
        study = load_study(path)
    except UserError as error:
        n_lines = len(content.decode("utf-8", "replace").splitlines()) + 1
        for mistake in error.mistakes:
            match = re.match(r".*study\.yaml, line (\d+)", mistake.where)
            assert match
            assert 1 <= int(match[1]) <= n_lines
            assert mistake.found
            assert not JARGON.search(f"{mistake.found} {mistake.allowed} {mistake.remedy}"), mistake
            assert max(map(len, (mistake.where, mistake.found))) < 6000
    else:
        assert isinstance(study, Study)
        json.dumps(study.slice("participants", "waves", "source", "outcomes", "analysis", "claims", "contrasts"))


def edits():
    line = st.integers(0, len(LINES) - 1)
    junk = st.sampled_from(JUNK)
    return st.one_of(
        st.tuples(st.just("delete"), line, junk),
        st.tuples(st.just("double"), line, junk),
        st.tuples(st.just("value"), line, junk),
        st.tuples(st.just("key"), line, st.sampled_from(KEYS)),
        st.tuples(st.just("indent"), line, st.sampled_from(["", "  ", "    ", "      ", "\t"])),
        st.tuples(st.just("append"), line, st.one_of(junk, st.text(max_size=8))),
    )


def edit(lines, how, number, text):
    number = min(number, len(lines) - 1)
    old = lines[number]
    new = {
        "delete": [],
        "double": [old, old],
        "value": [re.sub(r":.*", lambda _: f": {text}", old, count=1)],
        "key": [re.sub(r"[\w-]+:", lambda _: f"{text}:", old, count=1)],
        "indent": [text + old.lstrip()],
        "append": [old + text],
    }[how]
    return [*lines[:number], *new, *lines[number + 1 :]] or [""]


SETTINGS = settings(
    suppress_health_check=[*settings.default.suppress_health_check, HealthCheck.function_scoped_fixture]
)


@SETTINGS
@given(changes=st.lists(edits(), min_size=1, max_size=5))
@example(changes=[("key", 4, "verdict")])  # a key of the study file that ends like a word of Python's
def test_edited_lines(folder, changes):
    lines = LINES
    for how, number, text in changes:
        lines = edit(lines, how, number, text)
    check(folder, "\n".join(lines).encode("utf-8", "surrogatepass"))


@SETTINGS
@given(cut=st.integers(0, len(TEXT)), start=st.integers(0, 200), byte=st.binary(min_size=0, max_size=3))
def test_truncated_and_damaged_bytes(folder, cut, start, byte):
    check(folder, TEXT.encode()[start:cut] + byte)


def places(tree, path=()):
    yield path
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield from places(value, (*path, key))


TREE = yaml.load(TEXT, Loader=yaml.BaseLoader)


@pytest.mark.parametrize("value", ["x", [["a"]], {"a": "b"}], ids=str)
def test_every_part_in_turn(folder, value):
    for path in list(places(TREE))[1:]:
        tree = json.loads(json.dumps(TREE))
        holder = tree
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = value
        check(folder, json.dumps(tree, indent=1).encode())


VALUES = st.recursive(
    st.sampled_from(["", "x", "1", "before", "mentored", "gender", "isolation", "raw/a.csv", "-1", "{item}"]),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)),
    max_leaves=5,
)


@SETTINGS
@given(changes=st.lists(st.tuples(st.sampled_from(list(places(TREE))[1:]), VALUES), min_size=1, max_size=4))
def test_replaced_parts(folder, changes):
    """Well-formed YAML with parts of the wrong shape in the right places."""
    tree = json.loads(json.dumps(TREE))
    for path, value in changes:
        holder = tree
        for step in path[:-1]:
            holder = holder[step] if isinstance(holder, dict | list) and step in keys(holder) else None
        if isinstance(holder, dict | list) and path[-1] in keys(holder):
            holder[path[-1]] = value
    check(folder, json.dumps(tree, indent=1).encode())


def keys(holder):
    return holder if isinstance(holder, dict) else range(len(holder))
