package evidence

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
)

var errBroken = errors.New("the file is broken")

// stripJPEG leaves out what a camera notes beside the picture: EXIF with the
// place, XMP, IPTC, comments. How the picture is to be turned is kept.
func stripJPEG(data []byte) ([]byte, error) {
	out := bytes.NewBuffer(make([]byte, 0, len(data)))
	out.Write(data[:2])
	turned := 1
	for rest := data[2:]; ; {
		marker, segment, after, err := nextSegment(rest)
		if err != nil {
			return nil, err
		}
		rest = after
		switch {
		case marker == 0xd9: // the end: what telephones hang behind it has notes of its own
			out.Write(segment)
			return withTurn(out.Bytes(), turned), nil
		case marker == 0xda: // a part of the picture follows its head
			out.Write(segment)
			n := scanEnd(rest)
			out.Write(rest[:n])
			if rest = rest[n:]; len(rest) == 0 { // cut short on its way: shown as far as it goes
				return withTurn(out.Bytes(), turned), nil
			}
		case marker == 0xe1:
			if t := orientation(segment[4:]); t != 0 {
				turned = t
			}
		case marker >= 0xe3 && marker <= 0xed, marker == 0xef, marker == 0xfe: // notes of makers, IPTC, comments
		default: // tables, sizes, JFIF, colours
			out.Write(segment)
		}
	}
}

// nextSegment cuts the next marker with its content off.
func nextSegment(rest []byte) (marker byte, segment, after []byte, err error) {
	for len(rest) > 1 && rest[0] == 0xff && rest[1] == 0xff { // fillers
		rest = rest[1:]
	}
	if len(rest) < 2 || rest[0] != 0xff {
		return 0, nil, nil, errBroken
	}
	if rest[1] == 0xd9 {
		return 0xd9, rest[:2], nil, nil
	}
	if len(rest) < 4 {
		return 0, nil, nil, errBroken
	}
	n := 2 + int(binary.BigEndian.Uint16(rest[2:]))
	if n < 4 || n > len(rest) {
		return 0, nil, nil, errBroken
	}
	return rest[1], rest[:n], rest[n:], nil
}

// scanEnd is where the picture's own bytes end: at a marker that is neither a
// masked 0xff nor one by which a picture starts anew.
func scanEnd(scan []byte) int {
	for i := 0; i+1 < len(scan); i++ {
		if next := scan[i+1]; scan[i] == 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7) {
			return i
		}
	}
	return len(scan)
}

// orientation reads the one note of EXIF that is needed, 0 if there is none.
func orientation(exif []byte) int {
	tiff, ok := bytes.CutPrefix(exif, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > len(tiff) {
		return 0
	}
	const row, tag = 12, 0x0112
	for i := range int(order.Uint16(tiff[at:])) {
		e := at + 2 + i*row
		if e+row > len(tiff) {
			return 0
		}
		if order.Uint16(tiff[e:]) == tag {
			return int(order.Uint16(tiff[e+8:]))
		}
	}
	return 0
}

// withTurn puts in an EXIF segment that says nothing but how to turn the
// picture.
func withTurn(jpeg []byte, turned int) []byte {
	if turned < 2 || turned > 8 {
		return jpeg
	}
	tiff := []byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")
	tiff[6+8+2+8+1] = byte(turned)
	segment := append([]byte{0xff, 0xe1, 0, byte(2 + len(tiff))}, tiff...)
	return slices.Concat(jpeg[:2], segment, jpeg[2:])
}

// stripPNG leaves out the chunks of words, dates and EXIF.
func stripPNG(data []byte) ([]byte, error) {
	const head = 8
	out := append(make([]byte, 0, len(data)), data[:head]...)
	for rest := data[head:]; len(rest) > 0; {
		if len(rest) < 12 {
			return nil, errBroken
		}
		n := uint64(binary.BigEndian.Uint32(rest)) + 12
		if n > uint64(len(rest)) {
			return nil, errBroken
		}
		name := string(rest[4:8])
		switch name {
		case "tEXt", "zTXt", "iTXt", "eXIf", "tIME":
		default:
			out = append(out, rest[:n]...)
		}
		if name == "IEND" {
			return out, nil
		}
		rest = rest[n:]
	}
	return nil, errBroken
}

// stripWebP leaves out the chunks EXIF and XMP, and says so in the head.
func stripWebP(data []byte) ([]byte, error) {
	out := append(make([]byte, 0, len(data)), data[:12]...)
	for rest := data[12:]; len(rest) >= 8; {
		n := uint64(binary.LittleEndian.Uint32(rest[4:])) + 8
		n += n & 1
		if n > uint64(len(rest)) {
			return nil, errBroken
		}
		name, chunk := string(rest[:4]), slices.Clone(rest[:n])
		if name == "VP8X" && n > 8 {
			chunk[8] &^= 0x08 | 0x04
		}
		if name != "EXIF" && name != "XMP " {
			out = append(out, chunk...)
		}
		rest = rest[n:]
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8)) //nolint:gosec // at most MaxBytes
	return out, nil
}

// stripMP4 blanks the boxes in which telephones note place and device. Their
// room stays, since the film is found by its distance from the beginning.
func stripMP4(data []byte) ([]byte, error) {
	data = slices.Clone(data)
	return data, blank(data, 0)
}

// boxes that hold others, and boxes of notes
var (
	outer = []string{"moov", "trak", "mdia", "minf", "stbl", "edts"}
	notes = []string{"udta", "meta", "uuid"}
)

const mostNested = 8

func blank(data []byte, depth int) error {
	for len(data) > 0 {
		if len(data) < 8 || depth > mostNested {
			return errBroken
		}
		n, head := uint64(binary.BigEndian.Uint32(data)), uint64(8)
		switch n {
		case 0: // to the end
			n = uint64(len(data))
		case 1: // its size stands behind its name
			if len(data) < 16 {
				return errBroken
			}
			n, head = binary.BigEndian.Uint64(data[8:]), 16
		}
		if n < head || n > uint64(len(data)) {
			return errBroken
		}
		switch name := string(data[4:8]); {
		case slices.Contains(notes, name):
			copy(data[4:8], "free")
			clear(data[head:n])
		case slices.Contains(outer, name):
			if err := blank(data[head:n], depth+1); err != nil {
				return err
			}
		}
		data = data[n:]
	}
	return nil
}
