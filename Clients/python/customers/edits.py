"""Which fields of a customer differ, as update masks name them."""

from __future__ import annotations

from typing import List, Optional, Sequence

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


def is_written(sent: Customer, mask: Optional[Sequence[str]], found: Customer) -> bool:
    """Whether a customer has what an update was to give it, as it was sent.

    The daemon may have written it in another form: then it can't be told. `mask` is the update's.
    """
    differences = changed_paths(found, sent)
    if mask is None:
        unset = {name for name in _FIELDS if not getattr(sent, name)}
        return not sent.attributes and not {*differences} - unset
    return "*" not in mask and not {*differences} & {*mask} and "attributes" not in mask
