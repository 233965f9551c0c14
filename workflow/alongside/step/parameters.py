"""Turn a rule's parameters, which cross to the script as plain values, into what a stage takes.

`plan` is a slice of the study and becomes typed objects again; a parameter that ends in `_folder` is a path; `key`
names the file of the study's pseudonym key, which is made on first use, readable by its owner alone.
"""

import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def read_parameter(name, value):
    if name == "plan":
        from alongside.study import rebuild_slice

        return rebuild_slice(value)
    if name == "key":
        return read_or_make_key(Path(value))
    return Path(value) if name.endswith("_folder") else value


def read_or_make_key(path):
    """The key's bytes. Written whole under another name and then linked, so that a crash never leaves half a key."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
        os.replace(draft, path)
    return bytes.fromhex(path.read_text(encoding="ascii").strip())
