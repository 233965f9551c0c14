"""Exports that nobody has described yet -> a first study.yaml, with a reason for everything in it.

In: tables as intake's own readers open them. Out: the text of a study file. What was recognised stands in it with the
reason; what no file can say (the design, the comparison, which outcome is primary) is marked TODO, and the study
reader refuses the file until somebody has filled it in.

`profile` looks at columns; `exports` opens files; `identify`, `scales`, `candidates`, `waves`, `cohorts`, `consent`,
`people` and `responses` each recognise one thing, `constructs` names what a scale measures; `drawing_up` brings them
into order; `writing` and its siblings make the text.
"""

from alongside.drafting.drawing_up import draw_up
from alongside.drafting.exports import open_exports
from alongside.drafting.writing import write_study

__all__ = ["draw_up", "open_exports", "write_study"]
