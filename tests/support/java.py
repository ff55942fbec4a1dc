"""Archives that a real JDK has made, signed and run."""

import shutil
import subprocess
from pathlib import Path

import pytest

_TOOLS = ("java", "javac", "jar", "jarsigner", "keytool")
_MAIN = """\
package executable;
public class Main {
  public static void main(String[] words) throws Exception {
    Package own = Main.class.getPackage();
    try (java.io.InputStream in = Main.class.getResourceAsStream("/WEB-INF/web.xml")) {
      System.out.println(own.getImplementationTitle() + " " + in.readAllBytes().length);
    }
  }
}
"""
_STORE = ("-keystore", "keys.p12", "-storetype", "pkcs12", "-storepass", "changeit")


def require_jdk() -> None:
    """Skip where there is no JDK."""
    absent = [each for each in _TOOLS if shutil.which(each) is None]
    if absent:
        pytest.skip(f"no JDK here: {', '.join(absent)} not on the PATH")


def java(*words: str, folder: Path, check: bool = True) -> str:
    """Run one of its tools and give what it says."""
    done = subprocess.run(  # noqa: S603  # tools of the JDK, our own words
        words, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0 or not check, done.stdout + done.stderr
    return done.stdout + done.stderr


def executable_war(folder: Path, web_xml: bytes, *, signed: bool) -> Path:
    """Make a WAR that ``java -jar`` runs."""
    (folder / "WEB-INF").mkdir()
    (folder / "WEB-INF" / "web.xml").write_bytes(web_xml)
    (folder / "executable").mkdir()
    (folder / "executable" / "Main.java").write_text(_MAIN)
    (folder / "own.mf").write_text("Implementation-Title: Upstream\nHudson-Version: 3.3.2\n")
    java("javac", "executable/Main.java", folder=folder)
    packed = ("core.war", "own.mf", "executable.Main", "executable", "WEB-INF")
    java("jar", "cfme", *packed, folder=folder)
    if signed:
        name = ("-dname", "CN=Jenkins", "-alias", "jenkins")
        java("keytool", "-genkeypair", "-keyalg", "RSA", *_STORE, *name, folder=folder)
        java("jarsigner", *_STORE, "core.war", "jenkins", folder=folder)
    return folder / "core.war"
