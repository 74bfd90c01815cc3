// Package eval measures how well a [knowledge.Searcher] finds the articles
// that answer real questions, and how fast.
//
// It knows only the port: what it measures may be an index, a part of one with
// features switched off, or another engine beside it.
package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// Question is one question with the articles that answer it.
type Question struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	Gold []Ref  `json:"gold"`
	Seq  int    `json:"seq,omitempty"` // place in the set that it came from: neighbours resemble each other

	FAQs []string `json:"faqs,omitempty"` // ids of the entries that answer it, as judged by reading; none where no entry does
	Part string   `json:"part,omitempty"` // the half of its set that it belongs to: dev or test
}

// Ref names an article: the law with or without 中华人民共和国 and 《》, the
// article as 第五十四条, 54 or 120-1.
type Ref struct {
	Law     string `json:"law"`
	Article string `json:"article"`
}

// maxLine bounds one line of a question file.
const maxLine = 1 << 20

// Read reads questions, one JSON object a line; blank lines are skipped. The
// first line that doesn't parse fails the whole call and is named by number.
func Read(r io.Reader) ([]Question, error) {
	var out []Question
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 0, 64<<10), maxLine)
	for n := 1; sc.Scan(); n++ {
		line := bytes.TrimSpace(sc.Bytes())
		if len(line) == 0 {
			continue
		}
		var q Question
		if err := json.Unmarshal(line, &q); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if strings.TrimSpace(q.Text) == "" {
			return nil, fmt.Errorf("line %d: question %q has no text", n, q.ID)
		}
		out = append(out, q)
	}
	if err := sc.Err(); err != nil {
		return nil, err
	}
	return out, nil
}

// ReadLeCoQA converts the JSON of that data set (问题, match_name, query_id).
func ReadLeCoQA(r io.Reader) ([]Question, error) {
	var rows []struct {
		Text  string   `json:"问题"`
		Names []string `json:"match_name"`
		ID    int      `json:"query_id"`
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("question set: %w", err)
	}
	if err := json.Unmarshal(noNumber.ReplaceAll(raw, []byte(": null")), &rows); err != nil {
		return nil, fmt.Errorf("question set: %w", err)
	}
	out := make([]Question, 0, len(rows))
	for _, row := range rows {
		q := Question{ID: strconv.Itoa(row.ID), Text: row.Text, Seq: row.ID}
		for _, name := range row.Names {
			ref, ok := splitName(name)
			if !ok {
				return nil, fmt.Errorf("question %d: %q names no article", row.ID, name)
			}
			q.Gold = append(q.Gold, ref)
		}
		out = append(out, q)
	}
	return out, nil
}

// noNumber finds the NaN that the data set has for a missing field, which JSON
// does not know.
var noNumber = regexp.MustCompile(`(?m):\s*NaN\b`)

var lastArticle = regexp.MustCompile(`^(.+?)(第[零〇一二三四五六七八九十百千两]+条(?:之[一二三四五六七八九十]+)?)$`)

func splitName(name string) (Ref, bool) {
	m := lastArticle.FindStringSubmatch(strings.TrimSpace(name))
	if m == nil {
		return Ref{}, false
	}
	return Ref{Law: m[1], Article: m[2]}, true
}

// key is the form in which articles are compared.
func (r Ref) key() string { return bareLaw(r.Law) + "#" + arabic(r.Article) }

// Is tells whether r names that article, however each is written.
func (r Ref) Is(law, article string) bool { return r.key() == Ref{Law: law, Article: article}.key() }

var bare = strings.NewReplacer("中华人民共和国", "", "《", "", "》", "", "〈", "", "〉", "", "<", "", ">", "",
	" ", "", "\u3000", "", "(", "（", ")", "）")

func bareLaw(name string) string { return bare.Replace(name) }

// arabic turns 第一百二十条之一 into 120-1 and leaves Arabic forms alone.
func arabic(article string) string {
	s := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(article), "第"), "条")
	main, sub, _ := strings.Cut(s, "之")
	main = strings.TrimSuffix(main, "条")
	if n := numeral(main); n > 0 {
		main = strconv.Itoa(n)
	}
	if sub == "" {
		return main
	}
	if n := numeral(sub); n > 0 {
		sub = strconv.Itoa(n)
	}
	return main + "-" + sub
}

// numeral reads a Chinese number below ten thousand; 0 when s is none.
func numeral(s string) int {
	total, digit := 0, 0
	for _, r := range s {
		switch r {
		case '十':
			total, digit = total+max(digit, 1)*10, 0
		case '百':
			total, digit = total+digit*100, 0
		case '千':
			total, digit = total+digit*1000, 0
		case '两':
			digit = 2
		case '零', '〇':
			digit = 0
		default:
			at := strings.IndexRune("一二三四五六七八九", r)
			if at < 0 {
				return 0
			}
			digit = at/len("一") + 1
		}
	}
	return total + digit
}
