package statute

import "fmt"

// Reason says why a file or a part of one was not taken in.
type Reason string

// Reasons of a [Skip].
const (
	Amendment   Reason = "amendment"   // 修正案, 修改…的决定: its text stands in the law that it amends
	NotStatute  Reason = "not_statute" // a guide, a read-me
	Empty       Reason = "empty"       // no article and no paragraph found
	Duplicate   Reason = "duplicate"   // the same title and version stands in another file
	Unsupported Reason = "unsupported" // a kind of file that can't be read
	TooBig      Reason = "too_big"
	Damaged     Reason = "damaged" // broken zip or XML
	Encoding    Reason = "encoding"
	Unreadable  Reason = "unreadable" // the operating system refused
	OldWord     Reason = "old_word"   // .doc, .wps, or such a file called .docx
	Fixed       Reason = "fixed"      // .pdf, .ofd, a picture: pages, no text
	OtherText   Reason = "other_text" // .html, .rtf, .odt: text that Word can save as .docx
	OtherPack   Reason = "other_pack" // .rar, .7z
	Locked      Reason = "locked"     // protected by a password
	Link        Reason = "link"       // a symbolic link: what it points to may lie anywhere
	Changing    Reason = "changing"   // still being written or downloaded
	Partial     Reason = "partial"    // far shorter than what is held of the same version
)

// Skip is one file that was left out.
type Skip struct {
	File   string
	Reason Reason
	Detail string // the cause in English, "" when the reason says all
}

// Report is what an import did, ready for a table.
type Report struct {
	Files      int // looked at
	Laws       int // titles held now
	Versions   int
	Articles   int // of versions in force on the day of the import
	Superseded int // versions that a newer one replaced
	Repealed   int // laws no longer in force
	Future     int // laws whose only version isn't in force yet
	Added      int // versions that this import brought in or changed
	Skipped    []Skip
}

// refusal is an error that becomes a [Skip].
type refusal struct {
	reason Reason
	detail string
}

func (r *refusal) Error() string { return string(r.reason) + ": " + r.detail }

func refuse(reason Reason, format string, args ...any) error {
	return &refusal{reason, fmt.Sprintf(format, args...)}
}
