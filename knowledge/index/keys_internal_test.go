package index

import (
	"slices"
	"testing"
)

func FuzzKeysAreThoseOfTheFoldedTerms(f *testing.F) {
	for _, s := range []string{
		"", "第一百条 夫妻双方自愿离婚的，应当签订书面离婚协议。", "ＡＢＣ公司，T恤30件", "離婚", "婚", "婚 ,姻a婚b", "零\u200b宽婚\u200b姻", "第3条a\u200bb",
		"\xe4\xb8", "\xe4\xb8婚", "𠀀𠀁字", "〇一", "é是letter", "\uf8ff私用",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var want, got []uint64
		eachTerm(fold(s), func(term string) { want = append(want, keyOfTerm(term)) })
		eachKey([]byte(s), func(key uint64) { got = append(got, key) })
		if !slices.Equal(got, want) {
			t.Errorf("%q: keys %x, want %x", s, got, want)
		}
	})
}

func TestDifferentTermsHaveDifferentKeys(t *testing.T) {
	seen := map[uint64]string{}
	for _, term := range []string{"婚", "离婚", "婚离", "〇一", "一", "a", "ab", "30", "03", "é"} {
		k := keyOfTerm(term)
		if had, taken := seen[k]; taken || k == 0 {
			t.Errorf("%q has the key %x of %q", term, k, had)
		}
		seen[k] = term
	}
}
