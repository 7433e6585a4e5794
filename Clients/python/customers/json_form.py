"""Messages as JSON objects, in the form of proto3: names in camelCase, 64-bit numbers as strings.

A customer's object has the keys `customerId`, `version`, `firstName` and so on; all of them stand
there, the empty ones too, but times that aren't set. Fields that the schema doesn't name have no
JSON form and are left out.
"""

from __future__ import annotations

import base64
import datetime
import re
from typing import Any, Dict, Optional, Type, TypeVar

from . import well_known
from .wire import Field, Kind, Label, enum_value, fields_of, number_range

M = TypeVar("M")

_TEXT_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_TEXT_DURATION = re.compile(r"(-?)(\d{1,12})(?:\.(\d{1,9}))?s", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,20}", re.ASCII)

#: The seconds of the last moment of the year 9999, the last that the text form has.
_TIME_SECONDS_MAX = 253_402_300_799
_TIME_SECONDS_MIN = -62_135_596_800

#: The longest Duration, in seconds: about 10,000 years.
_DURATION_SECONDS_MAX = 315_576_000_000


class JSONFormError(ValueError):
    """An object that is no such message; says which member and why."""


def to_json_object(message: Any) -> Any:
    """Returns a message in the form that `json.dumps` takes."""
    if isinstance(message, well_known.Timestamp):
        return _time_text(message)
    if isinstance(message, well_known.Duration):
        sign = "-" if message.seconds < 0 or message.nanos < 0 else ""
        return f"{sign}{abs(message.seconds)}{_fraction(abs(message.nanos))}s"
    if isinstance(message, well_known.FieldMask):
        return ",".join(_camel_path(path) for path in message.paths)
    if isinstance(message, well_known.Any):
        return {"@type": message.type_url, "value": base64.b64encode(message.value).decode()}
    result: Dict[str, Any] = {}
    for field in fields_of(type(message)):
        content = getattr(message, field.name)
        if field.label is Label.MAP:
            result[field.json_name] = dict(content)
        elif field.label is Label.LIST:
            result[field.json_name] = [_value_to_json(field, element) for element in content]
        elif content is not None:
            result[field.json_name] = _value_to_json(field, content)
    return result


def _value_to_json(field: Field, content: Any) -> Any:
    if field.kind is Kind.MESSAGE:
        return to_json_object(content)
    if field.kind in (Kind.INT64, Kind.UINT64):
        return str(int(content))
    if field.kind is Kind.BYTES:
        return base64.b64encode(content).decode()
    if field.kind is Kind.ENUM:
        return getattr(content, "name", content)
    return content


def from_json_object(message_type: Type[M], value: Any) -> M:
    """Returns the message that an object from `json.loads` says.

    Names may be those of the schema too (`first_name`); numbers may be strings, null is as good as
    no member. Raises JSONFormError for a member that the message doesn't have and for a value that
    doesn't fit.
    """
    return _message_from_json(message_type, value, "")


def _message_from_json(message_type: Type[M], value: Any, path: str) -> M:
    if message_type is well_known.Timestamp:
        return _time(value, path)  # type: ignore[return-value]
    if message_type is well_known.Duration:
        return _duration(value, path)  # type: ignore[return-value]
    if message_type in (well_known.FieldMask, well_known.Any):
        raise JSONFormError(f"{path}: this message is not read from JSON")
    if not isinstance(value, dict):
        raise _unfit(path, value, "an object")
    by_name = {field.json_name: field for field in fields_of(message_type)}
    by_name.update({field.name: field for field in fields_of(message_type)})
    result = message_type()
    seen = set()
    for name, content in value.items():
        place = f"{path}.{name}" if path else str(name)
        field = by_name.get(name)
        if field is None:
            raise JSONFormError(f"{place}: no such field")
        if field.name in seen:
            raise JSONFormError(f"{place}: the field is there twice")
        seen.add(field.name)
        if content is not None:
            setattr(result, field.name, _field_from_json(field, content, place))
    return result


def _field_from_json(field: Field, content: Any, path: str) -> Any:
    if field.label is Label.LIST:
        if not isinstance(content, list):
            raise _unfit(path, content, "an array")
        return [
            _value_from_json(field, element, f"{path}[{index}]")
            for index, element in enumerate(content)
        ]
    if field.label is Label.MAP:
        if not isinstance(content, dict):
            raise _unfit(path, content, "an object")
        return {key: _value_from_json(field, content[key], f"{path}.{key}") for key in content}
    return _value_from_json(field, content, path)


