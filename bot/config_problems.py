"""Telling what is wrong with a setting: its key, the rule in plain words, what was given. Secrets are not repeated."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

SECRET_KEYS = frozenset(
    {
        *("password", "token", "client_secret", "webhook_secret", "key", "secret", "database_url", "redis_url"),
        *("secret_token", "proxy"),
        *("app_secret", "oa_secret_key", "access_token", "refresh_token", "code_verifier"),
    }
)
RULES = {
    "extra_forbidden": "unknown key",
    "missing": "must be given",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "date_from_datetime_parsing": "must be a date such as 2025-06-30",
    "date_type": "must be a date such as 2025-06-30",
    "dict_type": "must be a table",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "frozen_set_type": "must be a list",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "literal_error": "must be {expected}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "path_type": "must be a path",
    "string_pattern_mismatch": "must match {pattern}",
    "string_too_long": "may have at most {max_length} characters",
    "string_too_short": "must have at least {min_length} characters",
    "string_type": "must be a text",
    "too_long": "may have at most {max_length} items",
    "too_short": "must have at least {min_length} items",
    "tuple_type": "must be a list",
    "value_error": "{error}",
}
"""The checker's own errors in our words; any other one in its own."""
USER_IN_ADDRESS = re.compile(r"//[^/@]*@")
KEY_OF_TABLE = "[key]"
"""The checker adds it when the key of a free table is wrong, not its value."""
LONGEST_SHOWN = 60


def told(problem: Any) -> str:
    """One problem, as the checker of settings reports it."""
    place = [part for part in problem["loc"] if part != KEY_OF_TABLE]
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
    rule = RULES.get(problem["type"], problem["msg"]).format_map(_context(problem))
    shown = _shown(problem)
    return f"{key}: {rule} (given {shown})" if shown else f"{key}: {rule}"


def _context(problem: Mapping[str, Any]) -> Mapping[str, Any]:
    context: Mapping[str, Any] = problem.get("ctx", {})
    return context


def _shown(problem: Mapping[str, Any]) -> str:
    """What was given; nothing for whatever may hold a secret: a key of that name, a key misspelt, a whole section."""
    given = problem["input"]
    is_secret = not SECRET_KEYS.isdisjoint(str(part) for part in problem["loc"])
    if (
        is_secret
        or problem["type"] in {"extra_forbidden", "missing"}
        or isinstance(given, dict | list | tuple | BaseModel)
    ):
        return ""
    if isinstance(given, str) and given.lstrip().startswith(("{", "[")):
        return ""
    return USER_IN_ADDRESS.sub("//…@", repr(given))[:LONGEST_SHOWN]
