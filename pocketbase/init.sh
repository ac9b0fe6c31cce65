#!/bin/sh
# Makes the secrets that both services read, at the first start of an installation. What is there stays.
set -eu
umask 077
secrets=/secrets

make() { # make NAME BYTES: random bytes in base64; fails if there is such a secret already
  [ ! -s "$secrets/$1" ] || return 1
  # Whole or not at all: a start that is cut off leaves no half of a key.
  head -c "$2" /dev/urandom | base64 -w 0 > "$secrets/$1.new"
  sync "$secrets/$1.new"
  mv "$secrets/$1.new" "$secrets/$1"
  sync "$secrets"
}

if make encryption-keys 32; then
  echo "Encryption key, shown this once: $(cat "$secrets/encryption-keys")"
  echo "Keep a copy apart from your backups: without it the secrets in a backup can't be read."
fi
if make admin-password 18; then
  echo "Login, shown this once: $POCKETBASE_ADMIN_EMAIL  $(cat "$secrets/admin-password")"
fi
