#!/bin/sh
# Installs what this bundle holds, without network, and leaves `zookit` on this machine.
#   sh install.sh [PRODUCT...] [--prefix DIR] [--key FINGERPRINT] [--digest HEX] [--bundle OLD] [options of `zookit install`]
# Nothing of the bundle but this script runs before every file is what SHA256SUMS says, and nothing is missing or added.
# Needs the usual tools of a system: cut, sort, comm, find, sed, grep, base64, sha256sum (or shasum).
set -eu
umask 022

# What the bundle needs of the system itself: `<os>-<arch>:<minor version of Python>`, and the C library of Node.
pythons='@@Pythons@@'
glibc='@@Glibc@@'

fail() { # CODE MESSAGE [HINT]
  printf 'error: %s (%s)\n' "$2" "$1" >&2
  [ -z "${3-}" ] || printf 'hint: %s\n' "$3" >&2
  exit "${4:-3}"
}

sha256() { # < bytes
  if command -v sha256sum >/dev/null 2>&1; then sha256sum | cut -c1-64; else shasum -a 256 | cut -c1-64; fi
}

check_sums() { # the list in the current folder
  if command -v sha256sum >/dev/null 2>&1; then sha256sum -c "$1"; else shasum -a 256 -c "$1"; fi
}

# A fingerprint in any spelling, as lower-case hex.
plain_hex() { printf '%s' "$1" | tr 'A-Z' 'a-z' | sed 's/^sha256://; s/[: ]//g'; }

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
prefix= key= digest= old=

# Own words are taken out; all others go to `zookit install`, as they are.
left=$#
while [ "$left" -gt 0 ]; do
  word=$1
  shift
  left=$((left - 1))
  case $word in
    --prefix | --key | --digest | --bundle)
      [ "$left" -gt 0 ] || fail USAGE "install.sh: '$word' needs a value" '' 2
      value=$1
      shift
      left=$((left - 1))
      ;;
    --prefix=* | --key=* | --digest=* | --bundle=*)
      value=${word#*=}
      word=${word%%=*}
      ;;
    -h | --help)
      sed -n '2,5s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    *)
      set -- "$@" "$word"
      continue
      ;;
  esac
  case $word in
    --prefix) prefix=$value ;;
    --digest) digest=$(plain_hex "$value") ;;
    --key)
      key=$(plain_hex "$value")
      set -- "$@" --key "$value"
      ;;
    --bundle)
      old=$(CDPATH='' cd -- "$value" && pwd -P) || fail USAGE "install.sh: '$value' is no folder" '' 2
      set -- "$@" --bundle "$old"
      ;;
  esac
done
if [ -z "$prefix" ]; then
  if [ "$(id -u)" -eq 0 ]; then prefix=/usr/local; else prefix=$HOME/.local; fi
