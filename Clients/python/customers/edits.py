"""Which fields of a customer differ, as update masks name them."""

from __future__ import annotations

from typing import List

from .messages import Customer

_FIELDS = (
    "first_name", "last_name", "display_name", "email_address", "phones", "addresses",
)  # fmt: skip


def changed_paths(before: Customer, after: Customer) -> List[str]:
    """Returns the paths of the fields that differ; attributes one by one, lists as a whole."""
    paths = [name for name in _FIELDS if getattr(before, name) != getattr(after, name)]
    for name in sorted({*before.attributes, *after.attributes}):
        if before.attributes.get(name) != after.attributes.get(name):
            paths.append(f"attributes.{name}")
    return paths
