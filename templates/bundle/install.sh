#!/bin/sh
# Installs what this bundle holds, without network, and leaves `zookit` on this machine.
#   sh install.sh [PRODUCT...] [--prefix DIR] [--key FINGERPRINT] [--digest HEX] [--bundle OLD] [options of `zookit install`]
# Nothing of the bundle but this script runs before every file is what SHA256SUMS says, and nothing is missing or added.
# Needs the usual tools of a system, those of BusyBox too; for the signature openssl 3 or any Python 3, see check_signature.
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

# What is missing must not make a check pass.
for tool in cat chmod cp cut dirname find grep head id mkdir mktemp mv rm sed sort tr uname; do
  command -v "$tool" >/dev/null 2>&1 || fail NO_INSTALLER "The program '$tool' is not here, which this script needs"
done
command -v sha256sum >/dev/null 2>&1 || command -v shasum >/dev/null 2>&1 ||
  fail NO_INSTALLER "Neither 'sha256sum' nor 'shasum' is here: nothing can be checked" 'Install coreutils, or BusyBox, from the media of the system'

sha256() { # < bytes
  if command -v sha256sum >/dev/null 2>&1; then sha256sum | cut -c1-64; else shasum -a 256 | cut -c1-64; fi
}

check_sums() { # the list in the current folder
  if command -v sha256sum >/dev/null 2>&1; then sha256sum -c "$1"; else shasum -a 256 -c "$1"; fi
}

# A name as a terminal may show it: without what a terminal obeys.
shown() { LC_ALL=C tr -d '\000-\011\013-\037\177'; }

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
  if [ "$(id -u)" -eq 0 ]; then prefix=/usr/local; else prefix=${HOME:+$HOME/.local}; fi
  [ -n "$prefix" ] || fail USAGE 'install.sh: this account has no HOME' 'Choose a folder with `--prefix DIR`' 2
