"""Which fields of a customer differ, as masks name them, and what of two edits goes together."""

from __future__ import annotations

from dataclasses import fields
from typing import Dict, Hashable, List, Optional, Sequence, Set, Tuple

from .messages import Customer

#: What only the daemon sets.
_SERVER_SET = {"customer_id", "version", "create_time", "update_time"}

#: The fields that callers write, but for attributes, which count one by one.
_FIELDS = [
    field.name for field in fields(Customer)
    if field.name not in _SERVER_SET | {"attributes", "unknown_fields"}
]  # fmt: skip

#: A field, or a part of one: an attribute by its name, an element of a list by its key.
_Part = Tuple[str, Hashable]


def changed_paths(before: Customer, after: Customer) -> List[str]:
    """Returns the paths of the fields that differ; attributes one by one, lists as a whole."""
    paths = [name for name in _FIELDS if getattr(before, name) != getattr(after, name)]
    for name in sorted({*before.attributes, *after.attributes}):
        if before.attributes.get(name) != after.attributes.get(name):
            paths.append(f"attributes.{name}")
    return paths


def contested(base: Customer, mine: Customer, theirs: Customer) -> bool:
    """Whether two edits of one customer changed the same to something else.

    Texts, attributes, and phones and addresses by their keys count one by one.
    """
    both = _changed_parts(base, mine) & _changed_parts(base, theirs)
    return bool(both & _changed_parts(mine, theirs))


def is_written(sent: Customer, mask: Optional[Sequence[str]], found: Customer) -> bool:
    """Whether a customer has what an update was to give it, as it was sent.

    The daemon may have written it in another form: then it can't be told. `mask` is the update's.
    """
    differences = changed_paths(found, sent)
    if mask is None:
        unset = {name for name in _FIELDS if not getattr(sent, name)}
        return not sent.attributes and not {*differences} - unset
    return "*" not in mask and not {*differences} & {*mask} and "attributes" not in mask


def _changed_parts(before: Customer, after: Customer) -> Set[_Part]:
    old, new = _parts(before), _parts(after)
    return {part for part in old.keys() | new.keys() if old.get(part) != new.get(part)}


def _parts(customer: Customer) -> Dict[_Part, object]:
    parts: Dict[_Part, object] = {("attributes", name): value
                                  for name, value in customer.attributes.items()}
    for name in _FIELDS:
        value = getattr(customer, name)
        if not isinstance(value, list):
            parts[name, None] = value
            continue
        for element in value:
            # What is new has no key yet: all such elements are one part.
            parts[name, element.key] = [*_elements(parts, name, element.key), element]
    return parts


def _elements(parts: Dict[_Part, object], name: str, key: str) -> List[object]:
    value = parts.get((name, key), [])
    return value if isinstance(value, list) else []
