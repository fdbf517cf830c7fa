#!/usr/bin/env bash
# Builds everything and runs all tests; prints the ten slowest suites and the closing line of the test runner.
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
install_packages
build_mig all
cd "$build"
report=$(mktemp); trap 'rm -f "$report"' EXIT
status=0
ctest --output-on-failure -j "$(nproc)" --timeout 1200 "$@" 2>&1 | tee "$report" || status=$?
# Other versions where their servers are at hand (tests/versions.sh fetches them): a sample of the laws on each.
others=${MIG_TEST_SERVERS:-}
for server in "${MIG_VERSIONS_DIR:-$root/build/versions}"/node_modules/pg1[3-8]/native /usr/lib/postgresql/*; do
  if [ -z "${MIG_TEST_SERVERS:-}" ] && [ -x "$server/bin/initdb" ] && [ "$server" != /usr/lib/postgresql/15 ]; then
    others+=${others:+:}$server
  fi
done
versions=$(mktemp); trap 'rm -f "$report" "$versions"' EXIT
if [ -n "$others" ] && [ $# -eq 0 ]; then
  (cd "$root" && MIG_TEST_SERVERS=$others MIG_LAW_SAMPLE=${MIG_LAW_SAMPLE:-20} "$build/tests/law_test" \
    "every operation keeps every law on every shape") >"$versions" 2>&1 || { status=1; cat "$versions"; }
fi
# The parser and the formatter under AddressSanitizer and UndefinedBehaviorSanitizer on random bytes: a sample.
fuzzed=$(mktemp); trap 'rm -f "$report" "$versions" "$fuzzed"' EXIT
if [ $# -eq 0 ]; then
  bash "$root/tests/fuzz.sh" 0 "${MIG_FUZZ_SECONDS:-15}" parse format >"$fuzzed" || { status=1; cat "$fuzzed"; }
fi
echo
echo "sampled suites: seed, cases run, cases skipped"
grep -aE '(: seed |^cells: |^cells not run: )' -h Testing/Temporary/LastTest.log "$versions" "$fuzzed" | sort -u |
  sed 's/^/  /' || true
echo
echo "ten slowest suites (seconds)"
grep -E '^ *[0-9]+/[0-9]+ Test ' "$report" | awk '{ for (i = 1; i < NF; i++) if ($(i) ~ /^[0-9.]+$/ && $(i + 1) == "sec") t = $i; print t, $4 }' |
  sort -rn | head -10 | awk '{ printf "  %7.2f  %s\n", $1, $2 }'
grep -E 'tests passed|tests failed' "$report" | tail -1
exit "$status"
