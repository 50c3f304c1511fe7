// Command log reads and writes logs with golang.org/x/mod/sumdb, which none of this project's code is in:
//
//	log check EXPORT [EARLIER]   an export and, if named, one that it continues: signature, tiles, entries, proofs
//	log proof FILE POLICY        a proof file: signature, inclusion
//	log write DIR                a log of 700 leaves, signed, with an earlier checkpoint of 300
//
// The first three lines of a checkpoint are C2SP tlog-checkpoint; note and tlog do the rest.
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func main() {
	var err error
	switch {
	case len(os.Args) == 3 && os.Args[1] == "check":
		err = check(os.Args[2], "")
	case len(os.Args) == 4 && os.Args[1] == "check":
		err = check(os.Args[2], os.Args[3])
	case len(os.Args) == 4 && os.Args[1] == "proof":
		err = proof(os.Args[2], os.Args[3])
	case len(os.Args) == 3 && os.Args[1] == "write":
		err = write(os.Args[2])
	default:
		err = errors.New("say check, proof or write")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// verifiers gives the log keys of a policy.
func verifiers(policy string) (note.Verifiers, error) {
	text, err := os.ReadFile(policy)
	if err != nil {
		return nil, err
	}
	var keys []note.Verifier
	for _, line := range strings.Split(string(text), "\n") {
		if words := strings.Fields(line); len(words) >= 2 && words[0] == "log" {
			key, err := note.NewVerifier(words[1])
			if err != nil {
				return nil, err
			}
			keys = append(keys, key)
		}
	}
	return note.VerifierList(keys...), nil
}

// tree gives the tree of a signed note that one of the keys has signed.
func tree(signed []byte, keys note.Verifiers) (tlog.Tree, error) {
	opened, err := note.Open(signed, keys)
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != opened.Sigs[0].Name {
		return tlog.Tree{}, errors.New("the note is not origin, size and root")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// tiles reads tiles of an export; tlog authenticates them against the root.
type tiles string

func (t tiles) Height() int                     { return height }
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (t tiles) path(tile tlog.Tile) string      { return filepath.Join(string(t), coordinates(tile)) }
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range wanted {
		data, err := os.ReadFile(t.path(tile))
		if err != nil {
			return nil, err
		}
		read = append(read, data)
	}
	return read, nil
}

// coordinates is the path that tlog-tiles gives: that of tlog without the height, and entries for data.
func coordinates(tile tlog.Tile) string {
	path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
	return strings.Replace(path, "tile/data/", "tile/entries/", 1)
}

// entries gives the entries of one bundle.
func entries(folder string, start, size int64) ([][]byte, error) {
	width := size - start
	if width > 256 {
		width = 256
	}
	data, err := os.ReadFile(tiles(folder).path(tlog.Tile{H: height, L: -1, N: start / 256, W: int(width)}))
	if err != nil {
		return nil, err
	}
	var found [][]byte
	for len(data) >= 2 {
		length := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+length {
			break
		}
		found, data = append(found, data[2:2+length]), data[2+length:]
	}
	if len(data) != 0 || int64(len(found)) != width {
		return nil, errors.New("a bundle is cut off")
	}
	return found, nil
}

func open(folder string) (tlog.Tree, tlog.HashReader, error) {
	keys, err := verifiers(filepath.Join(folder, "policy"))
	if err != nil {
		return tlog.Tree{}, nil, err
	}
	signed, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return tlog.Tree{}, nil, err
	}
	head, err := tree(signed, keys)
	return head, tlog.TileHashReader(head, tiles(folder)), err
}

func check(folder, earlier string) error {
	head, hashes, err := open(folder)
	if err != nil {
		return err
	}
	for start := int64(0); start < head.N; start += 256 {
		bundle, err := entries(folder, start, head.N)
		if err != nil {
			return err
		}
		for at, entry := range bundle {
			index := start + int64(at)
			proof, err := tlog.ProveRecord(head.N, index, hashes)
			if err != nil {
				return err
			}
			if err := tlog.CheckRecord(proof, head.N, head.Hash, index, tlog.RecordHash(entry)); err != nil {
				return fmt.Errorf("entry %d: %w", index, err)
			}
		}
	}
	if earlier != "" {
		old, _, err := open(earlier)
		if err != nil {
			return err
		}
		proof, err := tlog.ProveTree(head.N, old.N, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(proof, head.N, head.Hash, old.N, old.Hash); err != nil {
			return err
		}
		fmt.Printf("%d leaves continue %d\n", head.N, old.N)
	}
	fmt.Printf("%d leaves, each proved to be below the signed root\n", head.N)
	return nil
}

// proof checks the first block of a proof file: body line, entry, empty line, C2SP tlog-proof.
func proof(file, policy string) error {
	keys, err := verifiers(policy)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	parts := bytes.SplitN(raw, []byte("\n"), 4)
	if len(parts) != 4 || !bytes.HasPrefix(parts[3], []byte("c2sp.org/tlog-proof@v1\nindex ")) {
		return errors.New("not a proof file")
	}
	entry, err := base64.StdEncoding.DecodeString(string(parts[1]))
	if err != nil {
		return err
	}
	lines, rest, _ := strings.Cut(strings.TrimPrefix(string(parts[3]), "c2sp.org/tlog-proof@v1\nindex "), "\n\n")
	words := strings.Split(lines, "\n")
	index, err := strconv.ParseInt(words[0], 10, 64)
	if err != nil {
		return err
	}
	var path tlog.RecordProof
	for _, word := range words[1:] {
		hash, err := tlog.ParseHash(word)
		if err != nil {
			return err
		}
		path = append(path, hash)
	}
	text, signatures, _ := strings.Cut(rest, "\n\n")
	signed := text + "\n\n"
	for _, line := range strings.SplitAfter(signatures, "\n") {
		if !strings.HasPrefix(line, "— ") {
			break
		}
		signed += line
	}
	head, err := tree([]byte(signed), keys)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(path, head.N, head.Hash, index, tlog.RecordHash(entry)); err != nil {
		return err
	}
	fmt.Printf("leaf %d of %d is proved\n", index, head.N)
	return nil
}

// grown is a log that keeps every hash.
type grown []tlog.Hash

func (g grown) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var read []tlog.Hash
	for _, index := range indexes {
		read = append(read, g[index])
	}
	return read, nil
}

func put(folder, path string, data []byte) error {
	target := filepath.Join(folder, path)
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	return os.WriteFile(target, data, 0o644)
}

func write(folder string) error {
	const origin, early, size = "go.example.test/log", 300, 700
	secret, public, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return err
	}
	var log grown
	for index := int64(0); index < size; index++ {
		hashes, err := tlog.StoredHashes(index, []byte(fmt.Sprintf("entry %d", index)), log)
		if err != nil {
			return err
		}
		log = append(log, hashes...)
		if index+1 != early && index+1 != size {
			continue
		}
		root, err := tlog.TreeHash(index+1, log)
		if err != nil {
			return err
		}
		signed, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", origin, index+1, root)}, signer)
		if err != nil {
			return err
		}
		name := map[int64]string{early: "checkpoint.early", size: "checkpoint"}[index+1]
		if err := put(folder, name, signed); err != nil {
			return err
		}
	}
	for _, tile := range tlog.NewTiles(height, 0, size) {
		data, err := tlog.ReadTileData(tile, log)
		if err != nil {
			return err
		}
		if err := put(folder, coordinates(tile), data); err != nil {
			return err
		}
		if tile.L != 0 {
			continue
		}
		var bundle []byte
		for at := int64(0); at < int64(tile.W); at++ {
			entry := fmt.Sprintf("entry %d", tile.N*256+at)
			bundle = append(binary.BigEndian.AppendUint16(bundle, uint16(len(entry))), entry...)
		}
		tile.L = -1
		if err := put(folder, coordinates(tile), bundle); err != nil {
			return err
		}
	}
	return put(folder, "policy", []byte("log "+public+"\nquorum none\n"))
}
