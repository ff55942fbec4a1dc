"""A setting that cannot be used."""

from dataclasses import dataclass

from builder.errors.base import JbuildError


@dataclass(eq=False, kw_only=True, repr=False)
class SettingsError(JbuildError):
    """A settings file or variable cannot be used."""

    name: str
    value: str
    origin: str
    wanted: str
