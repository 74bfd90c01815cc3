package evidence_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/evidence"
	"github.com/anjie-desk/anjie/bot/fault"
)

const place = "36.919816,121.540039 Rushan"

func photo(tb testing.TB) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// withPlace puts an EXIF segment with a turn and a place, a comment, and a
// second picture behind the end into a photograph.
func withPlace(tb testing.TB) []byte {
	tb.Helper()
	plain := photo(tb)
	tiff := []byte("Exif\x00\x00II\x2a\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00" + place)
	exif := append([]byte{0xff, 0xe1, 0, byte(2 + len(tiff))}, tiff...)
	comment := append([]byte{0xff, 0xfe, 0, byte(2 + len(place))}, place...)
	return slices.Concat(plain[:2], exif, comment, plain[2:], []byte(place))
}

func box(name string, parts ...[]byte) []byte {
	body := slices.Concat(parts...)
	return slices.Concat(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), []byte(name), body)
}

func film() []byte {
	udta := box("udta", box("\xa9xyz", []byte(place)))
	return slices.Concat(box("ftyp", []byte("isom\x00\x00\x00\x00")), box("moov", box("trak", udta), udta), box("mdat", []byte("pictures")))
}

func chunk(name, text string) []byte {
	return slices.Concat(binary.BigEndian.AppendUint32(nil, uint32(len(text))), []byte(name), []byte(text), []byte("crc!"))
}

func drawing(tb testing.TB) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		tb.Fatal(err)
	}
	head := 8 + 25
	return slices.Concat(b.Bytes()[:head], chunk("tEXt", place), chunk("eXIf", place), b.Bytes()[head:])
}

func webp() []byte {
	riff := func(name, body string) []byte {
		return slices.Concat([]byte(name), binary.LittleEndian.AppendUint32(nil, uint32(len(body))), []byte(body), make([]byte, len(body)&1))
	}
	body := slices.Concat([]byte("WEBP"), riff("VP8X", "\x0c\x00\x00\x00\x07\x00\x00\x07\x00\x00"), riff("VP8 ", "picture!"), riff("EXIF", place), riff("XMP ", place))
	return slices.Concat([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(len(body))), body)
}

