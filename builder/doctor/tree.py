"""Objects of Kubernetes as they are read: maps whose parts may be of any shape."""

from collections.abc import Iterator, Mapping

import yaml

Objects = tuple[Mapping[str, object], ...]


def documents(text: str | bytes) -> Objects:
    """Read YAML; what is no map is left out.

    Raises:
        YAMLError: it is none.
    """
    found = yaml.load_all(text, Loader=yaml.CSafeLoader)
    return tuple(each for each in found if isinstance(each, dict))


def flat(objects: Objects) -> Iterator[Mapping[str, object]]:
    """Give the items of lists, as ``kubectl get`` prints them, and everything else as it is."""
    for each in objects:
        items = each.get("items")
        if isinstance(items, list):
            yield from flat(tuple(item for item in items if isinstance(item, dict)))
        else:
            yield each


def name_of(thing: Mapping[str, object]) -> str:
    """Give the name of an object."""
    return str(mapping(thing.get("metadata")).get("name") or "?")


def mapping(value: object) -> Mapping[str, object]:
    """Give a map as it is, and for anything else an empty one."""
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> Iterator[Mapping[str, object]]:
    """Give the maps of a list; of anything else none."""
    yield from (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()
