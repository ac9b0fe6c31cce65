#!/usr/bin/env bash
# Installs Debian's Chromium, for the tests in a browser, where there is none.
set -euo pipefail
command -v chromium > /dev/null && exit
apt-get -qq update
DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium fonts-dejavu-core > /dev/null
