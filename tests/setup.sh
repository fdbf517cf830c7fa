# Sourced by examples/run.sh and tests/run.sh: installs what is missing, then configures and builds. Debian 12, root or
# sudo. Sets $root, $build and $mig.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=${MIG_PRESET:-ci}
build=$root/build/$preset
mig=$build/mig

packages=(g++ clang-14 clang-format-14 libclang-rt-14-dev cmake ninja-build ccache mold pkg-config git
  tao-pegtl-dev libpqxx-dev libpq-dev libssl-dev libfmt-dev nlohmann-json3-dev libboost-program-options-dev catch2
  libpg-query-dev libsqlite3-dev libsimdjson-dev libtomlplusplus-dev zlib1g-dev
  libyaml-cpp-dev libvalijson-dev libxml2-utils
  postgresql postgresql-contrib)

install_packages() {
  local missing=()
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "installing ${missing[*]}" >&2
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "needs root or sudo to install: ${missing[*]}" >&2; exit 64; }
    sudo=(sudo)
  fi
  "${sudo[@]}" apt-get update -qq
  # The distribution's own cluster is not needed: mig and its tests start private servers.
  "${sudo[@]}" mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] ||
    echo 'create_main_cluster = false' | "${sudo[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

build_mig() { # [targets…]
  export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
  [ -f "$build/build.ninja" ] || (cd "$root" && cmake --preset "$preset" >&2)
  cmake --build "$build" --target "$@" >&2
}
