"""Whose signature counts, over which bytes, and when."""

import base64
import hashlib
import json
import lzma
from datetime import UTC, datetime

import pytest

from builder.errors import CatalogueBroken, CatalogueUntrusted, Distrust, Unreadable
from builder.model.digest import Digest
from builder.sources.roots import RootFile, Roots, official
from builder.sources.signature import Signed, is_signed, verify
from tests.fakes.shared import DATA
from tests.fakes.signing import (
    AT,
    FROM,
    UNTIL,
    Holder,
    block,
    canonical,
    elliptic,
    first_version,
    holder,
    rsa_key,
    signed,
)

ROOT = holder("root", rsa_key(0), ca=True)
LEAF = holder("leaf", rsa_key(1), ROOT)
DOCUMENT: dict[str, object] = {
    "id": "default",
    "plugins": {"git": {"version": "1", "excerpt": 'Für "Git" \\ </b> 🚀'}, "ant": {"size": 5}},
    "generationTimestamp": "2026-05-31T00:00:00Z",
}
PAST = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC))


def _trusting(*roots: Holder | bytes) -> Roots:
    contents = [each if isinstance(each, bytes) else each.pem for each in roots]
    files = tuple(RootFile(name="root.pem", content=each) for each in contents)
    return Roots(jenkins=False, files=files)


def _check(content: bytes, *roots: Holder | bytes, at: datetime = AT) -> Signed:
    return verify(content, _trusting(*(roots or (ROOT,))), name="site", at=at)


def _distrust(content: bytes, *roots: Holder | bytes, at: datetime = AT) -> tuple[Distrust, str]:
    with pytest.raises(CatalogueUntrusted) as caught:
        _check(content, *roots, at=at)
    assert caught.value.source == "site"
    return caught.value.distrust, caught.value.fault


def test_what_holds_is_given_back_as_the_bytes_that_were_signed() -> None:
    found = _check(b"updateCenter.post(\n" + signed(DOCUMENT, LEAF) + b"\n);")
    assert found == Signed(
        text=canonical(DOCUMENT),
        digest512=hashlib.sha512(canonical(DOCUMENT)).hexdigest(),
        signer=Digest.of(ROOT.der),
        valid_from=FROM,
        valid_until=UNTIL,
    )


def test_digests_and_signatures_may_be_hex_or_base64() -> None:
    text = canonical(DOCUMENT)
    plain = json.loads(signed(DOCUMENT, LEAF))["signature"]
    changes = {
        "correct_digest": base64.b64decode(plain["correct_digest"]).hex().upper(),
        "correct_digest512": base64.b64encode(hashlib.sha512(text).digest()).decode(),
        "correct_signature": base64.b64decode(plain["correct_signature"]).hex(),
        "correct_signature512": base64.b64encode(
            bytes.fromhex(plain["correct_signature512"])
        ).decode(),
    }
    assert _check(signed(DOCUMENT, LEAF, **changes)).text == text


@pytest.mark.parametrize("encoded", [LEAF.der, LEAF.pem, b"\n" + LEAF.pem])
def test_a_certificate_may_be_base64_of_der_or_of_pem(encoded: bytes) -> None:
    changes = {"certificates": [base64.b64encode(encoded).decode()]}
    assert _check(signed(DOCUMENT, LEAF, **changes)).signer == Digest.of(ROOT.der)


def test_keys_in_the_order_of_the_file_may_be_what_was_signed() -> None:
    unsorted = {"plugins": {"git": {"9": {"b": 1, "a": 2}, "10": {}}}, "id": "x"}
    text = json.dumps(unsorted, separators=(",", ":")).encode()

    content = json.dumps({"signature": block(text, LEAF), **unsorted}).encode()
    assert _check(content).text == text


def test_a_key_that_stands_twice_means_what_was_signed_or_nothing() -> None:
    content = signed(DOCUMENT, LEAF)
    first = content.replace(b'{"id": "default"', b'{"id": "evil", "id": "default"')
    last = content.replace(b'"id": "default"', b'"id": "default", "id": "evil"')
    assert _check(first).text == canonical(DOCUMENT)
    assert _distrust(last)[0] is Distrust.ALTERED


def test_control_characters_have_no_short_form() -> None:
    text = b'{"plugins":{"a":"1\\u000a2\\u00093\\u001f\\\\n\\"/"}}'
    content = json.dumps({**json.loads(text), "signature": block(text, LEAF)}).encode()
    assert _check(content).text == text


