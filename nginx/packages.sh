#!/bin/bash
# packages.sh - installs the Debian packages that are missing: `packages.sh run`, `packages.sh run test`.
#
# Quick and silent when everything is there. A MariaDB or nginx that this very run has installed is neither started nor
# left enabled: the project runs its own private ones. What the machine already had is not touched.
set -euo pipefail

run_packages=(gcc libc6-dev make pkg-config libfcgi-dev libmariadb-dev libsodium-dev libesmtp-dev libidn2-dev
  libpasswdqc-dev libjansson-dev libcsv-dev libqrencode-dev libssl-dev gettext nginx mariadb-server mariadb-client python3
  python3-aiosmtpd)
test_packages=(libcmocka-dev zbar-tools chromium-headless-shell nodejs npm openssl systemd wrk default-jre-headless spamassassin time)

# A command that is there counts, wherever it came from: nginx has flavours, Node's own packages include npm.
command_of() {
    case $1 in
    nginx | npm | openssl | wrk | python3 | gcc | make | chromium-headless-shell) echo "$1" ;;
    nodejs) echo node ;;
    zbar-tools) echo zbarimg ;;
    systemd) echo systemd-analyze ;;
    default-jre-headless) echo java ;;
    spamassassin) echo spamassassin ;;
    mariadb-server) echo mariadbd ;;
    mariadb-client) echo mariadb ;;
    pkg-config) echo pkg-config ;;
    gettext) echo msgfmt ;;
    esac
}

PATH=$PATH:/usr/sbin:/sbin
wanted=() missing=() libraries=()
for list in "$@"; do
    [ "$list" = run ] && wanted+=("${run_packages[@]}")
    [ "$list" = test ] && wanted+=("${test_packages[@]}")
done
for package in "${wanted[@]}"; do
    program=$(command_of "$package")
    if [ -z "$program" ]; then
        libraries+=("$package")
    elif ! command -v "$program" >/dev/null; then
        missing+=("$package")
    fi
done
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${libraries[@]}" 2>/dev/null || true)
for package in "${libraries[@]}"; do
    grep -qx "installed $package" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} = 0 ] && exit 0

if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "missing packages: ${missing[*]} (install them as root)" >&2; exit 1; }
    exec sudo -- "$(realpath "$0")" "$@"
fi

echo "installing ${missing[*]}" >&2
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
    trap 'rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
fi
export DEBIAN_FRONTEND=noninteractive
# Asks nothing, waits for another apt-get (a machine's own updates after its start), and removes no package: a MySQL that
# is in the way of MariaDB is somebody's.
install() {
    apt-get install -y -q --no-install-recommends --no-remove -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "${missing[@]}" </dev/null >&2
}
# The lists of a fresh machine are empty or old.
install || { apt-get update -q >&2 && install; }

# Also without systemd, which the machine may get later.
disable() {
    systemctl disable --now "$1" || true
    deb-systemd-helper disable "$1.service" || true
    update-rc.d "$1" disable || true
} >/dev/null 2>&1
for package in "${missing[@]}"; do
    case $package in
    nginx) disable nginx ;;
    mariadb-server) disable mariadb ;;
    esac
done
