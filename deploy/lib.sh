# shellcheck shell=bash
# What run, test, bench and with-gateway share. To be sourced.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# A crash must end the process at once, without a debugger that waits for nobody.
export SWIFT_BACKTRACE=enable=no

# Swift tests that run at once. All of them together had 1,497 descriptors open, and with more than some 1,300 Foundation's
# Process reads behind its buffer; so many have 429, and take as long.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=32

# -- words for people: on stderr unless the script says words=1; coloured on a terminal only (no-color.org) --
: "${words:=2}"
if [ -t "$words" ] && [ -z "${NO_COLOR:-}" ]; then
  green=$'\e[32m' red=$'\e[31m' bold=$'\e[1m' plain=$'\e[0m'
else
  green='' red='' bold='' plain=''
fi

say() { printf '%s\n' "$*" >&"$words"; }
title() { say "$bold$*$plain"; }
good() { say " $green✓$plain $*"; }
bad() { say " $red✗$plain $*"; }
die() {
  local status=$1
  shift
  printf '%s\n' "${red}error:$plain $*" >&2
  exit "$status"
}

# A log's last lines, indented, for the eye.
show_end_of() {
  say "  the last lines of $1:"
  tail -n "${2:-30}" "$1" 2>/dev/null | sed 's/^/  | /' >&"$words" || true
}

# -- Debian packages --------------------------------------------------------------------------------
# Those of packages.txt.
install_packages() {
  local packages
  mapfile -t packages < <(sed '/^#/d; /^$/d' "$root/deploy/packages.txt")
  install_missing "${packages[@]}"
}

# install_missing NAME…: those of them that are not there.
install_missing() {
  local missing=() package
  command -v dpkg-query >/dev/null || return 0 # another system: the build tells what it lacks
  for package; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local get=(apt-get)
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die 69 "these packages are missing; as root: apt-get install ${missing[*]}"
    get=(sudo apt-get)
  fi
  title "Installing ${missing[*]}"
  "${get[@]}" update -q >&2 || say "apt-get update failed; going on with the lists that are here"
  DEBIAN_FRONTEND=noninteractive "${get[@]}" install -q -y --no-install-recommends "${missing[@]}" >&2 ||
    die 69 "apt-get could not install: ${missing[*]}"
}

# -- building ---------------------------------------------------------------------------------------
# quietly LOG COMMAND…: output goes to LOG; its end is shown when COMMAND fails.
quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! (cd "$root" && "$@") >"$log" 2>&1; then
    bad "$*"
    grep -nE '(error|warning: unre)[: ]' "$log" | head -20 | sed 's/^/  | /' >&"$words" || true
    show_end_of "$log"
    return 1
  fi
}

# How programs are built that serve or are measured. Swift's libraries are linked in: of a GET that saves 10 to 15 % of the
# CPU (no jump through a table for each retain and release), and the program runs where no Swift is.
# shellcheck disable=SC2034  # deploy/bench reads it, too
release=(-c release --static-swift-stdlib)

# build_gateway LOG: builds the release gateway and sets `binary`, unless GATEWAY_BINARY names one.
build_gateway() {
  if [ -n "${GATEWAY_BINARY:-}" ]; then
    [ -x "$GATEWAY_BINARY" ] || die 69 "GATEWAY_BINARY=$GATEWAY_BINARY is not a program"
    binary=$GATEWAY_BINARY
    return
  fi
  command -v swift >/dev/null || die 69 "swift is not in PATH; get Swift 6.3 from https://swift.org/install"
  title 'Building the gateway (the first time takes some minutes)'
  # What the program tells that it was built from; where there is no git, or no repository, it says that it does not know.
  SCIM_GATEWAY_REVISION=$(git -C "$root" describe --always --dirty --exclude '*' 2>/dev/null || echo unknown)
  export SCIM_GATEWAY_REVISION
  quietly "$1" swift build "${release[@]}" --product scim-gateway || die 1 "the build failed; all of it: $1"
  binary=$(cd "$root" && swift build "${release[@]}" --show-bin-path)/scim-gateway
}

# -- network ----------------------------------------------------------------------------------------
# Two free ports below those that the kernel gives to clients, so that none takes them between runs.
free_ports() {
  python3 - <<'PYTHON'
import random, socket
held = []
while len(held) < 2:
    s = socket.socket()
    try:
        s.bind(("127.0.0.1", random.randrange(12000, 32000)))
        held.append(s)
    except OSError:
        s.close()
print(*(s.getsockname()[1] for s in held))
PYTHON
}

port_is_free() {
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# -- TLS --------------------------------------------------------------------------------------------
# make_certificates DIR: a development CA and a certificate of localhost, kept while they last a day longer.
make_certificates() {
  # A year: scanners find fault with more.
  local dir=$1 days=365
  if [ -e "$dir/server.key" ] && openssl x509 -checkend 86400 -noout -in "$dir/server.pem" >/dev/null 2>&1; then
    return
  fi
  mkdir -p "$dir"
  (
    umask 077
    cd "$dir" || exit
    cat >openssl.cnf <<'CNF'
[ca]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CNF
    {
      openssl ecparam -name prime256v1 -genkey -noout -out ca.key
      openssl req -new -key ca.key -subj '/CN=scim-gateway development CA' -out ca.csr
      openssl x509 -req -in ca.csr -signkey ca.key -days $days -sha256 -extfile openssl.cnf -extensions ca -out ca.pem
      openssl ecparam -name prime256v1 -genkey -noout -out server.key
      # TLS 1.2 refuses an EC certificate to a client that does not offer its curve; RSA serves P-256 and P-384 alike.
      openssl genrsa -out server-rsa.key 3072
      for name in server server-rsa; do
        openssl req -new -key $name.key -subj /CN=localhost -out $name.csr
        openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days $days -sha256 \
          -extfile openssl.cnf -extensions server -out $name.pem
      done
    } >openssl.log 2>&1 || die 1 "openssl could not make certificates: $(tail -n 3 openssl.log)"
    rm -f ca.csr server.csr server-rsa.csr openssl.cnf openssl.log
    chmod 644 ca.pem server.pem
  )
}

# A string as YAML reads it back.
yaml() { printf "'%s'" "${1//\'/\'\'}"; }

# -- the gateway as a process -----------------------------------------------------------------------
# start_gateway CONFIG LOG READY: starts it and waits until it listens. Sets `gateway`, its process id.
start_gateway() {
  local config=$1 log=$2 ready=$3 deadline=$((SECONDS + 30)) status=0
  rm -f "$ready"
  "$binary" serve -c "$config" --ready-file "$ready" </dev/null >>"$log" 2>&1 &
  gateway=$!
  until [ -e "$ready" ]; do
    if ! kill -0 "$gateway" 2>/dev/null; then
      wait "$gateway" || status=$?
      bad "the gateway ended with status $status before it listened"
      show_end_of "$log"
      return 1
    fi
    if [ $SECONDS -ge $deadline ]; then
      bad "the gateway does not listen after 30 s"
      show_end_of "$log"
      stop_gateway
      return 1
    fi
    sleep 0.05
  done
}

# Lets requests in work finish; kills what is left after 20 s. A gateway that is gone already is no error.
# The status is the gateway's own.
stop_gateway() {
  local deadline=$((SECONDS + 20))
  kill -TERM "$gateway" 2>/dev/null || true
  while kill -0 "$gateway" 2>/dev/null && [ $SECONDS -lt $deadline ]; do sleep 0.05; done
  if kill -KILL "$gateway" 2>/dev/null; then say "the gateway did not stop within 20 s and was killed"; fi
  wait "$gateway" 2>/dev/null
}
