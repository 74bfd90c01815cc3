package web

import (
	"mime"
	"mime/multipart"
	"net/http"
)

// isUpload tells whether a request brings a form with files.
func isUpload(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == "multipart/form-data"
}

// Parts are the files of a form under a name, empty ones left out. Only the
// routes of [Server.Upload] and [Server.StaffUpload] read any.
func Parts(r *http.Request, name string) []*multipart.FileHeader {
	if r.MultipartForm == nil {
		return nil
	}
	var all []*multipart.FileHeader
	for _, p := range r.MultipartForm.File[name] {
		if p.Size > 0 {
			all = append(all, p)
		}
	}
	return all
}