func open(tb testing.TB) (*evidence.Store, string) {
	tb.Helper()
	dir := tb.TempDir()
	s, err := evidence.Open(dir, evidence.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return s, dir
}

func TestAFileIsKeptSealedWithoutItsPlace(t *testing.T) {
	s, dir := open(t)
	for name, tc := range map[string]struct {
		data []byte
		name string
		mime string
		says string // what must still be in it
	}{
		"a photograph": {withPlace(t), "现场.jpg", "image/jpeg", "\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06"},
		"a drawing":    {drawing(t), "图.png", "image/png", "IEND"},
		"a WebP":       {webp(), "图.webp", "image/webp", "picture!"},
		"a film":       {film(), "录像.mp4", "video/mp4", "pictures"},
	} {
		t.Run(name, func(t *testing.T) {
			if !bytes.Contains(tc.data, []byte(place)) {
				t.Fatal("the file tells no place to begin with")
			}
			f, err := s.Keep(t.Context(), tc.name, bytes.NewReader(tc.data))
			if err != nil {
				t.Fatal(err)
			}
			if f.Name != tc.name || f.Type != tc.mime {
				t.Errorf("kept as %q of type %s", f.Name, f.Type)
			}
			got, err := s.Read(t.Context(), f.Ref)
			if err != nil || bytes.Contains(got, []byte(place)) || !bytes.Contains(got, []byte(tc.says)) {
				t.Errorf("read back %v: place %v, content %v", err, bytes.Contains(got, []byte(place)), bytes.Contains(got, []byte(tc.says)))
			}
			if tc.mime == "image/jpeg" {
				if _, err := jpeg.Decode(bytes.NewReader(got)); err != nil {
					t.Errorf("no photograph any more: %v", err)
				}
			}
			onDisk(t, dir, func(raw []byte) {
				if bytes.Contains(raw, []byte(tc.says)) {
					t.Error("it lies on the disk in the clear")
				}
			})
		})
	}
}

func onDisk(t *testing.T, dir string, look func([]byte)) {
	t.Helper()
	for _, sub := range []string{"waiting", "kept"} {
		entries, err := os.ReadDir(filepath.Join(dir, sub))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			raw, err := os.ReadFile(filepath.Join(dir, sub, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			look(raw)
		}
	}
}

func TestWhatCantBeTakenIsRefusedInKind(t *testing.T) {
	s, _ := open(t)
	broken := photo(t)
	for name, tc := range map[string]struct {
		data []byte
		want error
	}{
		"a program":                 {[]byte("MZ\x90\x00\x03\x00\x00\x00\x04"), evidence.ErrType},
		"a page":                    {[]byte("\x00<script>"), evidence.ErrType},
		"nothing":                   {nil, evidence.ErrType},
		"a photograph cut short":    {broken[:30], evidence.ErrType},
		"a picture of a new iPhone": {slices.Concat([]byte("\x00\x00\x00\x18ftypheic"), make([]byte, 40)), evidence.ErrType},
		"more than may be":          {slices.Concat([]byte("%PDF-"), make([]byte, evidence.MaxBytes)), evidence.ErrTooLarge},
		"an archive of anything":    {[]byte("PK\x03\x04 and so on"), evidence.ErrType},
	} {
		_, err := s.Keep(t.Context(), "x.jpg", bytes.NewReader(tc.data))
		if !errors.Is(err, tc.want) || fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNamesAreCleaned(t *testing.T) {
	s, _ := open(t)
	for given, want := range map[string]string{
		"../../etc/passwd": "passwd.txt", `C:\a\b.exe`: "b.txt", "": "file.txt", "a\nb.txt": "ab.txt", "..": "file.txt",
		strings.Repeat("长", 300) + ".txt": strings.Repeat("长", 60) + ".txt",
	} {
		f, err := s.Keep(t.Context(), given, strings.NewReader("收条：今收到六百元"))
		if err != nil || f.Name != want {
			t.Errorf("%q became %q, %v; want %q", given, f.Name, err, want)
		}
	}
}

func TestWhatNoCaseTookUpIsSweptAway(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	s, err := evidence.Open(dir, evidence.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	keep := func() bot.File {
		t.Helper()
		f, err := s.Keep(t.Context(), "收条.txt", strings.NewReader("今收到六百元"))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	taken, left := keep(), keep()
	for range 2 { // a form sent twice
		if err := s.Attach(t.Context(), taken.Ref); err != nil {
			t.Fatal(err)
		}
	}
	given := keep()
	if err := s.Drop(t.Context(), given.Ref, taken.Ref); err != nil { // a form given up, whose file a case may have taken
		t.Fatal(err)
	}
	if _, err := s.Read(t.Context(), given.Ref); !errors.Is(err, evidence.ErrNotFound) {
		t.Errorf("a file of a form that was given up: %v", err)
	}
	now = now.Add(9 * 24 * time.Hour)
	if n, err := s.Sweep(t.Context()); n != 1 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	if _, err := s.Read(t.Context(), taken.Ref); err != nil {
		t.Errorf("a case's file is gone: %v", err)
	}
	if _, err := s.Read(t.Context(), left.Ref); !errors.Is(err, evidence.ErrNotFound) {
		t.Errorf("a file that nobody took up: %v", err)
	}
	if err := s.Attach(t.Context(), left.Ref); !errors.Is(err, evidence.ErrNotFound) {
		t.Errorf("attaching what is gone: %v", err)
	}
	if err := s.Remove(t.Context(), taken.Ref); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(t.Context(), taken.Ref); !errors.Is(err, evidence.ErrNotFound) {
		t.Errorf("removed and still there: %v", err)
	}
}

func TestAReferenceOpensItsOwnFileOnly(t *testing.T) {
	s, dir := open(t)
	a, err := s.Keep(t.Context(), "a.txt", strings.NewReader("甲"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Keep(t.Context(), "b.txt", strings.NewReader("乙"))
	if err != nil {
		t.Fatal(err)
	}
	id, _, _ := strings.Cut(a.Ref, ".")
	_, key, _ := strings.Cut(b.Ref, ".")
	for name, ref := range map[string]string{"another's key": id + "." + key, "no key": id, "a path": "../kept." + key, "nothing": ""} {
		if data, err := s.Read(t.Context(), ref); err == nil {
			t.Errorf("%s reads %q", name, data)
		}
	}
	path := filepath.Join(dir, "waiting", id)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)-1] ^= 1
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(t.Context(), a.Ref); err == nil {
		t.Error("a changed file is read as if it were whole")
	}
}

// FuzzKeep keeps whatever comes: it never panics, and what it takes it gives
// back without the place.
func FuzzKeep(f *testing.F) {
	for _, seed := range [][]byte{withPlace(f), drawing(f), webp(), film(), []byte("PK\x03\x04"), []byte("今收到")} {
		f.Add(seed)
	}
	s, _ := open(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		kept, err := s.Keep(t.Context(), "x", bytes.NewReader(data))
		if err != nil {
			if fault.Of(err) != fault.Invalid {
				t.Error(err)
			}
			return
		}
		if _, err := s.Read(t.Context(), kept.Ref); err != nil {
			t.Error(err)
		}
		_ = s.Remove(t.Context(), kept.Ref)
	})
}
