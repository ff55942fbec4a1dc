"""The company's certificates in an image: read, refused, and named as OpenSSL looks for them."""

import shutil
import subprocess
from pathlib import PurePosixPath

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from msgspec.structs import replace

from builder.errors import FormulaInvalid
from builder.image.certificates import subject_hash
from builder.image.plan import plan
from builder.model.formula import CertificateFile, Formula, Place
from tests.fakes.company import company
from tests.unit.image.material import formula, lock

ONE, OTHER = company(), company()  # of one name
PLACE = Place("formula.yaml", 7, 3)
NAMES = [
    [(NameOID.COMMON_NAME, "x")],
    [(NameOID.COMMON_NAME, "  Two   Blanks\tÀ la Straße 中文 ")],
    [(NameOID.DOMAIN_COMPONENT, "Example"), (NameOID.ORGANIZATION_NAME, "O" * 64)],
    [(NameOID.ORGANIZATION_NAME, "名" * 60), (NameOID.EMAIL_ADDRESS, "Root@Example.org")],
    [],
]


def wishing(**content: bytes) -> Formula:
    files = {f"{name}.crt": each for name, each in content.items()}
    made = formula(inputs=tuple(sorted(files.items())))
    named = tuple(CertificateFile(PurePosixPath(each), PLACE) for each in files)
    return replace(made, image=replace(made.image, certificates=named))


def names(wished: Formula) -> dict[str, object]:
    made = plan(wished, lock())
    return {str(each.name): each.source for each in made.files if "certificates" in str(each.name)}


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl, of the Debian package")
@pytest.mark.parametrize("attributes", NAMES, ids=range(len(NAMES)))
def test_a_subject_is_hashed_as_openssl_does(
    attributes: list[tuple[x509.ObjectIdentifier, str]],
) -> None:
    of = company(x509.Name([x509.NameAttribute(*each) for each in attributes]))
    command = ("openssl", "x509", "-noout", "-subject_hash")
    done = subprocess.run(  # noqa: S603  # a public certificate goes in
        command, input=of.pem, capture_output=True, check=True
    )
    assert subject_hash(of.root.subject) == done.stdout.decode().strip()


def test_each_certificate_lies_once_where_openssl_and_the_start_script_look() -> None:
    twice = ONE.pem + b"\n# the other\n" + OTHER.pem
    hashed = subject_hash(ONE.root.subject)
    assert names(wishing(a=twice, b=ONE.pem)) == {
        f"certificates/{hashed}.0": ONE.pem,
        f"jbuild/certificates/{hashed}.0": ONE.pem,
        f"certificates/{hashed}.1": OTHER.pem,
        f"jbuild/certificates/{hashed}.1": OTHER.pem,
    }


def test_the_dockerfile_copies_them_to_where_the_system_has_its_own() -> None:
    line = "COPY certificates/ /etc/ssl/certs/\n"
    assert line in plan(wishing(a=ONE.pem), lock()).dockerfile
    assert line not in plan(formula(), lock()).dockerfile


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"", "certificates in PEM"),
        (b"not one", "certificates in PEM"),
        (ONE.pem.replace(b"MI", b"AA", 1), "certificates in PEM"),
        (ONE.pem + b"-----BEGIN CERTIFICATE-----\nbroken", "certificates in PEM"),
        (ONE.pem + ONE.key_pem, "certificates alone"),
    ],
)
def test_a_file_that_holds_anything_else_is_refused(content: bytes, wanted: str) -> None:
    with pytest.raises(FormulaInvalid) as caught:
        plan(wishing(a=ONE.pem, b=content), lock())
    (problem,) = caught.value.problems
    assert (problem.path, problem.found, problem.place) == (
        "image.certificates[1]",
        "b.crt",
        PLACE,
    )
    assert problem.wanted.startswith(wanted)
