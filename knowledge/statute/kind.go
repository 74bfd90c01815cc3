package statute

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	amendment = regexp.MustCompile(`修正案(（.{1,8}）|\(.{1,8}\))?$|关于(修改|废止|修改和废止|废止和修改).*决定$|关于修改.*决定$|修改.{0,60}的决定$`)
	advice    = regexp.MustCompile(`(攻略|指南|手册|教程|问答|读本)$`)
)

// judge says why a text is no law of its own, "" if it is one.
func judge(t *Text) Reason {
	switch {
	case len(t.Articles) == 0:
		return Empty
	case !strings.ContainsFunc(t.Title, isHan) || advice.MatchString(t.Title):
		return NotStatute
	case amendment.MatchString(t.Title):
		return Amendment
	}
	return ""
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }
