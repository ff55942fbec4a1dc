"""A Dockerfile that brings its own base."""

from pathlib import PurePosixPath

import pytest

from builder import data
from builder.errors import BuildFailed, PlatformsRefused
from builder.image.portable import portable, require
from builder.model.build import ContextFile, ImageContext
from builder.model.digest import Digest
from builder.model.lock import ImagePin
from tests.unit.image.material import stored

BASE = "jbuild/base:sid-0123"
STAGE = "FROM scratch AS jbuild-base\nADD base.tar /\n\n"


def written(dockerfile: str) -> str:
    return portable(ImageContext(dockerfile=dockerfile, files=()), BASE, stored(b"b")).dockerfile


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"FROM {BASE}\nUSER 1\n", f"{STAGE}FROM jbuild-base\nUSER 1\n"),
        (f"from  {BASE} AS one\n", f"{STAGE}from  jbuild-base AS one\n"),
        (
            f"# a\nARG X=1\nFROM alpine:${{X}}\nCOPY --from={BASE} /a /b\n",
            f"# a\nARG X=1\n{STAGE}FROM alpine:${{X}}\nCOPY --from=jbuild-base /a /b\n",
        ),
        (
            f"FROM --platform=linux/arm64 {BASE}\n",
            f"{STAGE}FROM --platform=linux/arm64 jbuild-base\n",
        ),
        (f"FROM {BASE}4\nLABEL base={BASE}\n", f"{STAGE}FROM {BASE}4\nLABEL base={BASE}\n"),
    ],
)
def test_the_base_is_a_stage_where_it_was_an_image(before: str, after: str) -> None:
    assert written(before) == after


def test_the_tar_lies_among_the_files_by_name() -> None:
    own = tuple(
        ContextFile(name=PurePosixPath(name), source=b"", mode=0o644, time_s=0)
        for name in ("a", "casc")
    )
    base = stored(b"b")
    files = portable(ImageContext(dockerfile="FROM x\n", files=own), BASE, base).files
    assert [str(each.name) for each in files] == ["a", "base.tar", "casc"]
    assert (files[1].source, files[1].time_s) == (base.path, base.digest.time_s)


def test_nothing_in_the_stock_template_runs_or_reaches_the_network() -> None:
    lines = [each.split() for each in data.text("Dockerfile.template").splitlines()]
    words = {each[0] for each in lines if each and each[0].isupper()}
    assert {"FROM", "COPY", "ENTRYPOINT"} <= words
    assert words <= {"FROM", "COPY", "ENV", "LABEL", "USER", "EXPOSE", "VOLUME", "ENTRYPOINT"}
    assert not any("://" in word for each in lines for word in each)


def pin(wished: str) -> ImagePin:
    digest = Digest.of(b"")
    return ImagePin(platform="linux/amd64", wished=wished, manifest=digest, digest=digest, size=0)


@pytest.mark.parametrize("wished", ["oci base", "archive base.tar", "docker a/b:1"])
def test_an_image_that_only_this_machine_has_is_refused_by_name(wished: str) -> None:
    with pytest.raises(BuildFailed, match=wished):
        require((pin(wished),))


def test_an_image_of_a_registry_is_named_by_the_digest_that_is_locked() -> None:
    base = pin("registry registry.example:5000/a/b:1@sha256:" + 64 * "a")
    assert require((base,)) == base
    with pytest.raises(PlatformsRefused):
        require((base, base))
    context = ImageContext(dockerfile=f"FROM {BASE}\nCOPY --from={BASE} a b\n", files=())
    made = portable(context, BASE, stored(b"b"), base)
    exact = f"registry.example:5000/a/b@{Digest.of(b'')}"
    assert made.dockerfile == f"FROM {exact}\nCOPY --from={exact} a b\n"
    assert made.files == ()
