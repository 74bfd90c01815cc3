package statute

import "strings"

// line is one paragraph of a source, cleaned.
type line struct {
	text  string
	level int  // of a markdown heading or a docx outline; 0 is running text
	row   bool // of a table
}

// source is one file on its way in: what it says of itself, and its lines.
type source struct {
	file     string // as the report names it
	stem     string // file name without day and extension
	fileDay  string // YYYY-MM-DD in the file name, "" if none
	folder   string // the folder's name, a hint of the kind of law
	meta     map[string]string
	lines    []line
	infoEnds int // lines before it are title and dates; -1 if the source does not say
}

const infoEnd = "<!-- INFO END -->"

// readMarkdown splits front matter from text and cleans each line.
func readMarkdown(src *source, text string) {
	text = strings.TrimLeft(text, "\ufeff \n\r\t")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	src.infoEnds = -1
	src.meta, text = frontMatter(text)
	for raw := range strings.Lines(text) {
		if strings.Contains(raw, infoEnd) {
			src.infoEnds = len(src.lines)
			continue
		}
		if ln, ok := markdownLine(raw); ok {
			src.lines = append(src.lines, ln)
		}
	}
}

func markdownLine(raw string) (line, bool) {
	s := clean(unmark(raw))
	if strings.HasPrefix(s, "<!--") {
		return line{}, false
	}
	if strings.HasPrefix(s, "|") {
		return tableRow(s)
	}
	if strings.HasPrefix(s, "==") && strings.HasSuffix(s, "==") { // a wiki heading left over
		n := len(s) - len(strings.TrimLeft(s, "="))
		s = strings.Repeat("#", n) + " " + strings.Trim(s, "= ")
	}
	level := len(s) - len(strings.TrimLeft(s, "#"))
	if level > 0 && level <= 6 {
		s = squeezeHeading(strings.Trim(s, "# "))
		return line{text: s, level: level}, s != ""
	}
	s = strings.TrimSpace(strings.TrimPrefix(s, "> "))
	return line{text: s}, s != ""
}

// tableRow turns "| a | b |" into "a | b" and drops the rule below a head.
func tableRow(s string) (line, bool) {
	var cells []string
	rule := true
	for c := range strings.SplitSeq(strings.Trim(s, "| "), "|") {
		c = strings.TrimSpace(c)
		rule = rule && strings.Trim(c, "-: ") == ""
		cells = append(cells, c)
	}
	return line{text: strings.Join(cells, " | "), row: true}, !rule
}

// squeezeHeading closes up 总　　则 but keeps the space after 第一章.
func squeezeHeading(s string) string {
	unit, name := splitHeading(s)
	if unit == "" {
		return squeeze(s)
	}
	return strings.TrimSpace(unit + " " + squeeze(name))
}

// frontMatter reads the simple "key: value" block between two --- lines.
// A quoted value may run over several lines; lists are skipped.
func frontMatter(text string) (map[string]string, string) {
	rest, ok := strings.CutPrefix(text, "---\n")
	if !ok {
		return nil, text
	}
	head, body, ok := strings.Cut(rest, "\n---")
	if !ok || len(head) > maxFrontMatter {
		return nil, text
	}
	meta := map[string]string{}
	lines := strings.Split(head, "\n")
	for i := 0; i < len(lines); i++ {
		name, value, ok := strings.Cut(lines[i], ":")
		if !ok || strings.HasPrefix(name, " ") || strings.HasPrefix(name, "-") {
			continue
		}
		value = strings.TrimSpace(value)
		if strings.HasPrefix(value, `"`) {
			for !closed(value) && i+1 < len(lines) {
				i++
				value += "\n" + strings.TrimSpace(lines[i])
			}
		}
		meta[strings.TrimSpace(name)] = strings.Trim(value, `"'`)
	}
	_, body, _ = strings.Cut(body, "\n")
	return meta, body
}

func closed(quoted string) bool { return len(quoted) > 1 && strings.HasSuffix(quoted, `"`) }

const maxFrontMatter = 64 << 10
