package evidence

import (
	"archive/zip"
	"bytes"
	"unicode/utf8"
)

// kind is a sort of file that is taken: how it begins, how it is cleaned.
type kind struct {
	mime   string
	ending string
	is     func(data []byte) bool
	strip  func(data []byte) ([]byte, error)
}

// kinds are what people's telephones and offices make. A file is judged by its
// content alone.
var kinds = []kind{
	{"image/jpeg", ".jpg", begins("\xff\xd8\xff"), stripJPEG},
	{"image/png", ".png", begins("\x89PNG\r\n\x1a\n"), stripPNG},
	{"image/webp", ".webp", at(0, "RIFF", 8, "WEBP"), stripWebP},
	{"application/pdf", ".pdf", begins("%PDF-"), asIs},
	{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", zipWith("word/document.xml"), asIs},
	{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", zipWith("xl/workbook.xml"), asIs},
	{"audio/ogg", ".ogg", begins("OggS"), asIs},
	{"audio/mpeg", ".mp3", isMP3, asIs},
	{"audio/amr", ".amr", begins("#!AMR"), asIs},
	{"audio/wav", ".wav", at(0, "RIFF", 8, "WAVE"), asIs},
	{"audio/mp4", ".m4a", at(4, "ftypM4A", 4, "ftyp"), stripMP4},
	{"video/mp4", ".mp4", isMP4, stripMP4},
	{"text/plain", ".txt", isText, asIs},
}

// sniff finds what a file is.
func sniff(data []byte) (kind, bool) {
	for _, k := range kinds {
		if k.is(data) {
			return k, true
		}
	}
	return kind{}, false
}

func asIs(data []byte) ([]byte, error) { return data, nil }

func begins(with string) func([]byte) bool {
	return func(data []byte) bool { return bytes.HasPrefix(data, []byte(with)) }
}

// at tells whether both texts stand at their places.
func at(i int, a string, j int, b string) func([]byte) bool {
	return func(data []byte) bool {
		return len(data) > max(i+len(a), j+len(b)) && string(data[i:i+len(a)]) == a && string(data[j:j+len(b)]) == b
	}
}

// isMP4 takes films of telephones; pictures in the same wrapping (HEIC, AVIF)
// are not taken, since most computers of an office can't show them.
func isMP4(data []byte) bool {
	if len(data) < 12 || string(data[4:8]) != "ftyp" {
		return false
	}
	switch string(data[8:12]) {
	case "heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif", "avis":
		return false
	}
	return true
}

func isMP3(data []byte) bool {
	return bytes.HasPrefix(data, []byte("ID3")) || len(data) > 2 && data[0] == 0xff && data[1]&0xe6 == 0xe2
}

func zipWith(entry string) func([]byte) bool {
	return func(data []byte) bool {
		if !bytes.HasPrefix(data, []byte("PK\x03\x04")) {
			return false
		}
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return false
		}
		for _, f := range z.File {
			if f.Name == entry {
				return true
			}
		}
		return false
	}
}

// isText takes plain words: UTF-8 without control characters.
func isText(data []byte) bool {
	if len(data) == 0 || !utf8.Valid(data) {
		return false
	}
	return !bytes.ContainsFunc(data, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == utf8.RuneError })
}
