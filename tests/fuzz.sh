#!/usr/bin/env bash
# Builds and runs the fuzz targets, under AddressSanitizer and UndefinedBehaviorSanitizer.
# RUNS executions of each target, or SECONDS of each where that is not 0. The seed is printed; SEED=… sets it.
# usage: tests/fuzz.sh [RUNS=100000] [SECONDS=0] [TARGET…]
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
runs=${1:-100000} seconds=${2:-0}
shift $(($# < 2 ? $# : 2))
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for source in "$root"/tests/fuzz/*.cpp; do targets+=("$(basename "$source" .cpp)"); done
fi
seed=${SEED:-$((RANDOM * 32768 + RANDOM + 1))}
build=$root/build/asan preset=asan
install_packages
build_mig "${targets[@]/#/fuzz_}"
cd "$root"
limit=(-runs="$runs")
[ "$seconds" -eq 0 ] || limit=(-max_total_time="$seconds")
status=0
for target in "${targets[@]}"; do
  found=build/asan/corpus/$target log=build/asan/fuzz_$target.log
  mkdir -p "$found" build/asan/crashes
  seeds=()
  [ ! -d "tests/fuzz/corpus/$target" ] || seeds=("tests/fuzz/corpus/$target")
  if nice build/asan/tests/fuzz_"$target" -seed="$seed" -max_len=4000 -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 \
    -artifact_prefix=build/asan/crashes/"$target"- "${limit[@]}" "$found" "${seeds[@]}" >"$log" 2>&1; then
    echo "fuzz $target: seed $seed, $(grep -a 'number_of_executed_units' "$log" | grep -o '[0-9]*$') cases run, 0 skipped, 0 crashes"
  else
    status=1
    tail -60 "$log"
    echo "fuzz $target: seed $seed, a crash; its input is in build/asan/crashes"
  fi
done
exit "$status"
