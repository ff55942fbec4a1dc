"""Laws of signatures: what is accepted means what was signed, and nothing makes the reader fall."""

import base64
import json
import lzma
import random
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.errors import CatalogueBroken, CatalogueUntrusted
from builder.sources.canonical import canonical, members
from builder.sources.roots import RootFile, Roots
from builder.sources.signature import verify
from tests.fakes import signing
from tests.fakes.shared import DATA
from tests.fakes.signing import AT, holder, rsa_key

ROOT = holder("root", rsa_key(0), ca=True)
LEAF = holder("leaf", rsa_key(1), ROOT)
ROOTS = Roots(jenkins=False, files=(RootFile(name="root", content=ROOT.pem),))
REFUSALS = (CatalogueBroken, CatalogueUntrusted)

texts = st.text(st.characters(codec="utf-8"), max_size=8)
keys = st.text(st.characters(codec="utf-8", max_codepoint=0xFFFF), max_size=5)
whole = st.integers(min_value=-(2**63), max_value=2**64 - 1)
values = st.recursive(
    st.none() | st.booleans() | whole | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
documents = st.fixed_dictionaries(
    {"plugins": st.dictionaries(keys, values, max_size=4)},
    optional={"id": texts, "warnings": values, "core": values},
)


def _java(value: object) -> str:
    """Write a value by the letter of the rule, character by character."""
    if isinstance(value, dict):
        ordered = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_java(key)}:{_java(value[key])}" for key in ordered) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_java(each) for each in value) + "]"
    if isinstance(value, str):
        return '"' + "".join(_character(each) for each in value) + '"'
    return json.dumps(value)


def _character(text: str) -> str:
    if text in '"\\':
        return f"\\{text}"
    return f"\\u{ord(text):04x}" if text < " " else text


@given(documents, st.booleans())
def test_canonical_bytes_are_those_of_the_rule(document: dict[str, object], plain: bool) -> None:  # noqa: FBT001
    content = json.dumps(document, ensure_ascii=plain, indent=1).encode()
    assert canonical(members(content)).decode() == _java(document)


@given(documents)
def test_in_file_order_nothing_else_is_different(document: dict[str, object]) -> None:
    text = canonical(members(json.dumps(document).encode()), in_file_order=True)
    again = json.loads(text)
    assert again == document
    assert _ordered(again) == _ordered(document)


def _ordered(value: object) -> object:
    if isinstance(value, dict):
        return [(key, _ordered(inner)) for key, inner in value.items()]
    return [_ordered(each) for each in value] if isinstance(value, list) else value


@given(documents)
@settings(max_examples=25)
def test_what_is_signed_by_the_rule_is_accepted(document: dict[str, object]) -> None:
    text = _java(document).encode()
    content = json.dumps({"signature": signing.block(text, LEAF), **document}).encode()
    assert verify(content, ROOTS, name="site", at=AT).text == text


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fall(content: bytes) -> None:
    with pytest.raises(REFUSALS):
        verify(content, ROOTS, name="site", at=AT)


@given(st.dictionaries(st.sampled_from(sorted(signing.block(b"", LEAF))), values))
def test_no_signature_block_makes_the_reader_fall(block: dict[str, object]) -> None:
    content = json.dumps({"plugins": {}, "signature": block}).encode()
    with pytest.raises(REFUSALS):
        verify(content, ROOTS, name="site", at=AT)


@given(st.binary(max_size=len(LEAF.der)), st.integers(min_value=0, max_value=len(LEAF.der)))
@settings(max_examples=300)
def test_no_certificate_makes_the_reader_fall(spoilt: bytes, start: int) -> None:
    raw = LEAF.der[:start] + spoilt + LEAF.der[start + len(spoilt) :]
    changes = {"certificates": [base64.b64encode(raw).decode()]}
    _accepts_only(SAMPLE, signing.signed(SAMPLE, LEAF, **changes), ROOTS, AT)


SAMPLE: dict[str, object] = {
    "core": {"name": "core", "sha256": "AAAA", "size": 53979960, "version": "2.578"},
    "generationTimestamp": "2026-05-31T00:00:00Z",
    "id": "default",
    "plugins": {
        f"plugin-{number}": {
            "dependencies": [{"name": "plugin-0", "optional": False, "version": "1"}],
            "excerpt": 'a <a href="x">Für</a> 🚀',
            "name": f"plugin-{number}",
            "url": f"https://updates.jenkins.io/download/plugins/p/{number}/p.hpi",
            "version": str(number),
        }
        for number in range(5)
    },
    "updateCenterVersion": "1",
}


