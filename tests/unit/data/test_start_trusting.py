"""How the start script lets Java and the system trust the image's certificates."""

import pytest

from tests.fakes.start_script import TELL, Image, program, put

# Appends what it is told to import, as the real one does in its own way.
KEYTOOL = """\
#!/bin/sh
while [ $# -gt 0 ]; do
    case $1 in -file) file=$2 ;; -keystore) store=$2 ;; esac
    shift
done
if grep -q broken "$file"; then echo "no certificate"; exit 1; fi
cat "$file" >>"$store"
"""


def trusting(image: Image, **certificates: bytes) -> None:
    program(image.root / "bin/keytool", KEYTOOL)
    put(image.root / "lib/security/cacerts", b"of the base\n")
    (image.root / "lib/security/cacerts").chmod(0o444)
    for name, content in certificates.items():
        put(image.root / f"own/certificates/{name}.0", content)


def options(image: Image) -> tuple[str, ...]:
    store = image.home / ".jbuild/trust/cacerts"
    return (
        f"-Djavax.net.ssl.trustStore={store}",
        "-Djavax.net.ssl.trustStorePassword=changeit",
    )


def test_java_gets_the_base_s_store_with_the_image_s_certificates(image: Image) -> None:
    trusting(image, a=b"one\n", b=b"two\n")
    lines = image.start().lines
    first, second = options(image)
    assert lines[lines.index(first) + 1] == second
    assert lines.index(second) < lines.index("-jar")
    assert (image.home / ".jbuild/trust/cacerts").read_bytes() == b"of the base\none\ntwo\n"
    assert (image.home / ".jbuild/trust/ca-certificates.crt").read_bytes().endswith(b"one\ntwo\n")


def test_a_store_is_made_anew_only_where_something_changed(image: Image) -> None:
    trusting(image, a=b"one\n")
    image.start()
    program(image.root / "bin/keytool", "#!/bin/sh\nexit 1\n")
    assert options(image)[0] in image.start().lines
    trusting(image, a=b"other\n")
    image.start()
    assert (image.home / ".jbuild/trust/cacerts").read_bytes() == b"of the base\nother\n"


def test_a_base_s_own_script_gets_the_store_in_its_options(image: Image) -> None:
    program(image.root / "jenkins.sh", '#!/bin/sh\necho "$JAVA_OPTS"\n')
    trusting(image, a=b"one\n")
    quoted = " ".join(f"'{each}'" for each in options(image))
    assert image.start(JAVA_OPTS="-Xmx1g").lines == (f"{quoted} -Xmx1g",)


def test_git_and_openssl_are_told_unless_the_user_has(image: Image) -> None:
    trusting(image, a=b"one\n")
    program(image.root / "bin/java", '#!/bin/sh\necho "$SSL_CERT_FILE $GIT_SSL_CAINFO"\n')
    bundle = image.home / ".jbuild/trust/ca-certificates.crt"
    assert image.start().lines == (f"{bundle} {bundle}",)
    assert image.start(SSL_CERT_FILE="/mine").lines == (f"/mine {bundle}",)


@pytest.mark.parametrize("fault", ["certificate", "cacerts"])
def test_what_cannot_be_trusted_ends_the_start(image: Image, fault: str) -> None:
    trusting(image, a=b"broken\n" if fault == "certificate" else b"one\n")
    if fault == "cacerts":
        (image.root / "lib/security/cacerts").unlink()
    started = image.start()
    assert started.code == 1
    assert fault in started.errors[0] or "a.0: no certificate" in started.errors[0]
    assert options(image)[0] not in started.lines


def test_an_image_without_certificates_leaves_java_alone(image: Image) -> None:
    program(image.root / "bin/java", TELL.format(name="java"))
    assert not [each for each in image.start().lines if "trustStore" in each]
