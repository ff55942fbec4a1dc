"""What the models of a formula are made of: maps with known keys, and kinds of text.

Models see what ``read`` left: text, lists and maps. They never leave this room.
"""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Annotated

from msgspec import Struct
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, core_schema

from builder.formula import texts
from builder.version import Version


class Reads(Struct, frozen=True):
    """Marks a field that is text in the file, and which kind of text."""

    kind: Callable[[str], object]

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        """Give pydantic the kind's function."""
        return core_schema.no_info_after_validator_function(self.kind, core_schema.str_schema())


class Never(Struct, frozen=True):
    """Marks what is refused, whatever it is."""

    wanted: str

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        """Give pydantic a function that refuses."""
        return core_schema.no_info_plain_validator_function(self.refuse)

    def refuse(self, _value: object) -> object:
        """Say what is wanted instead."""
        raise ValueError(self.wanted)


class Later(Never, frozen=True):
    """Marks a key that is known and built later."""

    wanted: str = ""  # ends what begins with "not yet"

    def refuse(self, _value: object) -> object:
        """Say what works meanwhile."""
        raise texts.NotYet(self.wanted)


class Without(Struct, frozen=True):
    """Marks a key that is built later, and that one of the keys ``before`` it leaves without say.

    Source: custom-war-packager, ``SourceInfo.getType``: a version decides, whatever else is said.
    """

    before: tuple[str, ...]
    wanted: str

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        """Give pydantic a function that looks at the keys before."""
        return core_schema.with_info_plain_validator_function(self.judge)

    def judge(self, value: object, seen: core_schema.ValidationInfo) -> object:
        """Let the value pass where it makes no difference."""
        if any(seen.data.get(name) is not None for name in self.before):
            return value
        raise texts.NotYet(self.wanted, instead=True)


Line = Annotated[str, Reads(texts.LINE.read)]
Setting = Annotated[str, Reads(texts.SETTING.read)]
MavenId = Annotated[str, Reads(texts.MAVEN_ID.read)]
Plugin = Annotated[str, Reads(texts.PLUGIN.read)]
OneVersion = Annotated[Version, Reads(texts.VERSION.read)]
Url = Annotated[str, Reads(texts.URL.read)]
Flag = Annotated[bool, Reads(texts.flag)]
Path = Annotated[PurePosixPath, Reads(texts.SOURCE.read)]
Reference = Annotated[str, Reads(texts.REFERENCE.read)]
Anything = object  # of a key that is known, built later, and read by nobody


class Map(BaseModel):
    """A map of the formula."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, alias_generator=to_camel, protected_namespaces=()
    )


def keys(model: type[Map]) -> set[str]:
    """List the keys as people write them."""
    return {each.alias or name for name, each in model.model_fields.items()}
