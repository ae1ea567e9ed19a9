#!/bin/bash
# install.sh - `make install`: program, static files and catalogues under PREFIX; units, nginx files and the commented configuration
# where Debian looks for them. DESTDIR is put before everything. What an operator edits is never overwritten: the site and
# invited.conf itself.
set -euo pipefail
cd "$(dirname "$0")/.."
share=$DESTDIR$PREFIX/share/invited

# copy MODE FOLDER FILE...: with our paths made the installed ones.
copy() {
    local mode=$1 folder=$2
    shift 2
    install -d "$folder"
    for file in "$@"; do
        sed "s|/usr/local/|$PREFIX/|g" "$file" | install -m "$mode" /dev/stdin "$folder/${file##*/}"
    done
}

install -d "$DESTDIR$PREFIX/bin" "$share/www/static"
install -m 755 "$BUILD/invited" "$DESTDIR$PREFIX/bin/invited"
for file in build/static/*; do
    [ "${file##*.}" = h ] || install -m 644 "$file" "$share/www/static/"
done
copy 644 "$share/www/error" build/error/*.html
install -m 644 nginx/favicon.ico "$share/www/favicon.ico"
for catalogue in build/locale/C.UTF-8/LC_MESSAGES/*.mo; do
    [ -e "$catalogue" ] && install -D -m 644 "$catalogue" "$share/locale/C.UTF-8/LC_MESSAGES/${catalogue##*/}"
done

copy 644 "$DESTDIR/etc/nginx/invited" nginx/invited-*.conf
site=$DESTDIR/etc/nginx/sites-available/invited
copy 644 "$share" nginx/invited.nginx
[ -e "$site" ] || install -D -m 644 "$share/invited.nginx" "$site"

copy 644 "$DESTDIR/etc/invited" nginx/invited.conf.example
[ -e "$DESTDIR/etc/invited/invited.conf" ] || install -m 644 "$DESTDIR/etc/invited/invited.conf.example" "$DESTDIR/etc/invited/invited.conf"

copy 644 "$DESTDIR$SYSTEMD_UNITS" nginx/systemd/*.service nginx/systemd/*.socket
install -d "$DESTDIR$PREFIX/lib/sysusers.d"
install -m 644 nginx/systemd/invited.sysusers "$DESTDIR$PREFIX/lib/sysusers.d/invited.conf"
install -d "$DESTDIR$PREFIX/lib/tmpfiles.d"
install -m 644 nginx/systemd/invited.tmpfiles "$DESTDIR$PREFIX/lib/tmpfiles.d/invited.conf"
