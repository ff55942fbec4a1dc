#!/bin/sh
# The first program in every image that jbuild makes, right under tini: puts what the image
# brings into the home, then becomes the controller, or the command it was given.
#
# Plugin archives (.jpi, .hpi) of the image: a marker in $JENKINS_HOME/.jbuild/plugins remembers
# the sha256 of what was placed.
#   not in the home                        placed, also where the user had deleted it: so does
#                                          the official image, and a set of plugins stays whole
#   in the home, as placed                 replaced when the image's differs
#   in the home, changed since, or never
#   placed by the image                    the user's own: left alone
# Every other file is placed where the home has none. A name ending in .override loses that
# ending and is always placed. Times are kept: a controller unpacks an archive again only where
# its time has changed. A base with a jenkins.sh of its own places its files itself.
#
# Before any of that, plugins the image has retired are taken out of the home: those with the
# bytes that an image of ours brought, in whichever way they came there. What images brought so
# far is remembered in $JENKINS_HOME/.jbuild/offered, as sha256sum writes it.
#
# Certificates of the image join those of its Java and of its system in $JENKINS_HOME/.jbuild/trust,
# since the root may be read-only; made anew where any of them changed.
set -eu

: "${JENKINS_HOME:=/var/jenkins_home}"
export JENKINS_HOME
if [ -n "${HUDSON_HOME+x}" ]; then export HUDSON_HOME="$JENKINS_HOME"; fi
ref=${JBUILD_REF:-/usr/share/jenkins/ref}
own=${JBUILD_OWN:-/usr/share/jenkins/jbuild}
war=${JBUILD_WAR:-/usr/share/jenkins/jenkins.war}
official=${JBUILD_OFFICIAL:-/usr/local/bin/jenkins.sh}
markers=$JENKINS_HOME/.jbuild/plugins
offered=$JENKINS_HOME/.jbuild/offered
trusted=$JENKINS_HOME/.jbuild/trust
# Written last of all at build time: an archive newer than it came from elsewhere.
listed=$own/plugins.sha256

say() {
    printf 'jbuild-start: %s\n' "$*"
}

fail() {
    say "$*" >&2
    exit 1
}

need_home() {
    if ! { mkdir -p "$markers" && touch "$JENKINS_HOME/.jbuild/writable"; } 2>/dev/null; then
        fail "cannot write to $JENKINS_HOME as user $(id -u):$(id -g)"
    fi
}

# put SOURCE NAME: whole or not at all.
put() {
    part=$JENKINS_HOME/$2.jbuild-part
    trap 'rm -f "$part"' EXIT
    trap 'exit 143' TERM INT HUP
    if ! said=$(mkdir -p "${part%/*}" 2>&1 && cp -p "$1" "$part" 2>&1 &&
        mv -fT "$part" "$JENKINS_HOME/$2" 2>&1); then
        fail "cannot place $2: $said"
    fi
    trap - EXIT TERM INT HUP
}

# mark NAME SHA256: after the archive is in place, so that a break in between is harmless.
mark() {
    if ! { printf '%s\n' "$2" >"$markers/$1.sha256"; } 2>/dev/null; then
        fail "cannot write to $markers"
    fi
}

sha256_of() {
    sum=$(sha256sum <"$1") || fail "cannot read $1"
    sum=${sum%% *}
}

# place_plugin NAME SHA256: by the table above; nothing is read where the marker is the image's.
place_plugin() {
    source=$ref/plugins/$1 target=$JENKINS_HOME/plugins/$1 marker=
    if [ ! -e "$target" ]; then
        put "$source" "plugins/$1"
        mark "$1" "$2"
        say "placed plugins/$1"
        return
    fi
    if [ -e "$markers/$1.sha256" ]; then read -r marker <"$markers/$1.sha256" || :; fi
    if [ "$marker" = "$2" ]; then return; fi
    if cmp -s "$source" "$target"; then
        mark "$1" "$2"
        return
    fi
    if [ -n "$marker" ] && sha256_of "$target" && [ "$sum" = "$marker" ]; then
        put "$source" "plugins/$1"
        mark "$1" "$2"
        say "replaced plugins/$1"
    else
        say "left plugins/$1 alone: it is not the one an image placed"
    fi
}