fi
case $prefix in /*) ;; *) prefix=$(pwd -P)/$prefix ;; esac

work=$(mktemp -d)
staging=
trap 'rm -rf "$work" ${staging:+"$staging"}' EXIT
trap 'exit 130' INT HUP TERM

line_end='
'

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
  find . ! -type d ! -type f >"$work/links" 2>"$work/talk" ||
    fail BUNDLE_INVALID "'$1' cannot be read whole: $(head -n 1 "$work/talk")" 'Copy the bundle anew'
  if LC_ALL=C grep -vE "$strays" "$work/links" >"$work/bad"; then
    fail BUNDLE_INVALID "'$(head -n 1 "$work/bad" | shown)' is a link or a device, which no bundle has" 'Copy the bundle anew'
  fi
  check_sums "$work/$2" >"$work/sums" 2>"$work/talk" || {
    bad=$(grep -v ': OK$' "$work/sums" | sed 's/: [^:]*$//' | head -n 5 | tr '\n' ' ')
    fail BUNDLE_INVALID "What lies in '$1' is not what SHA256SUMS says: ${bad:-$(head -n 1 "$work/talk")}" 'Copy the bundle anew'
  }
  # A name with a line end would be read as two names that are both listed.
  find . -name "*$line_end*" | tr '\n' ' ' >"$work/bad"
  [ ! -s "$work/bad" ] || fail BUNDLE_INVALID "'$(head -c 200 "$work/bad" | tr -cd '[:print:]')' was added to '$1'"
  cut -c67- "$work/$2" >"$work/listed"
  printf 'SHA256SUMS\nSHA256SUMS.sig\n' >>"$work/listed"
  find . ! -type d | sed 's,^\./,,' | LC_ALL=C sort >"$work/present"
  LC_ALL=C grep -vxF -f "$work/listed" "$work/present" >"$work/added" || [ $? -eq 1 ] ||
    fail BUNDLE_INVALID "The files in '$1' cannot be compared with SHA256SUMS"
  LC_ALL=C grep -E "$strays" "$work/added" | sed "s/^/notice: not of this bundle: /" | shown >&2 || :
  if LC_ALL=C grep -vE "$strays" "$work/added" >"$work/bad"; then
    fail BUNDLE_INVALID "'$(head -n 1 "$work/bad" | shown)' was added to '$1'" 'Take it away, or copy the bundle anew'
  fi
  check_signature "$1" "$2"
  cd - >/dev/null
}

# The key and what it has signed: by openssl (3.0), else by any Python of the system.
check_signature() { # FOLDER LIST
  if [ ! -f signer.pem ] && [ ! -f SHA256SUMS.sig ]; then
    [ -z "$key" ] || fail SIGNATURE_INVALID "'$1' is not signed" 'Ask for a signed bundle, or leave `--key` out'
    return 0
  fi
  [ -f signer.pem ] || fail SIGNATURE_INVALID "'$1/signer.pem' is missing"
  [ -f SHA256SUMS.sig ] || fail SIGNATURE_INVALID "'$1/SHA256SUMS.sig' is missing"
  command -v base64 >/dev/null 2>&1 || fail NO_INSTALLER "The program 'base64' is not here, which the signature needs"
  source=$1 list=$2
  take signer.pem "$work/signer.pem"
  found=$(sed '/^-/d' "$work/signer.pem" | base64 -d 2>/dev/null | sha256)
  if [ -n "$key" ] && [ "$found" != "$key" ]; then
    fail SIGNATURE_INVALID "'$1/signer.pem' is another key: SHA256:$found, wanted SHA256:$key" 'Do not use this bundle'
  fi
  base64 -d <SHA256SUMS.sig >"$work/signature" 2>/dev/null || :
  # Readers of base64 overlook much: as it was written, or not at all.
  [ "$(sha256 <SHA256SUMS.sig)" = "$(printf '%s\n' "$(base64 <"$work/signature" | tr -d '\n')" | sha256)" ] ||
    fail SIGNATURE_INVALID "'$1/SHA256SUMS.sig' is no signature" 'Copy the bundle anew'
  case $(openssl version 2>/dev/null || :) in
    'OpenSSL '[3-9]*)
      openssl pkeyutl -verify -pubin -inkey "$work/signer.pem" -rawin -in "$work/$2" -sigfile "$work/signature" >/dev/null 2>&1 ||
        fail SIGNATURE_INVALID "'$1/SHA256SUMS.sig' is not by the key 'signer.pem'" 'Do not use this bundle'
      return 0
      ;;
  esac
  for name in python3 python; do
    case $("$name" -I -c "$ed25519" "$work/signer.pem" "$work/$2" "$work/signature" 2>/dev/null || :) in
      right) return 0 ;;
      wrong) fail SIGNATURE_INVALID "'$1/SHA256SUMS.sig' is not by the key 'signer.pem'" 'Do not use this bundle' ;;
    esac
  done
  # zookit looks at it as the first thing that it does: too late for whoever trusts a key and not this list.
  [ -z "$key" ] || [ -n "$digest" ] ||
    fail SIGNATURE_INVALID "Nothing here can tell whether '$1/SHA256SUMS.sig' is by that key (wanted openssl 3 or a Python 3)" \
      'Give the digest of SHA256SUMS as well: `--digest HEX`'
}

# RFC 8032, 5.1.7, in affine coordinates: KEY LIST SIGNATURE; prints `right` or `wrong`.
ed25519='
import base64, hashlib, sys
p = 2 ** 255 - 19
order = 2 ** 252 + 27742317777372353535851937790883648493
d = -121665 * pow(121666, p - 2, p) % p
number = lambda octets: int.from_bytes(octets, "little")
def point(octets):
    sign, y = divmod(number(octets), 2 ** 255)
    square = (y * y - 1) * pow(d * y * y + 1, p - 2, p) % p
    x = pow(square, (p + 3) // 8, p)
    if x * x % p != square: x = x * pow(2, (p - 1) // 4, p) % p
    if y >= p or x * x % p != square or (x == 0 and sign): raise ValueError
    return (p - x if x % 2 != sign else x), y
def add(a, b):
    both = d * a[0] * b[0] * a[1] * b[1]
    x = (a[0] * b[1] + a[1] * b[0]) * pow(1 + both, p - 2, p) % p
    return x, (a[1] * b[1] + a[0] * b[0]) * pow(1 - both, p - 2, p) % p
def times(factor, a):
    result = 0, 1
    while factor:
        if factor % 2: result = add(result, a)
        a, factor = add(a, a), factor // 2
    return result
pem, message, signature = [open(name, "rb").read() for name in sys.argv[1:]]
try:
    der = base64.b64decode(b"".join(line for line in pem.splitlines() if line[:1] != b"-"))
    start, key, r, s = der[:-32], der[-32:], signature[:32], number(signature[32:])
    if start.hex() != "302a300506032b6570032100" or len(signature) != 64 or s >= order: raise ValueError
    h = number(hashlib.sha512(r + key + message).digest()) % order
    base = point(bytes([88]) + bytes([102]) * 31)
    right = times(s, base) == add(point(r), times(h, point(key)))
except ValueError:
    right = False
print("right" if right else "wrong")
'

# A file of the bundle, copied and hashed where nobody else can write, by the list that was checked.
take() { # PATH GOAL
  LC_ALL=C cp -- "$source/$1" "$2" 2>"$work/talk" || {
    ! grep -qi 'no space' "$work/talk" || fail DISK_FULL "There is no room for '$2'" 'Make room, or choose another folder with `--prefix DIR`' 4
    fail BUNDLE_INVALID "'$source/$1' cannot be copied: $(head -n 1 "$work/talk")" 'Copy the bundle anew: the medium may be damaged'
  }
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
    # Where neither tells, Node itself does when it is started.
    found=$(getconf GNU_LIBC_VERSION 2>/dev/null || ldd --version 2>&1 | head -n 1 || :)
    case $found in
      *musl*) fail NO_INSTALLER "This system has musl, Node in the bundle needs glibc $glibc" ;;
    esac
    found=${found##* }
    case $found in
      2.[0-9]*)
        [ "$(printf '%s' "${found#2.}" | sed 's/[^0-9].*//')" -ge "${glibc#2.}" ] ||
          fail NO_INSTALLER "This system has glibc $found, Node in the bundle needs $glibc"
        ;;
    esac
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
        "Is the folder mounted noexec? Then choose another one with \`--prefix DIR\`. Node needs glibc $glibc, which not every system has"
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
    # A folder of another run that is at work is that run's.
    [ "$each" = "$place" ] || [ ! -d "$each" ] || kill -0 "${each##*/.new-}" 2>/dev/null || rm -rf "$each"
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
