"""What may be a secret is in no report."""

import pytest

from builder.model.report import Check, Finding, Report, Status
from builder.report import masked
from builder.version import Version

ENVIRONMENT = (("LDAP_PASSWORD", "hunter22"), ("API_TOKEN", "abc"), ("COLOUR", "vermilion"))


def after(text: str) -> set[str]:
    check = Check(id="boot.ready", title="t")
    found = Finding(
        check=check, status=Status.FAILED, expected=text, seen=text, hint=text, evidence=(text,)
    )
    seen = Report(
        image="a",
        family="jenkins",
        version=Version("1"),
        ready_after_s=None,
        peak_memory=None,
        findings=(found,),
        log_tail=(text,),
    )
    made = masked(seen, ENVIRONMENT)
    (one,) = made.findings
    return {one.expected, one.seen, one.hint or "", *one.evidence, *made.log_tail}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("bind failed with hunter22!", "bind failed with ***!"),
        ("connect to https://me:pw@h/x", "connect to https://***@h/x"),
        ("Authorization: Basic bWU6cHc=", "Authorization: ***"),
        ("Set-Cookie: JSESSIONID.1=node0abc; Path=/", "Set-Cookie: ***; Path=/"),
        ("got eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImEifQ.c2ln", "got ***"),
        ("url?user=a&password=secret1&x=1", "url?user=a&password=***&x=1"),
        ("jwtSecret=0123456789", "jwtSecret=***"),
        ("-----BEGIN RSA PRIVATE KEY----- MIIE", "***"),
        ("the vermilion abc of plugins", "the vermilion abc of plugins"),
        ("Failed Loading plugin Token Macro v2.12", "Failed Loading plugin Token Macro v2.12"),
    ],
)
def test_a_secret_is_taken_out_wherever_it_stands(text: str, wanted: str) -> None:
    assert after(text) == {wanted}
