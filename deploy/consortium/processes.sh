# Sourced by bin/consortium: starts, stops and looks at single processes, named ROLE-NUMBER.
#
# A process is known by its id and the time it began, so that no other program that has got the id since is ever signalled.

# member NUMBER: sets $member, $msp, $home and $base for what follows.
member() {
    case $1 in
        1) member=city-first-hospital msp=CityFirstHospitalMSP ;;
        2) member=river-hospital msp=RiverHospitalMSP ;;
        3) member=apricot-clinic msp=ApricotClinicMSP ;;
        4) member=health-authority msp=HealthAuthorityMSP ;;
    esac
    home=$data/$member
    base=$((port + ($1 - 1) * 10))
}

# port_of NAME: where others reach it.
port_of() {
    member "${1##*-}"
    case $1 in
        orderer-*) echo $base ;;
        peer-*) echo $((base + 1)) ;;
        chaincode-*) echo $((base + 9)) ;;
        node-*) echo $((port + 1070 + ${1##*-})) ;;
    esac
}

# began PID: when it did, in ticks since the machine started; nothing if it is gone or only waits to be collected. Its first thread may
# be gone while others still hold its files.
began() { sed 's/.*) //' "/proc/$1/stat" 2> /dev/null | awk '$1 != "Z" || $18 > 1 { print $20 }'; }

# pid_of NAME: fails if it does not run.
pid_of() {
    [ -s "$data/run/$1" ] || return 1
    read -r pid since < "$data/run/$1"
    [ "$(began "$pid")" = "$since" ] && echo "$pid"
}

# spawn NAME COMMAND…: in a session of its own, so that it outlives this script and its terminal. Its environment tells whose it is.
spawn() {
    name=$1
    shift
    XINGLIN_CONSORTIUM=$data setsid "$@" >> "$data/log/$name.log" 2>&1 < /dev/null &
    echo "$! $(began $!)" > "$data/run/$name"
}

start() { # NAME
    if pid_of "$1" > /dev/null; then
        return
    fi
    if curl -s -o /dev/null -m 1 --noproxy '*' "http://127.0.0.1:$(port_of "$1")"; [ $? != 7 ]; then
        fail "Another program listens on port $(port_of "$1") of $1: stop it, or begin a consortium elsewhere (CONSORTIUM_PORT=7110)."
    fi
    (
        member "${1##*-}"
        "start_${1%-*}" "$1"
    )
}

start_orderer() {
    export FABRIC_CFG_PATH="$tools" FABRIC_LOGGING_SPEC="$log_levels"
    export ORDERER_GENERAL_LISTENADDRESS=127.0.0.1 ORDERER_GENERAL_LISTENPORT=$base
    export ORDERER_GENERAL_LOCALMSPID=$msp ORDERER_GENERAL_LOCALMSPDIR="$home/orderer/msp"
    tls="$home/orderer/tls"
    export ORDERER_GENERAL_TLS_ENABLED=true ORDERER_GENERAL_TLS_ROOTCAS="[$tls/ca.pem]"
    export ORDERER_GENERAL_TLS_PRIVATEKEY="$tls/key.pem" ORDERER_GENERAL_TLS_CERTIFICATE="$tls/certificate.pem"
    export ORDERER_GENERAL_BOOTSTRAPMETHOD=none ORDERER_CHANNELPARTICIPATION_ENABLED=true
    export ORDERER_GENERAL_BACKOFF_MAXDELAY=5s # how soon an orderer that comes back is dialled again
    # How an orderer that was away catches up. With the default, Fabric 3.1.1 may wait for itself for ever (docs/adr/0027).
    export ORDERER_GENERAL_CLUSTER_REPLICATIONPOLICY=simple
    export ORDERER_FILELEDGER_LOCATION="$home/orderer/ledger"
    export ORDERER_CONSENSUS_WALDIR="$home/orderer/ledger/wal" ORDERER_CONSENSUS_SNAPDIR="$home/orderer/ledger/snapshots"
    export ORDERER_ADMIN_LISTENADDRESS=127.0.0.1:$((base + 3)) ORDERER_ADMIN_TLS_ENABLED=true
    export ORDERER_ADMIN_TLS_PRIVATEKEY="$tls/key.pem" ORDERER_ADMIN_TLS_CERTIFICATE="$tls/certificate.pem"
    export ORDERER_ADMIN_TLS_CLIENTAUTHREQUIRED=true ORDERER_ADMIN_TLS_CLIENTROOTCAS="[$tls/ca.pem]"
    export ORDERER_METRICS_PROVIDER=prometheus
    export ORDERER_OPERATIONS_LISTENADDRESS=127.0.0.1:$((base + 4)) ORDERER_OPERATIONS_TLS_ENABLED=true
    export ORDERER_OPERATIONS_TLS_PRIVATEKEY="$tls/key.pem" ORDERER_OPERATIONS_TLS_CERTIFICATE="$tls/certificate.pem"
    export ORDERER_OPERATIONS_TLS_CLIENTAUTHREQUIRED=true ORDERER_OPERATIONS_TLS_CLIENTROOTCAS="[$tls/ca.pem]"
    spawn "$1" "$tools/orderer"
}

start_peer() {
    ln -sf "$tools/core.yaml" "$home/peer/core.yaml"
    export FABRIC_CFG_PATH="$home/peer" FABRIC_LOGGING_SPEC="$log_levels"
    export CORE_PEER_ID="peer.$member" CORE_PEER_NETWORKID=xinglin
    export CORE_PEER_LOCALMSPID=$msp CORE_PEER_MSPCONFIGPATH="$home/peer/msp"
    address=127.0.0.1:$((base + 1))
    export CORE_PEER_ADDRESS=$address CORE_PEER_LISTENADDRESS=$address
    export CORE_PEER_GOSSIP_BOOTSTRAP=$address CORE_PEER_GOSSIP_EXTERNALENDPOINT=$address
    tls="$home/peer/tls"
    export CORE_PEER_TLS_ENABLED=true CORE_PEER_TLS_ROOTCERT_FILE="$tls/ca.pem"
    export CORE_PEER_TLS_KEY_FILE="$tls/key.pem" CORE_PEER_TLS_CERT_FILE="$tls/certificate.pem"
    export CORE_PEER_FILESYSTEMPATH="$home/peer/ledger" CORE_LEDGER_SNAPSHOTS_ROOTDIR="$home/peer/ledger/snapshots"
    # Which peers may endorse together is learnt by gossip; with the usual intervals that takes 20 s after a start.
    export CORE_PEER_GOSSIP_RECONNECTINTERVAL=2s
    export CORE_PEER_GOSSIP_ALIVETIMEINTERVAL=1s CORE_PEER_GOSSIP_ALIVEEXPIRATIONTIMEOUT=10s
    export CORE_PEER_GOSSIP_PUBLISHSTATEINFOINTERVAL=1s CORE_PEER_GOSSIP_REQUESTSTATEINFOINTERVAL=1s
    # Orderers may be away for long; a peer never gives up on them.
    export CORE_PEER_DELIVERYCLIENT_RECONNECTTOTALTIMETHRESHOLD=87600h CORE_PEER_DELIVERYCLIENT_RECONNECTBACKOFFTHRESHOLD=5s
    export CORE_METRICS_PROVIDER=prometheus
    export CORE_OPERATIONS_LISTENADDRESS=127.0.0.1:$((base + 5)) CORE_OPERATIONS_TLS_ENABLED=true
    export CORE_OPERATIONS_TLS_KEY_FILE="$tls/key.pem" CORE_OPERATIONS_TLS_CERT_FILE="$tls/certificate.pem"
    export CORE_OPERATIONS_TLS_CLIENTAUTHREQUIRED=true CORE_OPERATIONS_TLS_CLIENTROOTCAS_FILES=tls/ca.pem
    # Contracts run in the member's chaincode server, never in containers; nothing dials this listener.
    export CORE_VM_ENDPOINT=
    export CORE_PEER_CHAINCODEADDRESS=127.0.0.1:$((base + 2)) CORE_PEER_CHAINCODELISTENADDRESS=127.0.0.1:$((base + 2))
    export XINGLIN_CHAINCODE_ADDRESS=127.0.0.1:$((base + 9)) XINGLIN_CHAINCODE_TLS="$tls"
    export CORE_CHAINCODE_EXTERNALBUILDERS="[{name: xinglin, path: \"$deploy/builder\",
        propagateEnvironment: [XINGLIN_CHAINCODE_ADDRESS, XINGLIN_CHAINCODE_TLS]}]"
    spawn "$1" "$tools/peer" node start
}