def _value_from_json(field: Field, content: Any, path: str) -> Any:
    if field.kind is Kind.MESSAGE:
        return _message_from_json(field.type, content, path)  # type: ignore[arg-type]
    if field.kind is Kind.BOOL:
        if not isinstance(content, bool):
            raise _unfit(path, content, "true or false")
        return content
    if field.kind in (Kind.STRING, Kind.BYTES) and not isinstance(content, str):
        raise _unfit(path, content, "a string")
    if field.kind is Kind.STRING:
        return content
    if field.kind is Kind.BYTES:
        try:
            return base64.b64decode(content, validate=True)
        except ValueError:
            raise JSONFormError(f"{path}: string is not base64") from None
    if field.kind is Kind.ENUM and isinstance(content, str):
        names = field.type.__members__  # type: ignore[union-attr]
        if content not in names:
            raise JSONFormError(f'{path}: "{content}" is none of {", ".join(names)}')
        return names[content]
    number = _whole_number(content, path)
    first, last = number_range(field.kind)
    if not first <= number <= last:
        raise JSONFormError(f"{path}: {number} is not in {first}...{last}")
    return enum_value(field, number) if field.kind is Kind.ENUM else number


def _whole_number(content: Any, path: str) -> int:
    if isinstance(content, int) and not isinstance(content, bool):
        return content
    if isinstance(content, float) and content.is_integer():
        return int(content)
    if isinstance(content, str) and _DECIMAL.fullmatch(content):
        return int(content)
    raise _unfit(path, content, "a whole number")


def _time_text(time: well_known.Timestamp) -> str:
    if not _TIME_SECONDS_MIN <= time.seconds <= _TIME_SECONDS_MAX or not 0 <= time.nanos < 10**9:
        raise JSONFormError(f"time of {time.seconds} s and {time.nanos} ns is in no calendar")
    moment = well_known.Timestamp(time.seconds).to_datetime()
    return f"{moment.replace(tzinfo=None).isoformat()}{_fraction(time.nanos)}Z"


def _time(value: Any, path: str) -> well_known.Timestamp:
    found = _TEXT_TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise _unfit(path, value, 'a time such as "2026-01-31T12:00:00Z"')
    day, clock, fraction, zone = found.groups()
    try:
        zone = "+00:00" if zone in "Zz" else zone
        moment = datetime.datetime.fromisoformat(f"{day}T{clock}{zone}")
    except ValueError:
        raise JSONFormError(f'{path}: "{value}" is in no calendar') from None
    seconds = well_known.Timestamp.from_datetime(moment).seconds
    if not _TIME_SECONDS_MIN <= seconds <= _TIME_SECONDS_MAX:
        raise JSONFormError(f'{path}: "{value}" is in no calendar')
    return well_known.Timestamp(seconds, int((fraction or "").ljust(9, "0")))


def _duration(value: Any, path: str) -> well_known.Duration:
    found = _TEXT_DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise _unfit(path, value, 'a length of time such as "3600s"')
    sign, seconds, fraction = found.groups()
    if int(seconds) > _DURATION_SECONDS_MAX:
        raise JSONFormError(f"{path}: {seconds} s is over the limit of {_DURATION_SECONDS_MAX} s")
    factor = -1 if sign else 1
    nanos = int((fraction or "").ljust(9, "0"))
    return well_known.Duration(factor * int(seconds), factor * nanos)


def _fraction(nanos: int) -> str:
    """Returns a fraction of a second with 0, 3, 6 or 9 digits."""
    digits = f"{nanos:09}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return f".{digits}" if digits else ""


def _camel_path(path: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found.group(1).upper(), path)


def _unfit(path: str, value: Any, expected: str) -> JSONFormError:
    names: Dict[Optional[type], str] = {
        dict: "an object", list: "an array", str: "a string", bool: "a boolean",
        int: "a number", float: "a number", type(None): "null",
    }  # fmt: skip
    what = names.get(type(value), type(value).__name__)
    return JSONFormError(f"{path or 'value'}: {what} instead of {expected}")
