#!/bin/sh
# switchhookctl as the book's commands find it: with the world's /etc and /var, and on its bus.
case "$1 ${2:-}" in
    setup*) exec "$(dirname "$0")/recorder" switchhookctl "$@" ;;
    "config check"* | "config show"*) set -- "$@" --config "$WORLD/etc/switchhook/switchhook.toml" ;;
    # What it asks of the system is no command of the page's.
    "support-bundle "*) PATH=/usr/bin:/bin; set -- "$@" --config "$WORLD/etc/switchhook/switchhook.toml" --credentials "$WORLD/etc/switchhook/credentials" ;;
    "doctor "*) set -- "$@" --config "$WORLD/etc/switchhook/switchhook.toml" --credentials "$WORLD/etc/switchhook/credentials" ;;
    "scenario activate" | "scenario rollback" | "scenario diff" | "scenario list" | "scenario show")
        set -- "$@" --shelf "$WORLD/var/lib/switchhook/scenarios" ;;
    # It goes on for as long as there is a call: who has begun to listen stops.
    "call listen")
        : >"$WORLD/said"
        "$BINARIES/switchhookctl" "$@" 2>"$WORLD/said" &
        until read -r first <"$WORLD/said"; do :; done
        echo "$first"
        kill -INT $!
        wait $!
        exit ;;
esac
# What goes on for as long as there is a robot: what is seen first is enough.
case " $* " in
    *" call watch "* | *" --watch "*) "$BINARIES/switchhookctl" "$@" | { read -r first && [ -n "$first" ]; }; exit ;;
esac
exec "$BINARIES/switchhookctl" "$@"