fi
case $prefix in /*) ;; *) prefix=$(pwd -P)/$prefix ;; esac

work=$(mktemp -d)
staging=
trap 'rm -rf "$work" ${staging:+"$staging"}' EXIT
trap 'exit 130' INT HUP TERM

# What operating systems leave on sticks: no harm, told only.
strays='(^|/)(System Volume Information|\$RECYCLE\.BIN)(/|$)|(^|/)(desktop\.ini|Thumbs\.db|\.DS_Store|\._[^/]*)$'

# Both ways: every file of the list is there with its hash, and there is no file beside the list.
check_bundle() { # FOLDER LIST
  cd -- "$1"
  [ -f SHA256SUMS ] || fail BUNDLE_INVALID "'$1/SHA256SUMS' is missing" 'Copy the bundle anew'
  cp SHA256SUMS "$work/$2"
  if [ "$2" = new ] && [ -n "$digest" ] && [ "$(sha256 <"$work/$2")" != "$digest" ]; then
    fail BUNDLE_INVALID "'$1/SHA256SUMS' is another list: its digest is not $digest" 'Do not use this bundle'
  fi
  if LC_ALL=C grep -vE '^[0-9a-f]{64}  [^/]' "$work/$2" >"$work/bad" ||
    LC_ALL=C grep -E '(/|  )\.\.?(/|$)|//|[[:cntrl:]]|\\' "$work/$2" >"$work/bad"; then
    fail BUNDLE_INVALID "'$1/SHA256SUMS' has a line that is none: $(head -n 1 "$work/bad" | tr -cd '[:print:]')"
  fi
  find . ! -type d ! -type f >"$work/links"
  if LC_ALL=C grep -vE "$strays" "$work/links" >"$work/bad"; then
    fail BUNDLE_INVALID "'$(head -n 1 "$work/bad")' is a link, which no bundle has" 'Copy the bundle anew'
  fi
  check_sums "$work/$2" >"$work/sums" 2>"$work/talk" || {
    bad=$(grep -v ': OK$' "$work/sums" | sed 's/: [^:]*$//' | head -n 5 | tr '\n' ' ')
    fail BUNDLE_INVALID "What lies in '$1' is not what SHA256SUMS says: ${bad:-$(head -n 1 "$work/talk")}" 'Copy the bundle anew'
  }
  cut -c67- "$work/$2" | LC_ALL=C sort >"$work/listed"
  find . ! -type d | sed 's,^\./,,' | LC_ALL=C sort >"$work/present"
  LC_ALL=C comm -13 "$work/listed" "$work/present" | LC_ALL=C grep -vxE 'SHA256SUMS(\.sig)?' >"$work/added" || :
  LC_ALL=C grep -E "$strays" "$work/added" | sed "s/^/notice: not of this bundle: /" >&2 || :
  if LC_ALL=C grep -vE "$strays" "$work/added" >"$work/bad"; then
    fail BUNDLE_INVALID "'$(head -n 1 "$work/bad")' was added to '$1'" 'Take it away, or copy the bundle anew'
  fi
  check_signature "$1" "$2"
  cd - >/dev/null
}

# The key is compared here; the signature too where openssl can (3.0), else by zookit as the first thing that it does.
check_signature() { # FOLDER LIST
  if [ ! -f signer.pem ] && [ ! -f SHA256SUMS.sig ]; then
    [ -z "$key" ] || fail SIGNATURE_INVALID "'$1' is not signed" 'Ask for a signed bundle, or leave `--key` out'
    return 0
  fi
  [ -f signer.pem ] || fail SIGNATURE_INVALID "'$1/signer.pem' is missing"
  [ -f SHA256SUMS.sig ] || fail SIGNATURE_INVALID "'$1/SHA256SUMS.sig' is missing"
  found=$(sed '/^-/d' signer.pem | base64 -d 2>/dev/null | sha256)
  if [ -n "$key" ] && [ "$found" != "$key" ]; then
    fail SIGNATURE_INVALID "'$1/signer.pem' is another key: SHA256:$found, wanted SHA256:$key" 'Do not use this bundle'
  fi
  case $(openssl version 2>/dev/null || :) in
    'OpenSSL '[3-9]*)
      base64 -d SHA256SUMS.sig >"$work/signature" 2>/dev/null || :
      openssl pkeyutl -verify -pubin -inkey signer.pem -rawin -in "$work/$2" -sigfile "$work/signature" >/dev/null 2>&1 ||
        fail SIGNATURE_INVALID "'$1/SHA256SUMS.sig' is not by the key 'signer.pem'" 'Do not use this bundle'
      ;;
  esac
}

# A file of the bundle, copied and hashed where nobody else can write, by the list that was checked.
take() { # PATH GOAL
  cp -- "$source/$1" "$2"
  wanted=$(sed -n "s,^\([0-9a-f]*\)  $1\$,\1,p" "$work/$list")
  [ "$(sha256 <"$2")" = "$wanted" ] || fail BUNDLE_INVALID "'$source/$1' has changed meanwhile"
}

# The bundle that a file is in: this one, else the older one that it is a difference to.
find_source() { # PATH
  source=$here list=new
  [ ! -f "$source/$1" ] || return 0
  source=$old list=old
  [ -n "$old" ] && [ -f "$source/$1" ]
}

check_target() {
  case $(uname -s) in Linux) os=linux ;; Darwin) os=macos ;; *) os=$(uname -s) ;; esac
  case $(uname -m) in x86_64 | amd64) arch=x64 ;; aarch64 | arm64) arch=arm64 ;; *) arch=$(uname -m) ;; esac
  target=$os-$arch
  if [ "$os" = linux ]; then
    found=$(getconf GNU_LIBC_VERSION 2>/dev/null || ldd --version 2>/dev/null | head -n 1 || :)
    found=${found##* }
    case $found in
      2.[0-9]*) ;;
      *) fail NO_INSTALLER "This system has no glibc, which Node in the bundle needs (wanted $glibc)" ;;
    esac
    [ "$(printf '%s' "${found#2.}" | sed 's/[^0-9].*//')" -ge "${glibc#2.}" ] ||
      fail NO_INSTALLER "This system has glibc $found, Node in the bundle needs $glibc"
  fi
  for each in $pythons; do
    [ "${each%%:*}" != "$target" ] || has_python "${each#*:}" ||
      fail NO_INSTALLER "Python ${each#*:} is not here, and the packages of this bundle are for it" \
        "Install it from your system's own media (for example \`apt-get install python${each#*:}\`), or ask for a bundle with another \`--python\`"
  done
}

