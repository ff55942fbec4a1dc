"""What a shell in the container says of its plugins, read back.

The script itself runs in tests/contracts/test_booter.py, in a container.
"""

from builder.adapters.boot_inside import Inside, parse, read_of
from builder.model.report import InstalledPlugin

MARK = "0123456789abcdef"


def said(*parts: tuple[str, bytes]) -> bytes:
    return b"".join(f"\n{MARK} {head}\n".encode() + content for head, content in parts)


def plugins(*parts: tuple[str, bytes]) -> tuple[InstalledPlugin, ...] | None:
    return parse(said(("plugins", b""), *parts, ("end", b"")), MARK).plugins


def test_manifests_come_back_to_the_byte() -> None:
    content = b"\nShort-Name: a\r\n 0123\n\n\xff"
    (plugin,) = plugins(("manifest a", content)) or ()
    assert plugin == InstalledPlugin(name="a", archive=None, manifest=content)


def test_an_archive_its_folder_and_its_marker_are_one_plugin() -> None:
    assert plugins(
        ("manifest my plugin", b"m"),
        ("size my plugin.hpi", b"  12\n"),
        ("head my plugin.hpi", b"PK\x03\x04"),
        ("disabled my plugin.hpi.disabled", b""),
    ) == (
        InstalledPlugin(
            name="my plugin",
            archive="my plugin.hpi",
            manifest=b"m",
            disabled=True,
            size=12,
            head=b"PK\x03\x04",
        ),
    )


def test_of_two_archives_of_one_name_the_jpi_counts_as_it_does_for_a_controller() -> None:
    (plugin,) = (
        plugins(
            ("size a.hpi", b"1"),
            ("head a.hpi", b"h"),
            ("disabled a.hpi.disabled", b""),
            ("size a.jpi", b"2"),
            ("head a.jpi", b"j"),
        )
        or ()
    )
    assert (plugin.archive, plugin.size, plugin.head) == ("a.jpi", 2, b"j")
    assert not plugin.disabled


def test_plugins_come_by_name() -> None:
    found = plugins(("folder b", b""), ("manifest a", b"m"), ("size c.jpi", b"1")) or ()
    assert [each.name for each in found] == ["a", "b", "c"]


def test_a_marker_without_its_archive_is_no_plugin() -> None:
    assert plugins(("disabled a.hpi.disabled", b"")) == ()


def test_peak_memory_is_read_where_the_kernel_tells_it() -> None:
    assert parse(said(("peak", b"123456\n")), MARK) == Inside(peak_memory=123456, plugins=None)
    assert parse(said(("peak", b"")), MARK) == Inside(peak_memory=None, plugins=None)


def test_output_that_breaks_off_tells_of_no_plugins() -> None:
    whole = said(("peak", b"1\n"), ("plugins", b""), ("manifest a", b"m"))
    assert parse(whole, MARK).plugins is None
    assert parse(b"sh: not found", MARK) == Inside()


def test_what_cannot_be_written_and_dead_processes_are_told_once_the_home_was_seen() -> None:
    whole = said(("home", b""), ("unwritable /home/a b", b""), ("zombie 17 (sh)", b""))
    found = parse(whole, MARK)
    assert (found.unwritable, found.zombies) == (("/home/a b",), ("17 (sh)",))
    assert (parse(said(("peak", b"")), MARK).unwritable, parse(b"", MARK).zombies) == (None, None)
    assert parse(said(("home", b"")), MARK).unwritable == ()


def test_files_are_given_byte_for_byte_and_what_is_not_there_is_none() -> None:
    whole = said(("files", b""), ("file /a b", b"one\n\ntwo"), ("file /c", b""))
    found = parse(whole, MARK)
    assert found.files == (("/a b", b"one\n\ntwo"), ("/c", b""))
    assert read_of(found, ("/c", "/d")) == (("/c", b""), ("/d", None))
    assert read_of(parse(b"", MARK), ("/c",)) == ()
