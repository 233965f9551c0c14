"""Files that a person writes in YAML: study files and codebooks, read as text and typed by their key.

In: a path and pydantic models. Out: a typed object, or every mistake at once, each with its line and dotted key.

`nodes` turns the file into plain dicts, lists and text, and remembers the lines; `scalars` types a text by the key
that it stands under; `model` is the base of every block of keys; `explain` puts pydantic's errors into plain words;
`lenient` types what can be typed in a file with mistakes, so that the remaining checks can still run.
"""

from alongside.typed_yaml.explain import Problem, did_you_mean, nearest
from alongside.typed_yaml.lenient import type_leniently
from alongside.typed_yaml.model import Model
from alongside.typed_yaml.nodes import Document, read_document

__all__ = ["Document", "Model", "Problem", "did_you_mean", "nearest", "read_document", "type_leniently"]
