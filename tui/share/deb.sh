#!/bin/sh
# deb.sh ROOT VERSION OUTPUT: makes a Debian package of ROOT, which `make install` has filled.
# Needs dpkg-dev. What the program is linked with becomes its dependencies, in the versions of
# the machine that builds. The maintainer is $DEBFULLNAME <$DEBEMAIL>, as for Debian's own tools.
set -eu
root=$1 version=$2 output=$3
top=$(pwd)
for tool in dpkg-deb dpkg-shlibdeps strip; do
    command -v "$tool" >/dev/null || {
        echo "neartop: make deb needs $tool: apt-get install dpkg-dev binutils" >&2
        exit 1
    }
done
mail=${DEBEMAIL:-$(git config user.email 2>/dev/null || true)}
maintainer="${DEBFULLNAME:-the neartop authors} <${mail:-$(id -un)@$(uname -n)}>"
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}

# --- what Debian wants to be so -----------------------------------------------------------------
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root/usr/bin/neartop"
find "$root/usr/share/man" -type f ! -name '*.gz' -exec gzip -9n {} +
doc=$root/usr/share/doc/neartop
mkdir -p "$doc"
{
    echo 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/'
    printf 'Upstream-Name: neartop\n\nFiles: *\n'
    sed -n 's/^Copyright (c) /Copyright: /p' LICENSE
    echo 'License: Expat'
    sed -n '/^Permission/,$p' LICENSE | sed 's/^$/./; s/^/ /'
} >"$doc/copyright"
printf 'neartop (%s) unstable; urgency=medium\n\n  * Made from the sources by make deb.\n\n -- %s  %s\n' \
    "$version" "$maintainer" "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$doc/changelog.gz"

# --- what it needs --------------------------------------------------------------------------------
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/debian"
printf 'Source: neartop\n\nPackage: neartop\nArchitecture: any\n' >"$work/debian/control"
# Where it looks for a package's programs, or it warns.
mkdir -p "$work/debian/neartop/usr/bin" "$work/debian/neartop/DEBIAN"
cp "$top/$root/usr/bin/neartop" "$work/debian/neartop/usr/bin/"
needs=$(cd "$work" && dpkg-shlibdeps -O --warnings=0 debian/neartop/usr/bin/neartop | sed -n 's/^shlibs:Depends=//p')
[ -n "$needs" ] || {
    echo "neartop: dpkg-shlibdeps names no library" >&2
    exit 1
}

rm -rf "$root/DEBIAN"
mkdir "$root/DEBIAN"
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
# libwebsockets loads its event loop when it starts, and libcurl is opened when it is first
# needed (net/curl.h): no linker knows of them. What is deployed to an embedded chain is
# translated and compiled; the built-in contracts need neither.
cat >"$root/DEBIAN/control" <<END
Package: neartop
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: $maintainer
Installed-Size: $(du -sk "$root/usr" | cut -f 1)
Depends: $needs, libwebsockets-evlib-uv, libcurl4 | libcurl4t64
Recommends: ca-certificates, tcc, wabt
Section: utils
Priority: optional
Description: follow NEAR contract calls while they run
 A NEAR contract can call several contracts at once. neartop shows the tree of
 receipts while it grows: every branch, its gas, its status and its time,
 beside the result that the callback put together, and names the branch whose
 failure the callback swallowed.
 .
 It has an embedded chain that runs contracts with the protocol's gas, for
 demonstrations without a network and for any NEAR client.
END
chmod -R u=rwX,go=rX "$root"
dpkg-deb --root-owner-group -Zxz --build "$root" "$output" >/dev/null
echo "$output"
