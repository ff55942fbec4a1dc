"""The real world, wired: nothing here is fetched, built or booted."""

import inspect
import subprocess
import sys
from pathlib import Path

from msgspec.structs import replace

from builder.cli.progress import Quiet
from builder.ports import World
from builder.settings import Settings, merge
from builder.world import real

_PORTS = [name for name, _ in inspect.getmembers(World, lambda each: isinstance(each, property))]


def _settings(store: Path) -> Settings:
    defaults = {"store": str(store), "docker_host": "", "maven": "mvn", "offline": "true"}
    return merge(defaults=defaults, file=("none", {}), environment={}, options={})


def test_every_port_has_its_adapter_and_always_the_same(tmp_path: Path) -> None:
    world = real(_settings(tmp_path), Quiet())
    assert len(_PORTS) == 15
    for name in _PORTS:
        assert type(getattr(world, name)).__module__.startswith("builder.adapters.")
        assert getattr(world, name) is getattr(world, name)
    assert list(tmp_path.iterdir()) == []


def test_a_world_of_which_nothing_is_asked_imports_no_adapter() -> None:
    code = (
        "import sys, builder.world; "
        "print(*(each for each in sys.modules if each.startswith('builder.adapters')))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  # our own code
    assert said.stdout.split() == []


def test_the_engine_is_the_one_that_is_set(tmp_path: Path) -> None:
    for name, module in (("docker", "engine"), ("buildx", "buildx")):
        world = real(replace(_settings(tmp_path), engine=name), Quiet())
        assert type(world.engine).__module__ == f"builder.adapters.{module}"
