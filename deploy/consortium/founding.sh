# Sourced by bin/consortium: makes the keys, the channel and the contract that the members agreed on.

# What each member keeps apart, in a directory of its own:
#   ca, tls-ca, orderer-ca, orderer-tls-ca      its four certification authorities
#   msp                                          what the others need to know of it; nothing in there is secret
#   orderer, peer, admin                         an identity (msp) and keys for TLS (tls) each; admin also for the orderer's door
#   node                                         the identity of the Xinglin node
#   chaincode                                    keys for TLS
make_keys() {
    "$tools/cryptogen" generate --config="$deploy/crypto-config.yaml" --output="$data/crypto" >> "$founding" 2>&1
    for number in $numbers; do
        member "$number"
        arrange "$data/crypto/peerOrganizations/$member.localhost" "$data/crypto/ordererOrganizations/$member.localhost"
    done
    rm -r "$data/crypto"
    for number in $numbers; do
        member "$number"
        cat "$home"/msp/tlscacerts/*.pem
    done > "$data/tls-roots.pem"
}

arrange() { # PEER-SIDE ORDERER-SIDE: from the places where cryptogen puts things to $home
    domain=$member.localhost
    mkdir -p "$home/msp/cacerts" "$home/msp/tlscacerts" "$home/admin" "$home/peer" "$home/orderer" "$home/node" "$home/chaincode"
    authority "$1/ca" ca cacerts/ca
    authority "$1/tlsca" tls-ca tlscacerts/ca
    authority "$2/ca" orderer-ca cacerts/orderer-ca
    authority "$2/tlsca" orderer-tls-ca tlscacerts/orderer-ca
    cp "$deploy/msp.yaml" "$home/msp/config.yaml"
    identity "$1/peers/peer.$domain" peer/msp
    identity "$2/orderers/orderer.$domain" orderer/msp
    identity "$1/users/Admin@$domain" admin/msp
    tls_keys "$1/peers/peer.$domain" peer/tls
    tls_keys "$2/orderers/orderer.$domain" orderer/tls
    tls_keys "$1/peers/chaincode.$domain" chaincode/tls
    tls_keys "$1/users/Admin@$domain" admin/tls
    tls_keys "$2/users/Admin@$domain" admin/orderer-tls
    mv "$1/users/User1@$domain/msp/keystore"/* "$home/node/key.pem"
    mv "$1/users/User1@$domain/msp/signcerts"/* "$home/node/certificate.pem"
}

authority() { # FROM NAME PUBLIC
    mkdir "$home/$2"
    mv "$1"/*_sk "$home/$2/key.pem"
    mv "$1"/*.pem "$home/$2/certificate.pem"
    cp "$home/$2/certificate.pem" "$home/msp/$3.pem"
}

identity() { # FROM TO
    cp -R "$home/msp" "$home/$2"
    mkdir "$home/$2/keystore" "$home/$2/signcerts"
    mv "$1/msp/keystore"/* "$home/$2/keystore/key.pem"
    mv "$1/msp/signcerts"/* "$home/$2/signcerts/certificate.pem"
}

tls_keys() { # FROM TO
    mkdir "$home/$2"
    mv "$1/tls"/*.key "$home/$2/key.pem"
    mv "$1/tls/ca.crt" "$home/$2/ca.pem"
    mv "$1/tls"/*.crt "$home/$2/certificate.pem"
}

make_channel() {
    for number in $numbers; do
        echo "s/ORDERER_$number/$(port_of "orderer-$number")/; s/PEER_$number/$(port_of "peer-$number")/"
    done | sed -f - "$deploy/configtx.yaml" > "$data/configtx.yaml"
    FABRIC_CFG_PATH=$data "$tools/configtxgen" -profile Consortium -channelID $channel -outputBlock "$data/genesis.block" >> "$founding" 2>&1
}

# Times and owners are fixed, so that every member who makes the package gets the same id.
make_package() {
    parts=$data/package
    mkdir "$parts"
    printf '{"name":"%s","version":"%s"}\n' $chaincode $chaincode_version > "$parts/chaincode.json"
    printf '{"type":"ccaas","label":"%s_%s"}\n' $chaincode $chaincode_version > "$parts/metadata.json"
    pack "$parts/code.tar.gz" chaincode.json
    pack "$data/chaincode.tar.gz" code.tar.gz metadata.json
    FABRIC_CFG_PATH=$tools "$tools/peer" lifecycle chaincode calculatepackageid "$data/chaincode.tar.gz" > "$data/package-id" 2>> "$founding"
    rm -r "$parts"
}

pack() { # ARCHIVE FILE…
    archive=$1
    shift
    tar -C "$parts" --owner=0 --group=0 --numeric-owner --mode=644 --mtime=@0 --format=ustar -cf - "$@" | gzip -n > "$archive"
}

join() { # NUMBER
    osnadmin "$1" join --channelID $channel --config-block "$data/genesis.block"
    as_admin "$1" peer channel join -b "$data/genesis.block"
    as_admin "$1" peer lifecycle chaincode install "$data/chaincode.tar.gz"
}

approve() { # NUMBER
    # shellcheck disable=SC2046 # words
    as_admin "$1" peer lifecycle chaincode approveformyorg $(to_orderer "$1") -C $channel -n $chaincode \
        -v $chaincode_version --sequence 1 --package-id "$(cat "$data/package-id")"
}

commit() (
    cd "$data"
    endorsers=
    for number in $numbers; do
        member "$number"
        endorsers="$endorsers --peerAddresses 127.0.0.1:$(port_of "peer-$number") --tlsRootCertFiles $member/peer/tls/ca.pem"
    done
    # shellcheck disable=SC2046,SC2086 # words
    as_admin 1 peer lifecycle chaincode commit $(to_orderer 1) -C $channel -n $chaincode \
        -v $chaincode_version --sequence 1 $endorsers
)

# Files named so are looked for in the administrator's directory.
to_orderer() { echo "-o 127.0.0.1:$(port_of "orderer-$1") --tls --cafile orderer-tls/ca.pem"; }

# as_admin NUMBER COMMAND…: as that member's administrator.
as_admin() (
    member "$1"
    shift
    ln -sf "$tools/core.yaml" "$home/admin/core.yaml"
    export PATH="$tools:$PATH" FABRIC_CFG_PATH="$home/admin" FABRIC_LOGGING_SPEC="${FABRIC_LOGGING_SPEC:-error}"
    export CORE_PEER_LOCALMSPID=$msp CORE_PEER_MSPCONFIGPATH="$home/admin/msp" CORE_PEER_ADDRESS=127.0.0.1:$((base + 1))
    export CORE_PEER_TLS_ENABLED=true CORE_PEER_TLS_ROOTCERT_FILE="$home/peer/tls/ca.pem"
    exec "$@"
)

osnadmin() ( # NUMBER COMMAND OPTIONS…
    member "$1"
    command=$2
    shift 2
    keys=$home/admin/orderer-tls
    "$tools/osnadmin" channel "$command" -o 127.0.0.1:$((base + 3)) \
        --ca-file "$keys/ca.pem" --client-cert "$keys/certificate.pem" --client-key "$keys/key.pem" "$@"
)

# evaluate NUMBER FUNCTION: what that member's peer and chaincode server answer; nothing is written.
evaluate() { as_admin "$1" peer chaincode query -C $channel -n $chaincode -c "{\"Args\":[\"$2\"]}"; }

# every COMMAND…: for each member at once; fails if one does.
every() {
    started=
    for number in $numbers; do
        "$@" "$number" &
        started="$started $!"
    done
    went=0
    for one in $started; do
        wait "$one" || went=1
    done
    return $went
}