@pytest.mark.parametrize(
    "odd",
    [
        b'{"a":1.5}',
        b'{"a":[1,2.0]}',
        b'{"a":[1e3]}',
        b'{"a":123456789012345678901234567890}',
        b'{"plugins":{"a":{"b":-1E5}}}',
        '{"a":{"😀":1}}'.encode(),
        b'{"a":"\\ud800"}',
        b'{"\\ud800":1}',
        b'{"plugins":{"\\ud800":1}}',
        b'{"a":NaN}',
        b'{"a":"\xff"}',
        b'{"plugins":{"a":' + b"[" * 2000 + b"]" * 2000 + b"}}",
        b'{"a":1,}',
        b'{"a":1} {"b":2}',
        b"<html>nothing here</html>",
        b"",
    ],
)
def test_what_cannot_be_written_exactly_is_no_catalogue(odd: bytes) -> None:
    with pytest.raises(CatalogueBroken) as caught:
        _check(odd)
    assert caught.value.fault


@pytest.mark.parametrize("text", ['{"a":"[1.5, ,1.5 :1.5e3"}', '{"a":"x\\":1.5,"}', '{"a":"😀:"}'])
def test_numbers_and_signs_inside_texts_are_nobodys_business(text: str) -> None:
    document = json.loads(text)
    assert _check(signed(document, LEAF)).text == canonical(document)


def test_an_altered_text_is_told_with_both_digests() -> None:
    distrust, fault = _distrust(signed(DOCUMENT, LEAF).replace(b'"1"', b'"2"'))
    assert distrust is Distrust.ALTERED
    assert hashlib.sha512(canonical(DOCUMENT)).hexdigest()[:32] in fault


