#!/usr/bin/env bash
# Sets up what the lab suites need and is missing (Debian packages as root, a Python environment for
# moto), builds, and runs them. A suite that cannot run says why; with CI=true that is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

need() {
  local program=$1 package=$2
  command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ] || missing+=("$package")
}

missing=()
need sshd openssh-server
need ssh openssh-client
need python3 python3
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    # Nothing that is installed may start by itself: the suites run their own servers.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
      printf '#!/bin/sh\nexit 101\n' >"$policy"
      chmod +x "$policy"
      trap 'rm -f "$policy"' EXIT
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
  else
    echo "missing: ${missing[*]}; run as root on Debian, or install them" >&2
  fi
fi
bash scripts/lab-moto.sh || echo "the moto server could not be installed: the EC2 suites cannot run" >&2

node scripts/build.ts
vitest run --config vitest.lab.config.ts "$@"