has_python() { # MINOR
  for name in "python$1" python3 python; do
    ! command -v "$name" >/dev/null 2>&1 ||
      [ "$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || :)" != "$1" ] || return 0
  done
  return 1
}

# Runtime and tool get a folder of their own, named by the bundle: it is there whole or not at all.
place_tool() {
  library=$prefix/lib/zookit
  place=$library/$(printf '%s' "$own" | cut -c1-16)
  if [ ! -d "$place" ]; then
    mkdir -p "$library" || fail NEEDS_ADMIN "Cannot write below '$prefix'" 'Choose another folder with `--prefix DIR`'
    staging=$library/.new-$$
    rm -rf "$staging"
    mkdir "$staging"
    take "runtime/$target/node" "$staging/node"
    chmod 755 "$staging/node"
    find_source "runtime/$target/LICENSE" && take "runtime/$target/LICENSE" "$staging/LICENSE"
    "$staging/node" --version >/dev/null 2>"$work/talk" ||
      fail NO_INSTALLER "Node does not start from '$library': $(head -n 1 "$work/talk")" \
        'Is the folder mounted noexec? Choose another one with `--prefix DIR`'
    find_source tool/unpack.cjs && take tool/unpack.cjs "$work/unpack.cjs"
    find_source tool/zookit.tar.gz && take tool/zookit.tar.gz "$work/zookit.tar.gz"
    "$staging/node" "$work/unpack.cjs" "$work/zookit.tar.gz" "$staging"
    "$staging/node" "$staging/zookit/dist/src/main.cjs" bundle verify "$here" ${key:+--key "$key"} --quiet ||
      exit $?
    mv "$staging" "$place"
    staging=
  fi
  mkdir -p "$prefix/bin"
  rm -f "$prefix"/bin/.zookit-*
  quoted=$(printf '%s' "$place" | sed "s/'/'\\\\''/g")
  printf "#!/bin/sh\nexec '%s/node' '%s/zookit/dist/src/main.cjs' \"\$@\"\n" "$quoted" "$quoted" >"$prefix/bin/.zookit-$$"
  chmod 755 "$prefix/bin/.zookit-$$"
  mv -f "$prefix/bin/.zookit-$$" "$prefix/bin/zookit"
  for each in "$library"/* "$library"/.new-*; do
    [ "$each" = "$place" ] || [ ! -d "$each" ] || rm -rf "$each"
  done
}

printf 'Checking %s\n' "$here" >&2
check_bundle "$here" new
[ -z "$old" ] || check_bundle "$old" old
own=$(sha256 <"$work/new")
check_target
if find_source "runtime/$target/node"; then
  place_tool
elif [ ! -x "$prefix/bin/zookit" ]; then
  fail NO_INSTALLER "This bundle has no Node for $target, and there is no '$prefix/bin/zookit'" \
    'Take a bundle for this system; or, when this one is a difference, name the older one: `--bundle OLD`'
fi
rm -rf "$work"
case :$PATH: in
  *":$prefix/bin:"*) ;;
  *) printf 'notice: `zookit` is in %s, which is not on PATH\n' "$prefix/bin" >&2 ;;
esac
exec "$prefix/bin/zookit" install --bundle "$here" "$@"
