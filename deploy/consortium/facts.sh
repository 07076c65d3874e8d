# Sourced by tests: tells which facts about the consortium hold. Wants $root, $scratch and $said.

# What else is to be ended first.
leave() { :; }

consortium() { "$root/bin/consortium" "$@"; }

holds() { # SENTENCE COMMAND…
    sentence=$1
    shift
    if "$@" > "$said" 2>&1; then
        echo "  holds: $sentence$(sed -n 's/^it took \(.*\)/ (\1)/p' "$said")"
    else
        cat "$said"
        tail -n 3 "$CONSORTIUM_DATA"/log/*.log 2> /dev/null || true
        echo "FAILED: $sentence"
        exit 1
    fi
}
