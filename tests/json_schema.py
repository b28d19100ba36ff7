"""A reader of JSON Schema, as strict as our schemas are: a word that it does not know is refused."""

import re
from typing import Any

_WORDS = {
    "$defs", "$ref", "$schema", "additionalProperties", "anyOf", "const", "description", "enum", "items", "pattern",
    "properties", "required", "title", "type",
}  # fmt: skip
_TYPES = {str: "string", bool: "boolean", int: "integer", list: "array", dict: "object", type(None): "null"}


def faults(value: Any, schema: dict[str, Any], *, root: dict[str, Any] | None = None, at: str = "$") -> list[str]:
    """Return where a value is not what a schema says, and nothing if it is."""
    root = root or schema
    if unknown := schema.keys() - _WORDS:
        raise ValueError(f"{at}: {sorted(unknown)}")
    found = []
    if "$ref" in schema:
        found += faults(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root=root, at=at)
    if "anyOf" in schema and all(faults(value, one, root=root, at=at) for one in schema["anyOf"]):
        found.append(f"{at}: {value!r} is none of them")
    types = schema.get("type", [])
    if types and _TYPES[type(value)] not in ([types] if isinstance(types, str) else types):
        found.append(f"{at}: {value!r} is not {types}")
    if ("const" in schema and value != schema["const"]) or ("enum" in schema and value not in schema["enum"]):
        found.append(f"{at}: {value!r}")
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        found.append(f"{at}: {value!r} is not {schema['pattern']}")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        found += [f"{at}: no {name}" for name in schema.get("required", []) if name not in value]
        if schema.get("additionalProperties") is False:
            found += [f"{at}: {name}?" for name in value.keys() - known.keys()]
        for name in value.keys() & known.keys():
            found += faults(value[name], known[name], root=root, at=f"{at}.{name}")
    if isinstance(value, list):
        for rank, one in enumerate(value):
            found += faults(one, schema.get("items", {}), root=root, at=f"{at}[{rank}]")
    return found
