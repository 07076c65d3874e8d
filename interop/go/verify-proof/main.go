// Command verify-proof checks a Xinglin receipt with libraries that are not Xinglin's.
//
//	verify-proof FILE VKEY
//	verify-proof FILE -policy POLICY
//
// The receipt (c2sp.org/tlog-proof) is read, its signature, its cosignatures and its place in the tree are verified by
// filippo.io/torchwood and golang.org/x/mod. POLICY is a file (c2sp.org/tlog-policy) that names the log, the witnesses and
// the quorum; VKEY is the log's key alone. Ours is only what an entry of a Xinglin log looks like: a commitment,
// opened by the salt and the statement in the receipt's extra line.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	policy, err := policy(os.Args)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	statement, err := verify(os.Args[1], policy)
	if err != nil {
		fmt.Fprintf(os.Stderr, "INVALID %s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
	fmt.Printf("VALID %s\n", statement)
}

// policy returns what the command line asks of a checkpoint.
func policy(args []string) (torchwood.Policy, error) {
	switch {
	case len(args) == 3:
		log, err := note.NewVerifier(args[2])
		if err != nil {
			return nil, err
		}
		return torchwood.ThresholdPolicy(2,
			torchwood.OriginPolicy(log.Name()), torchwood.SingleVerifierPolicy(log)), nil
	case len(args) == 4 && args[2] == "-policy":
		text, err := os.ReadFile(args[3])
		if err != nil {
			return nil, err
		}
		return torchwood.ParsePolicy(text)
	}
	return nil, errors.New("usage: verify-proof FILE VKEY, or verify-proof FILE -policy POLICY")
}

// verify returns the statement that the receipt in the file proves.
func verify(file string, policy torchwood.Policy) (string, error) {
	proof, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	entry, statement, err := open(proof)
	if err != nil {
		return "", err
	}
	return statement, torchwood.VerifyProof(policy, tlog.RecordHash(entry), proof)
}

// open computes the entry that the receipt claims to be about.
func open(proof []byte) (entry []byte, statement string, err error) {
	extra, err := torchwood.ProofExtraData(proof)
	if err != nil {
		return nil, "", err
	}
	var opening struct {
		Salt      []byte `json:"salt"`
		Statement string `json:"statement"`
	}
	if err := json.Unmarshal(extra, &opening); err != nil {
		return nil, "", err
	}
	var said struct {
		Kind string `json:"kind"`
	}
	if err := json.Unmarshal([]byte(opening.Statement), &said); err != nil {
		return nil, "", err
	}
	if len(opening.Salt) != 32 || said.Kind == "" {
		return nil, "", errors.New("the extra line is not an opening")
	}
	mac := hmac.New(sha256.New, opening.Salt)
	mac.Write([]byte(opening.Statement))
	commitment := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return []byte("xinglin-entry/v1 " + said.Kind + " " + commitment), opening.Statement, nil
}
