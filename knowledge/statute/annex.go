package statute

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var annexMark = regexp.MustCompile(`^附 ?(?:件|录|表|图|注|则表)?(?:之)?[一二三四五六七八九十0-9]{0,3} ?(?:[：:].*| .*|（.*)?$`)

// annexLine opens an annex: 附件一, 附：…, after the articles have begun.
func (a *assembler) annexLine(ln line) bool {
	if ln.row || a.cur == nil && len(a.out.Articles) == 0 && a.annex == nil && len(a.loose) < 3 {
		return false
	}
	s := ln.text
	if utf8.RuneCountInString(s) > 120 || strings.HasSuffix(s, "。") || !annexMark.MatchString(s) || squeeze(s) == "附则" {
		return false
	}
	a.closeArticle()
	a.closeAnnex()
	a.annex = &annexDraft{title: squeezeHeading(s)}
	return true
}

func (a *assembler) closeAnnex() {
	if a.annex == nil {
		return
	}
	a.out.Annexes = append(a.out.Annexes, Annex{Title: a.annex.title, Text: strings.Join(a.annex.text, "\n")})
	a.annex = nil
}

// republished says whether the annex is the law itself: a decision that amends
// a law and gives it again in full, under the law's own title.
func (a *assembler) republished() bool {
	title := key(a.src.meta["title"])
	if title == "" {
		title = key(a.out.Title)
	}
	var head strings.Builder
	for _, l := range a.annex.text[:min(4, len(a.annex.text))] {
		if len(l) < maxHeading {
			head.WriteString(l)
		}
	}
	return title != "" && strings.HasPrefix(key(head.String()), title)
}

// takeRepublished drops the amending decision before a law given in full.
func (a *assembler) takeRepublished() {
	if a.annex != nil && a.last.Main == 0 {
		a.annex, a.loose, a.preamble = nil, nil, nil
	}
}