start_chaincode() {
    tls="$home/chaincode/tls"
    # shellcheck disable=SC2086 # words
    spawn "$1" "$jdk/bin/java" $java_options -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar "$data/programs/chaincode.jar" \
        "$(cat "$data/package-id")" 127.0.0.1:$((base + 9)) \
        --tls-key "$tls/key.pem" --tls-cert "$tls/certificate.pem" --tls-client-ca "$tls/ca.pem"
}

start_node() {
    own=127.0.0.1:$((base + 1))
    peers=$own
    for other in 1 2 3 4; do
        address=127.0.0.1:$((port + (other - 1) * 10 + 1))
        [ $address = $own ] || peers=$peers,$address
    done
    http=$(port_of "$1")
    # The first founds the ledger and admits the others by the keys that their nodes introduce themselves with.
    if [ "$1" = node-1 ]; then
        introductions=$(for other in 2 3 4; do (member $other && echo "$home/node/data/introduction.json"); done | paste -sd,)
        founding="--xinglin.introductions=$introductions${CONSORTIUM_INTRODUCTION:+,$CONSORTIUM_INTRODUCTION}"
    else
        founding=--xinglin.founds=false
    fi
    cache=$data/programs/node/xinglin.aot
    [ -e "$cache" ] || cache=
    records=true
    [ "${CONSORTIUM_RECORDS:-1}" = 1 ] || records=false
    # shellcheck disable=SC2086 # words
    spawn "$1" "$jdk/bin/java" $java_options ${cache:+"-XX:AOTCache=$cache"} -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        -jar "$data/programs/node/xinglin-exec.jar" run \
        --server.port="$http" --xinglin.url="http://localhost:$http" --xinglin.data="$home/node/data" \
        --xinglin.ledger=$channel --xinglin.sample=true --xinglin.sample-members="$member" \
        --xinglin.sample-records=$records "$founding" \
        --xinglin.fabric.peers="$peers" --xinglin.fabric.tls-roots="$data/tls-roots.pem" --xinglin.fabric.chaincode=$chaincode \
        --xinglin.fabric.msp="$msp" --xinglin.fabric.certificate="$home/node/certificate.pem" --xinglin.fabric.key="$home/node/key.pem"
}

