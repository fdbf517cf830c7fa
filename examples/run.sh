#!/usr/bin/env bash
# Builds mig and runs the examples (all, or those named) on real PostgreSQL in private sandbox servers.
# usage: examples/run.sh [NAME…]
. "$(dirname "${BASH_SOURCE[0]}")/../tests/setup.sh"
install_packages
build_mig mig
export PATH=$build:$PATH

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for folder in "$root"/examples/*/run.sh; do names+=("$(basename "$(dirname "$folder")")"); done
fi
for name in "${names[@]}"; do
  script=$root/examples/$name/run.sh
  [ -f "$script" ] || { echo "no example named $name; there are: $(cd "$root/examples" && echo */ | tr -d /)" >&2; exit 64; }
  bash "$script"
done
