# Shared by the scripts beside it; sourced, not run. Sets `root` and changes into it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# Debian keeps daemons and their checkers where the PATH of a plain user does not lead.
export PATH="$PATH:/usr/sbin:/sbin"
logs="$root/build/logs"
# Objects are shared between the build directories and with other clones of the repository.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=time_macros

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# logged NAME COMMAND...: runs the command with its output in a log file, whose end is shown when it fails.
logged() {
  local name=$1 log="$logs/$1.log"
  shift
  mkdir -p "$logs"
  if ! "$@" >"$log" 2>&1; then
    printf -- '--- the last lines of %s\n' "$log" >&2
    tail -n 40 "$log" >&2
    fail "$name failed; everything it printed is in $log"
  fi
}

# build PRESET TARGET...: configures where that is due and builds; no target means everything.
build() {
  local preset=$1
  shift
  local targets=()
  if [ $# -gt 0 ]; then targets=(--target "$@"); fi
  mkdir -p "$root/build"
  # One build at a time in a checkout: two would write the same files.
  exec {build_lock}>"$root/build/.lock"
  if ! flock -n "$build_lock"; then
    say "waiting for another build in $root/build to end" >&2
    flock "$build_lock"
  fi
  logged "configure-$preset" cmake --preset "$preset"
  logged "build-$preset" cmake --build --preset "$preset" "${targets[@]}"
  exec {build_lock}>&-
}
