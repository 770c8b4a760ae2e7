#!/bin/sh
# Every test. Telephones and browsers leave the processors idle for half of their time: the tests that only compute
# run behind them, at the lowest priority, and are told of at the end.
cd "$(dirname "$0")/.." || exit 1
told=build/unit-and-integration.txt
export TEST_TEMPLATES="$PWD/build/templates"  # tests/compiled.py
rm -rf "$TEST_TEMPLATES"
mkdir -p "$TEST_TEMPLATES"

# A session of its own: where Linux groups processes by session, priorities within a group are all that `nice` can set.
setsid sh -c '[ ! -w /proc/self/autogroup ] || echo 19 >/proc/self/autogroup
  exec nice -n 19 "$@"' behind \
  env TEST_PORT_BAND=4 .venv/bin/pytest -n 3 --dist loadfile tests/unit tests/integration >"$told" 2>&1 &
behind=$!
trap 'kill "$behind" 2>/dev/null' EXIT
trap "exit 130" INT TERM

.venv/bin/pytest -n 4 --dist loadfile --no-loadscope-reorder -m "not by_itself" tests/telephony tests/e2e
calls=$?
echo "Unit and integration tests come to their end ($told) ..."
wait "$behind"
others=$?
trap - EXIT
cat "$told"

# What measures seconds comes last, with the machine to itself.
.venv/bin/pytest -q -m by_itself $(grep -rlF mark.by_itself tests --include="*.py")
seconds=$?
[ "$calls" -eq 0 ] && [ "$others" -eq 0 ] && [ "$seconds" -eq 0 ]