@pytest.mark.parametrize(
    "change",
    [
        {"correct_digest": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        {"correct_signature": "AAAA"},
        {"correct_signature512": "00" * 256},
        {"correct_digest512": "00" * 64},
        {"correct_digest512": "00"},
        {"correct_digest512": None},
        {"correct_signature512": None},
        {"correct_signature": 5},
        {"correct_signature": "!"},
        {"certificates": []},
        {"certificates": None},
        {"certificates": "MII"},
        {"certificates": ["MII"]},
        {"certificates": ["%"]},
        {"certificates": [base64.b64encode(LEAF.der).decode()] * 7},
        {"certificates": [base64.b64encode(ROOT.der).decode()]},
        {
            "correct_digest512": None,
            "correct_signature512": None,
            "correct_digest": None,
            "correct_signature": None,
        },
    ],
)
def test_a_signature_block_that_does_not_hold_counts_as_altered(change: dict[str, object]) -> None:
    assert _distrust(signed(DOCUMENT, LEAF, **change))[0] is Distrust.ALTERED


@pytest.mark.parametrize("value", [None, 5, [], "x", {}])
def test_a_signature_that_is_no_block_is_not_the_same_as_none(value: object) -> None:
    content = json.dumps({**DOCUMENT, "signature": value}).encode()
    assert is_signed(content)
    assert _distrust(content)[0] is Distrust.ALTERED


def test_a_document_without_a_signature_says_so() -> None:
    content = json.dumps(DOCUMENT).encode()
    assert not is_signed(content)
    assert not is_signed(b"nothing")
    assert _distrust(content)[0] is Distrust.UNSIGNED


def test_sha1_alone_counts_only_by_flag() -> None:
    content = signed(DOCUMENT, LEAF, correct_digest512=None, correct_signature512=None)
    distrust, fault = _distrust(content)
    assert distrust is Distrust.UNSIGNED
    assert "--allow-sha1" in fault
    found = verify(content, _trusting(ROOT), name="site", at=AT, allow_sha1=True)
    assert found.digest512 == hashlib.sha512(canonical(DOCUMENT)).hexdigest()


def test_sha512_alone_is_enough() -> None:
    content = signed(DOCUMENT, LEAF, correct_digest=None, correct_signature=None)
    assert _check(content).text == canonical(DOCUMENT)


def test_a_signer_whom_nobody_vouches_for_is_unknown() -> None:
    distrust, fault = _distrust(signed(DOCUMENT, LEAF), holder("root", rsa_key(2), ca=True))
    assert distrust is Distrust.UNKNOWN_SIGNER
    assert "CN=leaf" in fault
    assert Digest.of(LEAF.der).hex in fault


def test_each_root_of_the_same_subject_is_tried() -> None:
    other = holder("root", rsa_key(2), ca=True)
    for roots in ((other, ROOT), (ROOT, other), (other.pem + ROOT.pem,), (ROOT.der,)):
        assert _check(signed(DOCUMENT, LEAF), *roots).signer == Digest.of(ROOT.der)


def test_a_self_signed_certificate_may_be_signer_and_root_at_once() -> None:
    alone = holder("alone", rsa_key(1))
    assert _check(signed(DOCUMENT, alone), alone).signer == Digest.of(alone.der)
    assert _distrust(signed(DOCUMENT, alone))[0] is Distrust.UNKNOWN_SIGNER


def test_the_signers_own_certificate_may_be_what_is_trusted() -> None:
    assert _check(signed(DOCUMENT, LEAF), LEAF).signer == Digest.of(LEAF.der)


def test_both_signatures_have_to_be_over_this_text() -> None:
    other = block(canonical({"id": "other"}), LEAF)
    weak = {name: other[name] for name in ("correct_digest", "correct_signature")}
    distrust, fault = _distrust(signed(DOCUMENT, LEAF, **weak))
    assert distrust is Distrust.ALTERED
    assert "sha1 signature" in fault


def test_a_certificate_of_version_1_may_sign_documents_but_no_certificates() -> None:
    old = first_version(LEAF, ROOT)
    assert _check(signed(DOCUMENT, old)).signer == Digest.of(ROOT.der)
    middle = first_version(holder("middle", rsa_key(2), ROOT), ROOT)
    leaf = holder("leaf", rsa_key(1), middle)
    assert _distrust(signed(DOCUMENT, leaf, middle))[0] is Distrust.UNKNOWN_SIGNER


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_chain_leads_over_certificates_in_any_order(order: tuple[int, int]) -> None:
    upper = holder("upper", rsa_key(2), ROOT, ca=True)
    lower = holder("lower", rsa_key(3), upper, ca=True)
    leaf = holder("leaf", rsa_key(1), lower)
    between = (upper, lower)
    content = signed(DOCUMENT, leaf, *(between[each] for each in order))
    assert _check(content).signer == Digest.of(ROOT.der)
    assert _distrust(signed(DOCUMENT, leaf, lower))[0] is Distrust.UNKNOWN_SIGNER


@pytest.mark.parametrize("ca", [None, False])
def test_a_certificate_that_may_not_issue_vouches_for_nobody(ca: bool | None) -> None:  # noqa: FBT001
    middle = holder("middle", rsa_key(2), ROOT, ca=ca)
    leaf = holder("leaf", rsa_key(1), middle)
    assert _distrust(signed(DOCUMENT, leaf, middle))[0] is Distrust.UNKNOWN_SIGNER


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2025, 12, 31, tzinfo=UTC), "is not valid before 2026-01-01"),
        (datetime(2027, 1, 2, tzinfo=UTC), "was valid until 2027-01-01"),
    ],
)
def test_dates_are_judged_at_the_time_that_counts(at: datetime, said: str) -> None:
    distrust, fault = _distrust(signed(DOCUMENT, LEAF), at=at)
    assert distrust is Distrust.EXPIRED
    assert said in fault
    assert f"{at:%Y-%m-%d}" in fault


def test_an_expired_root_or_certificate_between_counts_as_much_as_the_signers() -> None:
    old = holder("root", rsa_key(0), span=PAST, ca=True)
    assert _distrust(signed(DOCUMENT, holder("leaf", rsa_key(1), old)), old)[0] is Distrust.EXPIRED
    middle = holder("middle", rsa_key(2), ROOT, span=PAST, ca=True)
    leaf = holder("leaf", rsa_key(1), middle)
    assert _distrust(signed(DOCUMENT, leaf, middle))[0] is Distrust.EXPIRED


def test_an_altered_text_is_altered_whatever_its_dates_and_signer() -> None:
    content = signed(DOCUMENT, LEAF).replace(b'"1"', b'"2"')
    stranger = holder("root", rsa_key(2), ca=True)
    late = datetime(2030, 1, 1, tzinfo=UTC)
    assert _distrust(content, stranger, at=late)[0] is Distrust.ALTERED


@pytest.mark.parametrize("bits", [1024, 1536])
def test_a_weak_key_is_refused_in_words(bits: int) -> None:
    weak = holder("weak", rsa_key(9, bits), ROOT)
    distrust, fault = _distrust(signed(DOCUMENT, weak))
    assert distrust is Distrust.UNKNOWN_SIGNER
    assert f"has {bits} bits" in fault


