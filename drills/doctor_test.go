package drills

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// An engine on which nothing is built yet is none that something is wrong with; one that fails is.
func TestDoctorLooksForReach(t *testing.T) {
	for _, tt := range []struct {
		name   string
		status int // of the question for an image
		ok     bool
		detail string
	}{
		{"no image yet", http.StatusNotFound, true, "not looked at"},
		{"an engine that fails", http.StatusInternalServerError, false, "inspect image"},
	} {
		engine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if strings.Contains(r.URL.Path, "/images/") {
				w.WriteHeader(tt.status)
			}
			_, _ = w.Write([]byte(`{"message": "as the test says"}`))
		}))
		t.Setenv("DOCKER_HOST", "tcp://"+engine.Listener.Addr().String())
		found := false
		for _, f := range Doctor(t.Context()) {
			if f.Name == "published ports" {
				found = true
				if f.OK != tt.ok || !strings.Contains(f.Detail, tt.detail) {
					t.Errorf("%s: %+v", tt.name, f)
				}
			}
		}
		if !found {
			t.Errorf("%s: nobody looked", tt.name)
		}
		engine.Close()
	}
}