def _accepts_only(document: dict[str, object], content: bytes, roots: Roots, at: datetime) -> None:
    """Hold that a file is refused, or means what was signed."""
    try:
        found = verify(content, roots, name="site", at=at)
    except REFUSALS:
        return
    assert found.text == signing.canonical(document)


def _flipped(content: bytearray, chance: random.Random) -> None:
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _deleted(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content))
    del content[start : start + chance.choice((1, 1, 2, 10, 1000))]


def _inserted(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content))
    pieces = (b"0", b'"', b"}", b"{", b",", b"\\", b"\xff", b'"signature":{},', b'"id":"x",', b" ")
    content[start:start] = chance.choice(pieces)


def _swapped(content: bytearray, chance: random.Random) -> None:
    one, other = chance.randrange(len(content)), chance.randrange(len(content))
    content[one], content[other] = content[other], content[one]


def _doubled(content: bytearray, chance: random.Random) -> None:
    """Say a key again with another value, before or after the real one."""
    start = content.find(b'"version":', chance.randrange(len(content)))
    where = start if start >= 0 else content.find(b'"version":')
    end = content.find(b'"', content.find(b'"', where + 10) + 1) + 1
    again = b'"version":"6.6.6"'
    if chance.random() < 0.5:
        content[where:where] = again + b","
    else:
        content[end:end] = b"," + again


def _revalued(content: bytearray, chance: random.Random) -> None:
    """Change a value somewhere in the tree."""
    document = json.loads(content[content.index(b"{") : content.rindex(b"}") + 1])
    here = document
    while True:
        key = chance.choice(list(here)) if isinstance(here, dict) else chance.randrange(len(here))
        inner = here[key]
        if not isinstance(inner, dict | list) or not inner or chance.random() < 0.1:
            here[key] = chance.choice(("", "x", 0, 1, None, True, [], {}, 1.5, f"{inner}"))
            break
        here = inner
    content[:] = json.dumps(document).encode()


def _resigned(content: bytearray, chance: random.Random) -> None:
    """Change the signature block."""
    document = json.loads(content[content.index(b"{") : content.rindex(b"}") + 1])
    block = document["signature"]
    name = chance.choice(list(block))
    text = "".join(block[name])
    where = chance.randrange(len(text) + 1)
    changed = text[:where] + chance.choice("0Aa+/= ") + text[where + chance.randrange(2) :]
    block[name] = [changed] if isinstance(block[name], list) else changed
    content[:] = json.dumps(document).encode()


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flipped,
    _deleted,
    _inserted,
    _swapped,
    _doubled,
    _revalued,
    _resigned,
)


@given(st.randoms(use_true_random=False), st.sampled_from(MUTATIONS))
@settings(max_examples=1000)
def test_a_changed_file_is_refused_or_means_the_same(
    chance: random.Random, mutate: Callable[[bytearray, random.Random], None]
) -> None:
    content = bytearray(signing.signed(SAMPLE, LEAF))
    mutate(content, chance)
    _accepts_only(SAMPLE, bytes(content), ROOTS, AT)


@pytest.mark.slow
@pytest.mark.skipif(not DATA.exists(), reason="the real catalogues are not there")
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("official-update-center-2020-06-09", 700),
        ("tsinghua-2026-08-22", 250),
        ("official-plugin-versions-2020-06-10", 50),
    ],
)
def test_a_changed_real_file_is_refused_or_means_the_same(name: str, count: int) -> None:
    catalogues = DATA / "catalogues"
    content = lzma.decompress((catalogues / f"{name}.json.xz").read_bytes())
    named = RootFile(name="lework", content=(catalogues / "lework-root-ca.crt").read_bytes())
    roots, at = Roots(files=(named,)), datetime(2020, 6, 10, tzinfo=UTC)
    wanted, same = verify(content, roots, name=name, at=at).text, 0
    for number in range(count):
        changed = bytearray(content)
        MUTATIONS[number % len(MUTATIONS)](changed, random.Random(number))  # noqa: S311
        try:
            found = verify(bytes(changed), roots, name=name, at=at)
        except REFUSALS:
            continue
        assert found.text == wanted, number
        same += 1
    assert same < count / 2  # a mutation that changes nothing at all proves nothing
