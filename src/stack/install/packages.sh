#!/bin/sh
# Installs Debian packages before Node 24, which packages.ts needs, is there:
#   packages.sh ask run|test       fails with a sentence when packages are missing and this user may not install them
#   packages.sh install run|test   installs them as root, without starting their services
list=$(dirname "$0")/debian-packages.txt
command=$1 purpose=${2:-run}
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

missing= services=
while IFS='|' read -r package for present own_services unless _; do
  case $package in '#'* | '') continue ;; esac
  [ "$for" = run ] || [ "$purpose" = test ] || continue
  # Only root runs the tests on fresh machines.
  [ "$for" != fresh ] || [ "$(id -u)" = 0 ] || continue
  [ -z "$unless" ] || eval "[ -z \"\${$unless:-}\" ]" || continue
  case $present in
    # Not quoted, so that the shell expands the pattern.
    /*) set -- $present; [ ! -x "$1" ] && [ ! -r "$1" ] || continue ;;
    *) ! command -v "$present" > /dev/null || continue ;;
  esac
  missing="$missing $package"
  [ -z "$own_services" ] || services="$services $own_services"
done < "$list"

ask() {
  [ -n "$missing" ] && [ "$(id -u)" != 0 ] || return 0
  ! sudo -n true 2> /dev/null || return 0
  more=
  [ "$purpose" = run ] || more=" FOR=$purpose"
  echo "linia: These packages are missing and this user may not install them:$missing." >&2
  echo "  Ask an administrator to run, in this folder: sudo make packages$more" >&2
  return 1
}

# Like services-off.ts and with the same mark, so that the next `make run` undoes the changes of a killed installation.
keep_services_off() {
  began=$(sed 's/^.*) //' /proc/$$/stat | cut -d' ' -f20)
  quoted=$(echo $services | sed 's/[^ ][^ ]*/"&"/g; s/ /,/g')
  mark="# linia969 {\"pid\":$$,\"startedAt\":\"$began\",\"services\":[$quoted]}"
  made=
  trap release EXIT
  trap 'echo Stopped.; exit 130' INT TERM HUP
  keep /usr/sbin/policy-rc.d 'exit 101' 755
  keep /etc/postgresql-common/createcluster.d/linia969.conf 'create_main_cluster = false' 644
}

keep() {
  [ ! -e "$1" ] || return 0
  made="$made $1"
  mkdir -p "$(dirname "$1")"
  printf '#!/bin/sh\n%s\n%s\n' "$mark" "$2" > "$1"
  chmod "$3" "$1"
}

release() {
  for service in $services; do
    [ ! -e "/usr/lib/systemd/system/$service.service" ] || ! command -v systemctl > /dev/null ||
      systemctl disable --quiet "$service"
  done
  rm -f $made
}

install() {
  [ "$(id -u)" = 0 ] || { echo 'linia: Only root may install packages. Run: sudo make packages' >&2; return 1; }
  [ -n "$missing" ] || { echo 'No package is missing.'; return 0; }
  keep_services_off
  export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
  apt-get -q -o DPkg::Lock::Timeout=120 update &&
    apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends $missing &&
    echo "Installed:$missing. None of their services was started."
}

case $command in
  ask | install) "$command" ;;
  *) echo 'usage: packages.sh ask|install run|test' >&2; exit 2 ;;
esac