# place_override NAME: whatever the home has.
place_override() {
    name=${1%.override}
    if cmp -s "$ref/$1" "$JENKINS_HOME/$name"; then return; fi
    put "$ref/$1" "$name"
    case $name in
    plugins/*/*) ;;
    plugins/*.jpi | plugins/*.hpi)
        sha256_of "$ref/$1"
        mark "${name#plugins/}" "$sum"
        ;;
    esac
    say "placed $name by override"
}

place_other() {
    if [ -e "$JENKINS_HOME/$1" ]; then return; fi
    put "$ref/$1" "$1"
    say "placed $1"
}

# is_ours NAME: its bytes in the home are those that an image brought.
is_ours() {
    sha256_of "$JENKINS_HOME/plugins/$1"
    marker=
    if [ -e "$markers/$1.sha256" ]; then read -r marker <"$markers/$1.sha256" || :; fi
    [ "$sum" = "$marker" ] || grep -qsxF -e "$sum  $1" "$offered"
}

# take_out PATH...: below the home's plugins; links go, what they lead to stays.
take_out() {
    for taken in "$@"; do
        if ! said=$(rm -rf "$JENKINS_HOME/plugins/$taken" 2>&1); then
            fail "cannot take out plugins/$taken: $said"
        fi
    done
}

# retire ID: the archive goes last, so that a start broken in between is made good by the next.
retire() {
    for name in "$1.jpi" "$1.hpi"; do
        if [ ! -f "$JENKINS_HOME/plugins/$name" ]; then
            rm -f "$markers/$name.sha256"
        elif is_ours "$name"; then
            take_out "$1" "$name.disabled" "$name.pinned" "$name.version_from_image" "$name"
            rm -f "$markers/$name.sha256"
            say "retired plugins/$name"
        else
            say "left plugins/$name alone: it is not the one an image placed"
        fi
    done
}

retire_all() {
    if [ ! -e "$own/retired" ]; then return; fi
    while IFS= read -r id; do retire "$id"; done <"$own/retired"
}

# remember: what this image brings, beside all that others brought before it.
remember() {
    if [ ! -s "$listed" ]; then return; fi
    part=$offered.jbuild-part
    if ! said=$(touch "$offered" 2>&1 && LC_ALL=C sort -u "$offered" "$listed" 2>&1 >"$part" &&
        mv -fT "$part" "$offered" 2>&1); then
        fail "cannot write to $offered: $said"
    fi
}

# The archives whose sha256 the image brings along; `known` keeps their names.
place_listed() {
    known=/
    if [ ! -e "$listed" ]; then return; fi
    while read -r sum name; do
        if [ -f "$ref/plugins/$name" ] && [ ! "$ref/plugins/$name" -nt "$listed" ]; then
            known=$known$name/
            place_plugin "$name" "$sum"
        fi
    done <"$listed"
}

place_rest() {
    find -L "$ref" -type f | LC_ALL=C sort | while IFS= read -r path; do
        name=${path#"$ref"/}
        case $name in
        *.override) place_override "$name" ;;
        plugins/*/*) place_other "$name" ;;
        plugins/*.jpi | plugins/*.hpi)
            name=${name#plugins/}
            case $known in */"$name"/*) continue ;; esac
            sha256_of "$path"
            place_plugin "$name" "$sum"
            ;;
        *) place_other "$name" ;;
        esac
    done
}

# first FILE...: the first that holds something, in `found`; empty where none does.
first() {
    for found in "$@"; do if [ -s "$found" ]; then return; fi; done
    found=
}

# make_trust STORE BUNDLE SHA256: STORE of Java and BUNDLE of the system, with ours added.
make_trust() {
    rm -rf "$trusted" && mkdir -p "$trusted" && cp "$1" "$trusted/cacerts" &&
        chmod 600 "$trusted/cacerts" || fail "cannot write to $trusted"
    for certificate in "$own"/certificates/*; do
        if ! said=$("$keytool" -importcert -noprompt -alias "jbuild-${certificate##*/}" \
            -file "$certificate" -keystore "$trusted/cacerts" -storepass changeit 2>&1); then
            fail "keytool does not take ${certificate##*/} into a copy of $1: $said"
        fi
    done
    {
        if [ -n "$2" ]; then cat "$2"; fi
        cat "$own"/certificates/*
    } >"$trusted/ca-certificates.crt" && printf '%s\n' "$3" >"$trusted/made" ||
        fail "cannot write to $trusted"
}

# trust: tells Java, git and OpenSSL, unless the user has told them something else.
trust() {
    store=
    if [ ! -d "$own/certificates" ]; then return; fi
    java=$(command -v java) || fail "there is no java"
    java=$(readlink -f "$java")
    bin=${java%/*} lib=${java%/bin/*}
    first "$bin/keytool" "$lib/bin/keytool" "$(command -v keytool || :)"
    keytool=$found
    first "$lib/lib/security/jssecacerts" "$lib/lib/security/cacerts" \
        "$lib/jre/lib/security/jssecacerts" "$lib/jre/lib/security/cacerts"
    if [ -z "$keytool" ] || [ -z "$found" ]; then
        fail "image.certificates need a keytool and a cacerts beside $java"
    fi
    cacerts=$found
    first /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem
    sum=$(cat "$cacerts" ${found:+"$found"} "$own"/certificates/* | sha256sum)
    sum=${sum%% *} made=
    if [ -e "$trusted/made" ]; then read -r made <"$trusted/made" || :; fi
    if [ "$made" != "$sum" ]; then make_trust "$cacerts" "$found" "$sum"; fi
    store=$trusted/cacerts
    export SSL_CERT_FILE="${SSL_CERT_FILE-$trusted/ca-certificates.crt}"
    export GIT_SSL_CAINFO="${GIT_SSL_CAINFO-$trusted/ca-certificates.crt}"
}

# run_controller ARGUMENT...: appends the whole command line behind the user's arguments, then
# turns those to the end. One option a line, so that blanks in one survive.
run_controller() {
    trust
    users=$#
    set -- "$@" java "-Duser.home=$JENKINS_HOME"
    while IFS= read -r option; do set -- "$@" "$option"; done <"$own/java.options"
    if [ -n "$store" ]; then
        set -- "$@" "-Djavax.net.ssl.trustStore=$store" -Djavax.net.ssl.trustStorePassword=changeit
    fi
    set -f
    # shellcheck disable=SC2086 # several options in one variable, as in the official image
    set -- "$@" ${JAVA_OPTS-} ${JENKINS_JAVA_OPTS-} -jar "$war"
    while IFS= read -r option; do set -- "$@" "$option"; done <"$own/arguments"
    # shellcheck disable=SC2086
    set -- "$@" ${JENKINS_OPTS-}
    while [ "$users" -gt 0 ]; do
        set -- "$@" "$1"
        shift
        users=$((users - 1))
    done
    exec "$@"
}

# quote OPTION: appends it to `quoted`.
quote() {
    quoted="$quoted'$(printf '%s' "$1" | sed "s/'/'\"'\"'/g")' "
}

# run_official ARGUMENT...: jenkins.sh splits JAVA_OPTS as xargs does, so each option is quoted.
# Arguments for the controller stand behind ours; a command of the user's stands alone.
run_official() {
    trust
    quoted=
    while IFS= read -r option; do quote "$option"; done <"$own/java.options"
    if [ -n "$store" ]; then
        quote "-Djavax.net.ssl.trustStore=$store"
        quote -Djavax.net.ssl.trustStorePassword=changeit
    fi
    export JAVA_OPTS="$quoted${JAVA_OPTS-}"
    case ${1---} in
    --*)
        users=$#
        while IFS= read -r option; do set -- "$@" "$option"; done <"$own/arguments"
        while [ "$users" -gt 0 ]; do
            set -- "$@" "$1"
            shift
            users=$((users - 1))
        done
        ;;
    esac
    exec "$official" "$@"
}

need_home
retire_all
remember
if [ -x "$official" ]; then run_official "$@"; fi
if [ -d "$ref" ]; then
    place_listed
    place_rest
fi
if [ $# -eq 0 ]; then run_controller; fi
case $1 in --*) run_controller "$@" ;; esac
exec "$@"
