"""The base of every block of keys: frozen, no unknown keys, and a key with nothing after it counts as left out."""

from pydantic import BaseModel, ConfigDict, model_validator


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_the_empty(cls, value):
        if isinstance(value, dict):
            return {key: held for key, held in value.items() if held is not None}
        return value
