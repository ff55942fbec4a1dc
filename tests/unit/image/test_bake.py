"""Many images as one bake file."""

import json
from pathlib import Path, PurePosixPath

from builder.image.bake import files, names
from builder.model.build import BakeTarget, ContextFile, ImageContext


def target(name: str) -> BakeTarget:
    file = ContextFile(name=PurePosixPath("bin/x"), source=b"x", mode=0o755, time_s=1)
    context = ImageContext(dockerfile=f"FROM {name}\n", files=(file,))
    return BakeTarget(name=name, context=context, tags=(f"example/{name}:1", f"example/{name}:2"))


def test_the_bake_file_names_every_context_and_its_tags() -> None:
    made = {str(each.name): each.source for each in files((target("a"), target("b")))}
    assert list(made) == ["docker-bake.json", "a/Dockerfile", "a/bin/x", "b/Dockerfile", "b/bin/x"]
    content = json.loads(bytes(made["docker-bake.json"] or b""))
    assert content["group"] == {"default": {"targets": ["a", "b"]}}
    assert content["target"]["b"] == {
        "context": "b",
        "dockerfile": "Dockerfile",
        "tags": ["example/b:1", "example/b:2"],
    }
    assert made["b/Dockerfile"] == b"FROM b\n"


def test_a_target_is_named_after_its_formula_or_its_folder_and_only_once() -> None:
    paths = ("a.yaml", "x/a.yaml", "team one/formula.yaml", "y/a.yml", "\u4e2d.yaml")
    assert names(tuple(map(Path, paths))) == ("a", "a--2", "team-one", "a--3", "image")
