#!/usr/bin/env bash
# Makes .lab/moto, a Python environment with the moto server that the EC2 suites talk to. Repeatable.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -x .lab/moto/bin/moto_server ]; then
  exit 0
fi
if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  apt-get install -y --no-install-recommends python3-venv
fi
mkdir -p .lab
rm -rf .lab/moto
python3 -m venv .lab/moto
.lab/moto/bin/pip install --quiet --disable-pip-version-check 'moto[server,ec2]'
