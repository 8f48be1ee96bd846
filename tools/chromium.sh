#!/bin/sh
# Prints the path of a Chromium for the browser tests; installs Debian's if there is none.
# Only the path goes to stdout. $CHROMIUM, when set, is believed.
set -eu

if [ -n "${CHROMIUM:-}" ]; then
    command -v "$CHROMIUM" && exit 0
    echo "CHROMIUM=$CHROMIUM is no program." >&2
    exit 1
fi

find_chromium() {
    for name in chromium chromium-browser google-chrome google-chrome-stable \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do
        if command -v "$name"; then return 0; fi
    done
    return 1
}

find_chromium && exit 0

if command -v apt-get >/dev/null; then
    as_root=
    if [ "$(id -u)" -ne 0 ]; then as_root="sudo -n"; fi
    echo "== installing Debian's chromium for the browser tests" >&2
    export DEBIAN_FRONTEND=noninteractive
    if $as_root apt-get update -qq >&2 && $as_root apt-get install -y -qq --no-install-recommends chromium >&2; then
        find_chromium && exit 0
    fi
fi

cat >&2 <<'MESSAGE'
The browser tests need Chromium, and there is none here that could be found or installed.
Install it (Debian: sudo apt install chromium; macOS: brew install --cask chromium),
or say where it is: make test CHROMIUM=/path/to/chromium. Without it: make check.
MESSAGE
exit 1