# What else to log costs more than the work itself: 20 lines a transaction at info.
log_levels=${FABRIC_LOGGING_SPEC:-warn:orderer.common.broadcast=error:comm.grpc.server=error}
java_options="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+ExitOnOutOfMemoryError"

# operations ROLE-NUMBER PATH: asks an orderer or a peer how it is.
operations() (
    member "${1##*-}"
    case $1 in
        orderer-*) at=$((base + 4)) show=$home/admin/orderer-tls ;;
        peer-*) at=$((base + 5)) show=$home/admin/tls ;;
    esac
    curl -fs -m 3 --noproxy '*' --cacert "$show/ca.pem" --cert "$show/certificate.pem" --key "$show/key.pem" "https://127.0.0.1:$at/$2"
)

# metric ROLE-NUMBER NAME: its value on our channel.
metric() { operations "$1" metrics | awk -v name="$2{channel=\"$channel\"}" '$1 == name { print $2 }'; }

answers() { # NAME: does it do its work?
    case $1 in
        orderer-* | peer-*) operations "$1" healthz > /dev/null ;;
        chaincode-*) evaluate "${1##*-}" version > /dev/null 2>&1 ;;
        node-*) curl -fs -m 3 --noproxy '*' "http://127.0.0.1:$(port_of "$1")/actuator/health/readiness" > /dev/null ;;
    esac
}

await() { # NAME: until it answers, some minutes at most
    tries=0
    until answers "$1"; do
        tries=$((tries + 1))
        if ! pid_of "$1" > /dev/null; then
            tail -n 5 "$data/log/$1.log" >&2
            fail "$1 has ended: its last words are above, all of them in $data/log/$1.log"
        elif [ $tries = 600 ]; then
            fail "$1 does not answer: see $data/log/$1.log"
        fi
        sleep 0.2
    done
}

signal() { # NAME SIGNAL: and waits until it is gone, 30 s at most
    pid=$(pid_of "$1") || return 0
    kill "-$2" "$pid" 2> /dev/null || true
    tries=0
    while [ -n "$(began "$pid")" ]; do
        tries=$((tries + 1))
        if [ $tries = 300 ]; then
            fail "$1 (process $pid) does not end."
        fi
        sleep 0.1
    done
    rm -f "$data/run/$1"
}

# What is left when all named processes are gone: the PostgreSQL of a node that was killed, or what an interrupted start had no time to note.
signal_rest() {
    tries=0
    while rest=$(grep -lszxF "XINGLIN_CONSORTIUM=$data" /proc/[0-9]*/environ || true) && [ -n "$rest" ]; do
        for file in $rest; do
            # What the others end at too is a fast shutdown for PostgreSQL.
            [ $tries != 0 ] || kill -INT "$(basename "$(dirname "$file")")" 2> /dev/null || true
        done
        tries=$((tries + 1))
        if [ $tries = 300 ]; then
            fail "These processes do not end: $rest"
        fi
        sleep 0.1
    done
}
