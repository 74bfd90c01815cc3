package tgtest

import "net/http"

// Hold has the server hold a file, to be asked for by getFile.
func (s *Server) Hold(id string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files == nil {
		s.files = map[string][]byte{}
	}
	s.files[id] = data
}

// file answers getFile.
func (s *Server) file(id string) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, ok := s.files[id]
	if !ok {
		return nil, &Failure{Status: 400, Text: "Bad Request: invalid file_id"}
	}
	return map[string]any{"file_id": id, "file_unique_id": id, "file_size": len(data), "file_path": "files/" + id}, nil
}

// give sends a file's content; "moved" sends it to another host.
func (s *Server) give(w http.ResponseWriter, path string) {
	s.mu.Lock()
	data, ok := s.files[path[len("files/"):]]
	s.mu.Unlock()
	switch {
	case !ok:
		w.WriteHeader(http.StatusNotFound)
	case string(data) == "moved":
		w.Header().Set("Location", "http://127.0.0.1:1/")
		w.WriteHeader(http.StatusFound)
	default:
		_, _ = w.Write(data)
	}
}
