// Alterstate changes what a peer that does not run has stored of the ledger, behind its back: for tests of what the others do then.
//
//	alterstate DIRECTORY PREFIX OLD NEW
//
// DIRECTORY is the peer's state database (ledgersData/stateLeveldb). In every value whose key begins with the channel, the chaincode and
// PREFIX (xinglin-consortium, xinglin, key/), OLD becomes NEW, which must be as long. It prints how many values it changed.
package main

import (
	"bytes"
	"fmt"
	"log"
	"os"

	"github.com/syndtr/goleveldb/leveldb"
	"github.com/syndtr/goleveldb/leveldb/util"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 5 || len(os.Args[3]) != len(os.Args[4]) {
		log.Fatal("usage: alterstate DIRECTORY PREFIX OLD NEW, with OLD as long as NEW")
	}
	// The peer writes CHANNEL 0 d CHAINCODE 0 KEY.
	prefix := []byte("xinglin-consortium\x00dxinglin\x00" + os.Args[2])
	changed, err := alter(os.Args[1], prefix, []byte(os.Args[3]), []byte(os.Args[4]))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(changed)
}

func alter(directory string, prefix, before, after []byte) (int, error) {
	database, err := leveldb.OpenFile(directory, nil)
	if err != nil {
		return 0, err
	}
	defer database.Close()
	batch := &leveldb.Batch{}
	entries := database.NewIterator(util.BytesPrefix(prefix), nil)
	defer entries.Release()
	for entries.Next() {
		if bytes.Contains(entries.Value(), before) {
			batch.Put(entries.Key(), bytes.ReplaceAll(entries.Value(), before, after))
		}
	}
	if err := entries.Error(); err != nil {
		return 0, err
	}
	return batch.Len(), database.Write(batch, nil)
}
