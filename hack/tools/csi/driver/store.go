package main

import (
	"encoding/json"
	"os"
	"sync"
	"time"
)

type volume struct {
	Id    string
	Bytes int64
	Zone  string
	// Name of what the volume holds: its own id when blank, that of its source when cloned or restored.
	Content string
}

type snapshot struct {
	Id      string
	Source  string
	Bytes   int64
	Content string
	Cut     time.Time
	// Before this moment it is cut, but cannot be used yet.
	ReadyAt time.Time
}

// All that exists, by id; written to a file after each change, so that it outlives the process.
type store struct {
	mutex     sync.Mutex
	file      string
	Volumes   map[string]*volume
	Snapshots map[string]*snapshot
}

func openStore(file string) (*store, error) {
	s := &store{file: file, Volumes: map[string]*volume{}, Snapshots: map[string]*snapshot{}}
	text, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	return s, json.Unmarshal(text, s)
}

// The mutex must be held.
func (s *store) save() error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := os.WriteFile(s.file+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(s.file+".new", s.file)
}
