#!/bin/bash
# install_test.sh - installs into a scratch root and asks each tool whether it accepts what lies there: the program its configuration,
# nginx the site, systemd the units. One line per check: `ok ...` or `not ok ...`; exit 1 when one failed.
set -uo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
failed=0

check() { # check WORDS COMMAND...: quiet unless it fails
    local words=$1 said
    shift
    if said=$("$@" 2>&1); then
        echo "ok $words"
    else
        echo "not ok $words"
        sed 's/^/    /' <<<"$said"
        failed=1
    fi
}

check "make install into a scratch root" make install DESTDIR="$root"

# ---- the program ----
program=$root/usr/local/bin/invited
example=$root/etc/invited/invited.conf.example
check "check-config accepts the example" env -i "$program" -c "$example" check-config
defaults_are_documented() {
    diff <(env -i "$program" -c /dev/null check-config 2>/dev/null | sed 's/ *$//') <(grep -v '^#' "$1" | sed '/^$/d; s/ *$//')
}
check "the example names every key with its default" defaults_are_documented "$example"
pools_are_current() { diff <("$program" routes --nginx) nginx/invited-pools.conf; }
check "invited-pools.conf is what routes --nginx prints" pools_are_current
starts_quickly() { # with reading of the configuration; the fastest of ten, because a busy machine makes others wait
    local begun took best=1000000000
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        begun=$(date +%s%N)
        env -i "$program" -c "$example" check-config >/dev/null 2>&1
        took=$(($(date +%s%N) - begun))
        if [ $took -lt $best ]; then best=$took; fi
    done
    echo "$((best / 1000)) us"
    [ $best -lt 100000000 ]
}
check "the program starts in less than 100 ms" starts_quickly
hardened() { # whole texts, not pipes into grep -q: with pipefail those fail when grep is done first
    local said
    said=$(readelf -W -h -l -d --dyn-syms "$program") || return 1
    for word in 'DYN (' BIND_NOW GNU_RELRO __stack_chk_fail; do
        [[ $said == *"$word"* ]] || { echo "no $word"; return 1; }
    done
    ! grep -E 'GNU_STACK.* RWE' <<<"$said"
}
check "the binary is PIE with full RELRO, no executable stack, stack protector" hardened

# ---- nginx: the installed files, their absolute paths moved into the scratch root ----
mkdir -p "$root/etc/ssl/invited" "$root/var/log/nginx" "$root/run" "$root/tmp"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=portal.example \
    -keyout "$root/etc/ssl/invited/privkey.pem" -out "$root/etc/ssl/invited/fullchain.pem" 2>/dev/null
sed "s|/etc/ssl/|$root/etc/ssl/|; s|/var/log/|$root/var/log/|; s|/usr/local/|$root/usr/local/|; s|listen \(.*\)443|listen \1 4443|; s|listen \(.*\)80 default|listen \1 8880 default|; s|listen \(.*\)80;|listen \1 8880;|; s|\]: |]:|" \
    "$root/etc/nginx/sites-available/invited" >"$root/etc/nginx/site"
[ -e /proc/net/if_inet6 ] || sed -i '/listen \[::\]/d' "$root/etc/nginx/site"
cat >"$root/etc/nginx/nginx.conf" <<CONF
pid $root/run/nginx.pid;
error_log $root/var/log/nginx/error.log;
events {}
http {
    client_body_temp_path $root/tmp/body; fastcgi_temp_path $root/tmp/fastcgi; proxy_temp_path $root/tmp/proxy;
    scgi_temp_path $root/tmp/scgi; uwsgi_temp_path $root/tmp/uwsgi;
    include $root/etc/nginx/site;
}
CONF
nginx_accepts() {
    local said
    said=$(nginx -t -p "$root" -e "$root/var/log/nginx/error.log" -c "$root/etc/nginx/nginx.conf" 2>&1) || { echo "$said"; return 1; }
    ! grep -E '\[(warn|emerg)\]' <<<"$said"
}
check "nginx -t accepts the installed site, without a warning" nginx_accepts

nginx_has_the_icon() {
    local share
    share=$(sed -n 's/^ *set \$invited_share \(.*\);.*/\1/p' "$root/etc/nginx/site")
    cmp nginx/favicon.ico "$share/www/favicon.ico" && grep -q '^location = /favicon.ico' "$root/etc/nginx/invited/invited-locations.conf"
}
check "the icon that browsers ask for is where the installed site looks for it" nginx_has_the_icon

# What it answers when it runs; unittest counts.
python3 tests/site_test.py -v "$root" 2>&1 || failed=1

# ---- systemd: the machine's own units beside ours, so that what they name exists ----
units=$root/usr/local/lib/systemd/system
mkdir -p "$root/usr/lib/systemd" "$root/bin"
cp -a /usr/lib/systemd/system "$root/usr/lib/systemd/" 2>/dev/null || cp -a /lib/systemd/system "$root/usr/lib/systemd/"
cp "$units"/* "$root/usr/lib/systemd/system/"
cp /bin/true "$root/bin/kill"
units_are_good() {
    local said
    said=$(systemd-analyze verify --root="$root" --man=no --recursive-errors=no invited.service invited-mailer.service \
        invited-web.socket invited-auth.socket invited-long.socket 2>&1) || { echo "$said"; return 1; }
    said=$(grep -E '^(.*/)?invited' <<<"$said") && { echo "$said"; return 1; }
    return 0
}
check "systemd-analyze verify accepts the units" units_are_good
for unit in invited invited-mailer; do
    score=$(systemd-analyze security --offline=yes "$units/$unit.service" 2>/dev/null | sed -n 's/.*Overall exposure level.*: \([0-9.]*\) .*/\1/p')
    below_limit() { awk -v s="$1" 'BEGIN { exit !(s != "" && s <= 1.5) }'; }
    check "systemd-analyze security: $unit scores $score (at most 1.5)" below_limit "$score"
done
networks_are_closed() {
    local pages mailer
    pages=$(systemd-analyze security --offline=yes "$units/invited.service" 2>/dev/null)
    mailer=$(systemd-analyze security --offline=yes "$units/invited-mailer.service" 2>/dev/null)
    [[ $pages == *"no access to the host's network"* && $pages == *"blocks all IP address ranges"* && $mailer == *"allow list with only localhost entries"* ]]
}
check "the pages have no network, and the mailer none but this machine's" networks_are_closed
exit $failed
