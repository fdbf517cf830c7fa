#!/bin/bash
# Builds and runs all fuzz targets. usage: tests/fuzz.sh [RUNS=100000] [SECONDS=0] [TARGET…]
# RUNS executions of each target, or SECONDS of each where that is not 0. The seed is printed; SEED=… sets it.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-100000} seconds=${2:-0}
shift $(($# < 2 ? $# : 2))
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for source in tests/fuzz/*.cpp; do targets+=("$(basename "$source" .cpp)"); done
fi
seed=${SEED:-$((RANDOM * 32768 + RANDOM + 1))}
echo "seed $seed"

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target "${targets[@]/#/fuzz_}"

limit=(-runs="$runs")
[ "$seconds" -eq 0 ] || limit=(-max_total_time="$seconds")
for target in "${targets[@]}"; do
  found=build/fuzz/corpus/$target
  mkdir -p "$found" "build/fuzz/crashes"
  seeds=()
  [ ! -d "tests/fuzz/corpus/$target" ] || seeds=("tests/fuzz/corpus/$target")
  echo "== $target"
  nice build/fuzz/tests/fuzz_"$target" -seed="$seed" -max_len=4000 -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 \
    -artifact_prefix=build/fuzz/crashes/"$target"- "${limit[@]}" "$found" "${seeds[@]}" 2>&1 |
    grep -vE '^#[0-9]+\s+(NEW|REDUCE|pulse|RELOAD)|^"|DICT|dictionary' || exit 1
done
