# The Debian packages this repository uses, in one place; sourced by ./run, ./test and .ci/run.

# What a user of the libraries needs.
build_packages=(cmake ninja-build g++ libhwy-dev libtbb-dev libopenblas-dev liblapacke-dev)
# Tests, benches and examples, which every preset builds.
developer_packages=(libgtest-dev libbenchmark-dev nlohmann-json3-dev libeigen3-dev libcli11-dev libcairo2-dev pkg-config)
# Checks of the sources.
check_packages=(clang-format)

# install_packages <package>...: installs those that are missing, and says which.
install_packages() {
    local missing=() package
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "This script installs Debian packages and there is no apt-get here. Install by hand: ${missing[*]}" >&2
        return 1
    fi
    local as_root=(env DEBIAN_FRONTEND=noninteractive)
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "Neither root nor sudo. Ask an administrator to run: apt-get install ${missing[*]}" >&2
            return 1
        fi
        as_root=(sudo "${as_root[@]}")
    fi
    echo "Installing Debian packages: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# A compiler cache is used where there is one.
if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache; fi
