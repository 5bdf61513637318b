// Package store keeps links in one JSON file until the midnight that follows.
package store

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"sync"
	"time"
)

// ErrTarget says that a target is no absolute http or https address.
var ErrTarget = errors.New("the target must be an http or https address")

// Link is a target and the end of its life.
type Link struct {
	Target string    `json:"target"`
	Until  time.Time `json:"until"`
}

// Store is safe for concurrent use.
type Store struct {
	mutex sync.Mutex
	path  string
	links map[string]Link
}

// Open reads path; a file that doesn't exist is an empty store.
func Open(path string) (*Store, error) {
	s := &Store{path: path, links: map[string]Link{}}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	return s, json.Unmarshal(data, &s.links)
}

// Get returns the target of a link that is alive at now.
func (s *Store) Get(name string, now time.Time) (string, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	link, found := s.links[name]
	return link.Target, found && now.Before(link.Until)
}

// Count returns how many links are alive at now.
func (s *Store) Count(now time.Time) int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	count := 0
	for _, link := range s.links {
		if now.Before(link.Until) {
			count++
		}
	}
	return count
}

// Put sets a link that lives until the next midnight in now's time zone.
func (s *Store) Put(name, target string, now time.Time) error {
	address, err := url.Parse(target)
	if err != nil || address.Host == "" || (address.Scheme != "http" && address.Scheme != "https") {
		return ErrTarget
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	year, month, day := now.Date()
	s.links[name] = Link{target, time.Date(year, month, day+1, 0, 0, 0, 0, now.Location())}
	data, err := json.Marshal(s.links)
	if err != nil {
		return err
	}
	return os.WriteFile(s.path, data, 0o600)
}
