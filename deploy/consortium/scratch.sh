# Sourced by tests and demonstrations, with $root set: a consortium of their own, on ports that are free, gone at the end whatever ends them.

mkdir -p "$root/target"
scratch=$(mktemp -d "$root/target/consortium.XXXXXX")
said=$scratch/said
export CONSORTIUM_DATA="$scratch/a consortium" CONSORTIUM_PORT
for CONSORTIUM_PORT in 7410 7510 7610 7710 7810; do
    # 7: nobody listens.
    if curl -s -o /dev/null -m 1 --noproxy '*' "http://127.0.0.1:$CONSORTIUM_PORT"; [ $? = 7 ]; then
        break
    fi
done
trap 'went=$?; trap - EXIT; leave; "$root/bin/consortium" reset || went=1; rm -rf "$scratch"; exit $went' EXIT
trap 'exit 130' INT TERM HUP
. "$root/deploy/consortium/facts.sh"
