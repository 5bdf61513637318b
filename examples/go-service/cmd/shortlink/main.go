// Command shortlink serves short links that expire at midnight.
package main

import (
	"encoding/json"
	"errors"
	"html/template"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"example.com/shortlink/internal/store"
)

// Set by the linker.
var version = "development"

type server struct {
	links *store.Store
	page  *template.Template
}

func main() {
	links, err := store.Open(setting("SHORTLINK_FILE", "links.json"))
	if err != nil {
		log.Fatal(err)
	}
	page, err := template.ParseFiles(filepath.Join(setting("SHORTLINK_WEB", "web"), "index.html"))
	if err != nil {
		log.Fatal(err)
	}
	s := server{links: links, page: page}

	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.index)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /{name}", s.follow)
	mux.HandleFunc("PUT /{name}", s.put)

	address := setting("SHORTLINK_ADDRESS", ":8080")
	log.Printf("shortlink %s on %s", version, address)
	log.Fatal(http.ListenAndServe(address, mux))
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func (s server) index(w http.ResponseWriter, _ *http.Request) {
	data := struct {
		Version string
		Count   int
	}{version, s.links.Count(time.Now())}
	if err := s.page.Execute(w, data); err != nil {
		log.Print(err)
	}
}

func (s server) follow(w http.ResponseWriter, r *http.Request) {
	target, found := s.links.Get(r.PathValue("name"), time.Now())
	if !found {
		http.NotFound(w, r)
		return
	}
	http.Redirect(w, r, target, http.StatusFound)
}

func (s server) put(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Target string `json:"target"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4096)).Decode(&body); err != nil {
		http.Error(w, "want {\"target\": \"https://…\"}", http.StatusBadRequest)
		return
	}
	err := s.links.Put(r.PathValue("name"), body.Target, time.Now())
	switch {
	case errors.Is(err, store.ErrTarget):
		http.Error(w, err.Error(), http.StatusBadRequest)
	case err != nil:
		log.Print(err)
		http.Error(w, "cannot save", http.StatusInternalServerError)
	default:
		w.WriteHeader(http.StatusCreated)
	}
}
