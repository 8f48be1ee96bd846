#!/bin/sh
# Makes .venv with a Python of 3.11 or later, or says what is missing.
# $1: the interpreter to use; empty to look for one. The system's default comes first.
set -eu

recent='import sys; sys.exit(sys.version_info < (3, 11))'

for python in ${1:-python3 python3.11 python3.12 python3.13 python}; do
    if "$python" -c "$recent" 2>/dev/null; then
        echo "== making .venv with $("$python" --version)"
        "$python" -m venv .venv && exit 0
        rm -rf .venv # half of one would look finished to make
        echo "$python cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2
        exit 1
    fi
done

found=$("${1:-python3}" --version 2>/dev/null || echo "none")
echo "The workbench needs Python 3.11 or later; ${1:-python3} here is: $found." >&2
echo "Install one, or name one that is somewhere else: make PYTHON=/path/to/python3.12 …" >&2
exit 1