def test_a_key_of_another_kind_is_refused_in_words() -> None:
    certificates = [base64.b64encode(elliptic("odd")).decode()]
    distrust, fault = _distrust(signed(DOCUMENT, LEAF, certificates=certificates))
    assert distrust is Distrust.UNKNOWN_SIGNER
    assert "is not RSA" in fault


@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\nAAAA", elliptic("root")])
def test_a_file_that_holds_no_root_is_named(content: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        _check(signed(DOCUMENT, LEAF), content)
    assert str(caught.value.path) == "root.pem"


def test_the_choice_of_roots_has_a_digest_of_its_own() -> None:
    first, second = RootFile(name="a", content=b"1"), RootFile(name="b", content=b"2")
    both = Roots(files=(first, second))
    assert both.digest == Roots(files=(second, first)).digest
    others = {Roots().digest, Roots(files=(first,)).digest, Roots(jenkins=False).digest}
    assert len({both.digest, *others}) == 4


CATALOGUES = DATA / "catalogues"
REAL = pytest.mark.skipif(not DATA.exists(), reason="the real catalogues are not there")
THEN, NOW = datetime(2020, 6, 10, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)


def _real(name: str) -> bytes:
    return lzma.decompress((CATALOGUES / f"{name}.json.xz").read_bytes())


def _refused(content: bytes, at: datetime, roots: Roots | None = None) -> tuple[Distrust, str]:
    with pytest.raises(CatalogueUntrusted) as caught:
        verify(content, roots or Roots(), name="real", at=at)
    return caught.value.distrust, caught.value.fault


@REAL
def test_jenkins_roots_are_those_of_every_war() -> None:
    files = [CATALOGUES / name for name in ("jenkins-root-ca.pem", "jenkins-root-ca-2.pem")]
    read = Roots(
        jenkins=False,
        files=tuple(RootFile(name=each.name, content=each.read_bytes()) for each in files),
    ).trusted
    keys = [(each.modulus, each.exponent, each.fingerprint) for each in read]
    dates = [(each.valid_from, each.valid_until) for each in read]
    assert keys == [(each.modulus, each.exponent, each.fingerprint) for each in official()]
    assert dates == [(each.valid_from, each.valid_until) for each in official()]


@REAL
@pytest.mark.parametrize(
    "name", ["official-update-center-2020-06-09", "official-plugin-versions-2020-06-10"]
)
def test_jenkins_own_documents_hold_then_and_are_expired_now(name: str) -> None:
    content = _real(name)
    found = verify(content, Roots(), name="real", at=THEN)
    assert found.signer == official()[0].fingerprint
    assert (f"{found.valid_from:%F}", f"{found.valid_until:%F}") == ("2019-10-22", "2020-10-21")
    distrust, fault = _refused(content, NOW)
    assert distrust is Distrust.EXPIRED
    assert "was valid until 2020-10-21" in fault


@REAL
@pytest.mark.parametrize("name", ["tsinghua-2026-08-22", "tsinghua-2023-02-15"])
def test_a_mirror_that_signs_anew_needs_its_own_root(name: str) -> None:
    content = _real(name)
    root = RootFile(name="lework", content=(CATALOGUES / "lework-root-ca.crt").read_bytes())
    found = verify(content, Roots(files=(root,)), name="real", at=NOW)
    assert found.signer.hex.startswith("6786622eed42b1b1")
    assert _refused(content, NOW)[0] is Distrust.UNKNOWN_SIGNER


@REAL
def test_a_genuine_signature_over_an_altered_document_is_refused() -> None:
    at = datetime(2020, 11, 10, tzinfo=UTC)
    assert _refused(_real("altered-update-center-2020"), at)[0] is Distrust.ALTERED


@REAL
def test_a_mirror_that_rewrote_addresses_is_told_from_any_other_change() -> None:
    before, there = b"http://updates.jenkins-ci.org/download/", b"https://m.example/jenkins/"
    rewritten = _real("official-update-center-2020-06-09").replace(before, there)
    distrust, fault = _refused(rewritten, THEN)
    assert distrust is Distrust.REWRITTEN
    assert f"put {there.decode()} in the place of {before.decode()}, and nothing else" in fault
    checked = rewritten.replace(b"http://www.google.com/", b"http://www.baidu.com/")
    assert _refused(checked, THEN) == (distrust, fault)
    distrust, fault = _refused(rewritten.replace(b'"1.0"', b'"1.1"'), THEN)
    assert distrust is Distrust.REWRITTEN
    assert "more than the addresses" in fault
