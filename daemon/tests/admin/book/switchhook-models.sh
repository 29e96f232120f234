#!/bin/sh
# switchhook-models as the book's commands find it: with the models that are installed on this machine, of which nothing is removed. What reads or
# plays all of them takes minutes, and does it with one.
case "$1" in
    remove) set -- "$@" --models "$WORLD/var/lib/switchhook/models" ;;
    bench) [ $# -gt 1 ] || set -- bench --quick silero-vad ;;
    verify) [ $# -gt 1 ] || set -- verify silero-vad ;;
esac
exec "$BINARIES/switchhook-models" "$@"
