"""Images of a few megabytes, made of this machine's own files: a shell, and Perl as controller."""

import io
import os
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker

PREFIX = f"jbverify-tiny-{os.getpid()}-"  # of this run: others may use the same engine
PERL_BASE = sorted(Path("/usr/lib").glob("*-linux-gnu*/perl-base"))
PROGRAMS = ("/usr/bin/perl", "/usr/bin/dash", "/usr/bin/cat", "/usr/bin/head", "/usr/bin/wc")
CAN_BE_MADE = bool(PERL_BASE) and all(Path(each).exists() for each in PROGRAMS)
MANIFEST = b"Manifest-Version: 1.0\r\nShort-Name: git\r\nPlugin-Version: 3.0.1\r\n\r\n"
CONTROLLER = rb"""
use strict; use warnings; use IO::Socket::INET; use IO::Select;
$| = 1;
my $mode = $ARGV[0];
print "Fake controller, mode $mode\n";
if ($mode eq 'obeys') {
    $SIG{TERM} = sub { print "told to end\n"; exit 143 }; $SIG{CHLD} = 'IGNORE';
    open my $boots, '>>', '/var/jenkins_home/boots' or die; print $boots 'x'; close $boots;
    print "boot " . (-s '/var/jenkins_home/boots') . "\n";
    if (my $named = $ENV{CASC_JENKINS_CONFIG}) {
        open my $casc, '<', $named or die; print "casc: " . <$casc> . "\n";
    }
    print "told: $ENV{JBUILD_VERIFY_USER} $ENV{JBUILD_VERIFY_PASSWORD}\n"
        if $ENV{JBUILD_VERIFY_USER};
    print "the root can be written\n" if open my $root, '>', '/root.txt';
    print "so can /tmp\n" if open my $scratch, '>', '/tmp/x';
}
if ($mode eq 'exits') { print STDERR "no such option\n"; exit 3; }
if ($mode eq 'grows') { my @all; while (push @all, 'x' x 1_000_000) { print @all . "\n"; } }
if ($mode eq 'sleeps') { sleep 600; exit; }
my %name; my $select = IO::Select->new;
for my $port (8080, 50000) {
    next if $port == 50000 && $mode eq 'no agent port';
    my $socket = IO::Socket::INET->new(LocalPort => $port, Listen => 5, ReuseAddr => 1) or die;
    $name{$socket} = $port; $select->add($socket);
}
print STDERR "x\tSEVERE\thudson.util.BootFailure#publish: Failed to initialize Jenkins\n"
    if $mode eq 'fails';
print "INFO: Listed all plugins\nINFO: Hudson is ready.\n" unless $mode =~ /^(fails|starts)$/;
my $code = $mode eq 'starts' ? 503 : $mode eq 'fails' ? 500 : 200;
while (my @ready = $select->can_read) {
    for my $listening (@ready) {
        my $client = $listening->accept or next;
        if ($name{$listening} == 50000) {
            sysread $client, my $said, 64;
            print $client "Unknown protocol:" . substr($said, 2) . "\n";
        } else {
            my $request = <$client> // ''; while (<$client>) { last if /^\r?\n$/ }
            my ($path) = $request =~ m{^GET (\S+)};
            my $extra = "X-Hudson: 3.3.2\r\n";
            $extra = "X-Hudson-JNLP-Port: 50000\r\n" if $path =~ /tcpSlave/;
            $extra .= "Location: http://elsewhere.invalid/\r\n" if $path eq '/moved';
            my $status = $path eq '/moved' ? 302 : $code;
            my $body = $path eq '/large' ? 'x' x 100_000 : "you asked $path";
            print $client "HTTP/1.1 $status X\r\nConnection: close\r\n$extra\r\n$body";
        }
        close $client;
    }
}
"""


@contextmanager
def image(mode: str) -> Iterator[str]:
    """Make an image whose controller behaves so; remove it afterwards."""
    client = docker.from_env()
    repository = f"{PREFIX}{mode.replace(' ', '-')}"
    changes = [
        f'ENTRYPOINT ["/usr/bin/perl", "/controller.pl", "{mode}"]',
        "VOLUME /var/jenkins_home",
        "EXPOSE 8080 50000",
    ]
    try:
        changes += ["USER 1000"] if mode == "unprivileged" else []
        client.api.import_image_from_data(_tar(), repository=repository, tag="1", changes=changes)
        yield f"{repository}:1"
        client.images.remove(f"{repository}:1")
    finally:
        client.close()


def _tar() -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tar:
        for path in _files():
            tar.add(path.resolve(), arcname=str(path).lstrip("/"), recursive=path.is_dir())
        tar.add("/usr/bin/dash", arcname="bin/sh")
        plugins = "var/jenkins_home/plugins"
        _add(tar, "controller.pl", CONTROLLER)
        _add(tar, f"{plugins}/git.hpi", b"PK\x03\x04 and more than sixteen bytes")
        _add(tar, f"{plugins}/git.hpi.disabled", b"")
        _add(tar, f"{plugins}/git/META-INF/MANIFEST.MF", MANIFEST)
        _add(tar, f"{plugins}/an html page.hpi", b"<html>\n")
        _add(tar, f"{plugins}/empty-folder/x", b"")
        _add(tar, "tmp/empty", b"")
    return target.getvalue()


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o644
    tar.addfile(entry, io.BytesIO(content))


def _files() -> set[Path]:
    """Give the programs, the libraries that they load, and Perl's modules."""
    found = {Path(each) for each in PROGRAMS} | set(PERL_BASE)
    loaded = [*PROGRAMS, *(str(each) for each in PERL_BASE[0].glob("auto/**/*.so"))]
    said = subprocess.run(["/usr/bin/ldd", *loaded], capture_output=True, text=True, check=True)  # noqa: S603 -- fixed program, names of this machine's own files
    words = said.stdout.split()
    return found | {Path(word) for word in words if word.startswith("/") and word[-1] != ":"}
