"""Where settings come from besides the file."""

from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource


class Environment(EnvSettingsSource):
    """Variables ``MOTCUA_SECTION__KEY``. One that should be JSON and is none goes on as it is, to be told with the rest."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """The list or table that a variable holds as JSON."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value
