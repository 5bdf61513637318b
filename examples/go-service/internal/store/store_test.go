package store

import (
	"errors"
	"path/filepath"
	"testing"
	"time"
)

func TestLinkLivesUntilMidnight(t *testing.T) {
	path := filepath.Join(t.TempDir(), "links.json")
	evening := time.Date(2024, 5, 31, 23, 59, 0, 0, time.UTC)

	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Put("menu", "https://example.com/menu", evening); err != nil {
		t.Fatal(err)
	}

	again, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if target, found := again.Get("menu", evening); !found || target != "https://example.com/menu" {
		t.Errorf("before midnight: %q, %v", target, found)
	}
	if _, found := again.Get("menu", evening.Add(time.Minute)); found {
		t.Error("the link lives on after midnight")
	}
}

func TestTargetMustBeAbsolute(t *testing.T) {
	s, _ := Open(filepath.Join(t.TempDir(), "links.json"))
	if err := s.Put("x", "javascript:alert(1)", time.Now()); !errors.Is(err, ErrTarget) {
		t.Errorf("got %v", err)
	}
}
