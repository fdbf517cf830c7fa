# Sourced by the benchmarks: builds mig as it is released, and times whole commands in turns.
MIG_PRESET=${MIG_PRESET:-release}
. "$(dirname "${BASH_SOURCE[0]}")/../tests/setup.sh"
install_packages
build_mig mig
export PATH=$build:$PATH
runs=${MIG_BENCH_RUNS:-5}

now_us() { local t=${EPOCHREALTIME/[.,]/}; echo "$t"; }

# time_in_turns 'prepare' NAME 'command' [NAME 'command' …]: runs all in turn, $runs times after one warm-up, each after
# `prepare NAME`; leaves the medians in ms in the associative array `median`.
declare -A median
time_in_turns() {
  local prepare=$1 round i; shift
  local -A taken=()
  for ((round = 0; round <= runs; ++round)); do
    for ((i = 1; i <= $#; i += 2)); do
      local name=${!i} next=$((i + 1)) begin end
      local command=${!next}
      $prepare "$name" >/dev/null 2>&1
      begin=$(now_us)
      if ! eval "$command" >"$work/$name.out" 2>&1; then echo "$name failed:" >&2; tail -20 "$work/$name.out" >&2; return 1; fi
      end=$(now_us)
      [ "$round" = 0 ] || taken[$name]+="$((end - begin)) "
    done
  done
  for ((i = 1; i <= $#; i += 2)); do
    median[${!i}]=$(tr ' ' '\n' <<<"${taken[${!i}]}" | grep . | sort -n | awk '{ v[NR] = $1 } END { printf "%.1f", v[int((NR + 1) / 2)] / 1000 }')
  done
}
ratio() { awk -v a="${median[$1]}" -v b="${median[$2]}" 'BEGIN { printf "%.2f", a / b }'; }
