#!/usr/bin/env bash
# Sets up everything that Minsheng needs on Debian 12: packages, virtual environment, PBX, prompts, front end.
# Safe to run again, safe to run twice at once, asks nothing. Run by `make bootstrap`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# For running the hotline: PBX root (mmdebstrap, bubblewrap, uidmap), voices and audio (espeak-ng, sox,
# libportaudio2), printed notices (fonts-noto-cjk), Python. For the tests: callers (sip-tester), a browser,
# PostgreSQL.
PACKAGES=(
    ca-certificates python3 python3-venv mmdebstrap bubblewrap uidmap espeak-ng sox libportaudio2
    sip-tester chromium chromium-headless-shell fonts-noto-cjk postgresql
)
STEPS=3
VENV=.venv
STAMP=$VENV/bootstrapped
LOG=var/bootstrap.log
began=$SECONDS
step_number=0

fail() {
    echo "bootstrap: $*" >&2
    exit 1
}

begin() {
    step_number=$((step_number + 1))
    step_began=$SECONDS
    printf '[%d/%d] %s\n' "$step_number" "$STEPS" "$1"
}

finish() {
    printf '      %s (%d s)\n' "${1:-done}" $((SECONDS - step_began))
}

# Runs a long command with its words in the log, and says every ten seconds that it still runs.
# Descriptor 9 is the lock: a service that a package starts must not keep it.
attempt() {
    local what=$1 pid waited=0 status=0
    shift
    "$@" >>"$LOG" 2>&1 9<&- </dev/null &
    pid=$!
    trap 'kill "'"$pid"'" 2>/dev/null' EXIT # Ctrl-C does not reach what runs in the background
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.2
        waited=$((waited + 1))
        if ((waited % 50 == 0)); then
            printf '      still %s (%d s)\n' "$what" $((waited / 5))
        fi
    done
    wait "$pid" || status=$?
    trap - EXIT
    return "$status"
}

# What nothing else can make up for.
quietly() {
    if ! attempt "$@"; then
        tail -n 25 "$LOG" >&2
        fail "$1 failed; all of its output is in $PWD/$LOG"
    fi
}

lock() {
    exec 9<.
    if ! flock -n 9; then
        echo "bootstrap: another one is running in this checkout; waiting for it"
        flock 9
    fi
}

missing_packages() {
    local package
    for package in "${PACKAGES[@]}"; do
        if [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
            echo "$package"
        fi
    done
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo "$@"
    fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 -o Dpkg::Options::=--force-confold "$@"
}

# Two `apt-get update` at once exclude one another without waiting, so try for five minutes.
apt_update() {
    local try
    for try in {1..30}; do
        apt update && return
        echo "apt-get update: try $try failed; again in 10 s"
        sleep 10
    done
    return 1
}

packages() {
    begin "Debian packages"
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
        fail "this machine has no apt: Minsheng is set up on Debian 12. Elsewhere install the equivalents of" \
            "${PACKAGES[*]}, Python 3.11 or 3.12 and Asterisk 20 or later by hand; see README.md"
    local missing
    mapfile -t missing < <(missing_packages)
    if ((${#missing[@]} == 0)); then
        finish "all there"
        return
    fi
    if ((EUID != 0)); then
        command -v sudo >/dev/null ||
            fail "packages are missing (${missing[*]}) and there is no sudo: run as root" \
                "apt-get install --no-install-recommends ${missing[*]}"
        sudo -n true 2>/dev/null || { [[ -t 0 ]] && sudo -v; } ||
            fail "packages are missing (${missing[*]}) and sudo wants a password, but there is no terminal"
    fi
    echo "      installing ${missing[*]}"
    quietly "reading the package lists" apt_update
    quietly "installing packages" apt install --no-install-recommends "${missing[@]}"
    finish
}

# A Python of the right age that can make virtual environments; Debian's own comes first.
find_python() {
    local candidate
    for candidate in /usr/bin/python3 python3.12 python3.11 python3; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' \
            2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 or 3.12 with venv is needed; /usr/bin/python3 is $(/usr/bin/python3 -V 2>&1 || true)"
}

environment_is_current() {
    [[ -x $VENV/bin/hotline && -f $STAMP && $(<"$STAMP") == "$wanted" ]] && "$VENV/bin/python" -c '' 2>/dev/null
}

# uv takes a third of pip's time; pip serves where there is no uv, or where uv does not get through.
install_packages() {
    local pip=("$VENV/bin/python" -m pip --no-input --disable-pip-version-check)
    if attempt "fetching uv" "${pip[@]}" install --no-compile uv &&
        UV_DEFAULT_INDEX=$(package_index) attempt "installing Python packages" \
            "$VENV/bin/uv" pip install --python "$VENV/bin/python" -e '.[dev]'; then
        return
    fi
    quietly "installing Python packages with pip" "${pip[@]}" install --no-compile -e '.[dev]'
}

# uv asks for its own settings alone: a mirror that this machine's pip was told of is handed on.
package_index() {
    local told
    told=$("$VENV/bin/python" -m pip config list 2>/dev/null | sed -n "s/^[^=]*[.]index-url='\(.*\)'$/\1/p" | tail -n 1)
    echo "${UV_DEFAULT_INDEX:-${PIP_INDEX_URL:-$told}}"
}

environment() {
    begin "Python environment"
    local wanted python
    wanted=$(sha256sum pyproject.toml | cut -d ' ' -f 1)
    if environment_is_current; then
        finish "up to date"
        return
    fi
    if ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then
        python=$(find_python)
        echo "      new environment of $("$python" -V)"
        rm -rf "$VENV"
        quietly "making the environment" "$python" -m venv "$VENV"
    fi
    install_packages
    echo "$wanted" >"$STAMP"
    finish
}

hotline_setup() {
    begin "PBX, prompts, front end, speech model, database"
    "$VENV/bin/hotline" setup 9<&-
    finish
}

mkdir -p -m 700 var
lock
packages
environment
hotline_setup
echo "Minsheng is set up ($((SECONDS - began)) s)."
