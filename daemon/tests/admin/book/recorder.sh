#!/bin/sh
# Stands for a command of the system: what was asked of it is written down, a line each, and nothing is done.
case "$0" in
    */recorder) ;;
    "$WORLD"/bin/*) set -- "${0##*/}" "$@" ;;
    *) set -- "$0" "$@" ;;
esac
{ printf '%s\037' "$@"; echo; } >>"$WORLD/recorded"
