# Sourced by bin/consortium: the programs of Hyperledger Fabric, built once into the user's cache, pinned by tools/go.sum.

fabric_version=3.1.1
go_version=1.24.2 # the least that Fabric asks for
mended=1 # how often mend_smartbft was changed
tools=${XDG_CACHE_HOME:-$HOME/.cache}/xinglin/fabric-$fabric_version-$mended

build_tools() {
    if tools_are_there; then
        return
    fi
    require_go
    echo "building Hyperledger Fabric $fabric_version (once; takes a minute or two) …"
    draft=$tools.$$
    mkdir -p "$draft"
    cp "$deploy/tools/go.mod" "$deploy/tools/go.sum" "$draft"
    mend_smartbft
    if ! GOBIN=$draft GOTOOLCHAIN=local CGO_ENABLED=0 go -C "$deploy/tools" install -modfile="$draft/go.mod" -mod=readonly -trimpath \
        -ldflags "-X github.com/hyperledger/fabric/common/metadata.Version=v$fabric_version" tool > "$draft/build.log" 2>&1; then
        tail -n 5 "$draft/build.log" >&2
        rm -rf "$draft"
        fail "Hyperledger Fabric could not be built: Go's last words are above (it loads modules from $(go env GOPROXY))."
    fi
    fabric=$(go -C "$deploy/tools" list -m -f '{{.Dir}}' github.com/hyperledger/fabric)
    cp "$fabric/sampleconfig/core.yaml" "$fabric/sampleconfig/orderer.yaml" "$draft"
    rm -rf "$tools" "$draft/build.log" "$draft/smartbft" "$draft/go.mod"
    mv "$draft" "$tools"
}

# Whoever waits for a delivery leaves when the view is aborted; who delivers then waited for ever, and the orderer took part in nothing any
# more until it was started again. One line lets it go on (docs/adr/0027; reported upstream as SmartBFT #681).
mend_smartbft() {
    module=github.com/hyperledger-labs/SmartBFT
    GOTOOLCHAIN=local go -C "$deploy/tools" mod download $module
    cp -R "$(go -C "$deploy/tools" list -m -f '{{.Dir}}' $module)" "$draft/smartbft"
    chmod -R u+w "$draft/smartbft"
    controller=$draft/smartbft/internal/bft/controller.go
    sed -i 's/^\tcase c.deliverChan <- struct{}{}:$/&\n\tcase <-c.currentViewAbortChan():/' "$controller"
    [ "$(grep -A 1 'case c.deliverChan <- struct{}{}:' "$controller" | grep -c currentViewAbortChan)" = 1 ] ||
        fail "SmartBFT is not what was expected: see mend_smartbft in $deploy/tools.sh."
    go mod edit -replace "$module=$draft/smartbft" "$draft/go.mod"
}

tools_are_there() { cmp -s "$deploy/tools/go.sum" "$tools/go.sum"; }

require_go() {
    if ! command -v go > /dev/null; then
        found="there is none on the PATH"
    else
        found=$(go env GOVERSION 2> /dev/null | sed 's/^go//')
        if [ "$(printf '%s\n%s\n' "$go_version" "$found" | sort -V | head -n 1)" = "$go_version" ]; then
            return
        fi
        found="this is $found"
    fi
    fail "The consortium's Hyperledger Fabric is built with Go $go_version or later, and $found: install it with your package manager or
from https://go.dev/dl/. Everything else works without: make run starts a node with a ledger of its own."
}
