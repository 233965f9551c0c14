"""Exports typed in a test, drawn up as `alongside new` does."""

from types import SimpleNamespace

import pytest

from alongside.drafting import draw_up, open_exports, write_study
from alongside.instruments import list_instruments, load_instrument
from alongside.study.checks.names import RESERVED


@pytest.fixture(scope="session")
def library():
    return {id: load_instrument(id) for id in list_instruments()}


@pytest.fixture
def draft(tmp_path, library):
    """draft({name: text or bytes}) -> plan, text"""

    def make(files):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        exports = open_exports(tmp_path, sorted(files))
        plan = draw_up(exports.tables, library, reserved=RESERVED)
        text = write_study(plan, title="Mine", prefix="raw/", exports=exports, instruments=library)
        return SimpleNamespace(plan=plan, text=text)

    return make


@pytest.fixture
def table():
    """table("id,gad_{}", rows) -> CSV text; {} stands for the items 1 to 7"""

    def write(head, rows):
        names = [name.replace("{}", str(n)) for name in head.split(",") for n in (range(1, 8) if "{}" in name else [0])]
        return "\n".join([",".join(names), *(",".join(map(str, row)) for row in rows)]) + "\n"

    return write
