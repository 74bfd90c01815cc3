package index

import (
	"strings"
	"sync"

	"github.com/mozillazg/go-pinyin"
)

// homophones finds what a misspelt pair of characters was to be: 离昏 sounds
// like 离婚. It knows the pairs of what people ask and of the laws' titles and
// headings, and corrects only a pair that stands nowhere.
type homophones struct {
	bySound map[string]string
	weight  map[string]int
	known   func(term string) bool
}

// leastUses is how often a pair must stand among the known words to be taken
// for a word.
const leastUses = 3

func newHomophones(texts func(yield func(folded string) bool), known func(term string) bool) *homophones {
	h := &homophones{bySound: map[string]string{}, weight: map[string]int{}, known: known}
	for text := range texts {
		eachTerm(text, func(t string) {
			if len([]rune(t)) == 2 {
				h.weight[t]++
			}
		})
	}
	for t, n := range h.weight {
		key := sound(t)
		if n < leastUses || key == "" {
			continue
		}
		had, taken := h.bySound[key]
		if !taken || h.weight[had] < n || h.weight[had] == n && t < had {
			h.bySound[key] = t
		}
	}
	return h
}

// correct returns the known pair that sounds like term; ok is false when term
// is known itself or sounds like nothing.
func (h *homophones) correct(term string) (right string, ok bool) {
	if h.weight[term] > 0 || h.known(term) {
		return "", false
	}
	key := sound(term)
	if key == "" {
		return "", false
	}
	right, ok = h.bySound[key]
	return right, ok
}

// loosely makes sounds equal that people of the region write for each other.
var loosely = strings.NewReplacer("zh", "z", "ch", "c", "sh", "s", "ing", "in", "eng", "en", "ang", "an")

var toneless = pinyin.NewArgs()

// sound is how a pair of Han characters is read, without tones; "" for other
// terms.
func sound(term string) string {
	runes := []rune(term)
	if len(runes) != 2 || !isHan(runes[0]) || !isHan(runes[1]) {
		return ""
	}
	first, second := soundOf(runes[0]), soundOf(runes[1])
	if first == "" || second == "" {
		return ""
	}
	return first + " " + second
}

var sounds sync.Map // rune to string: go-pinyin takes two regular expressions for each

func soundOf(r rune) string {
	if s, ok := sounds.Load(r); ok {
		return s.(string)
	}
	s := ""
	if p := pinyin.SinglePinyin(r, toneless); len(p) > 0 {
		s = loosely.Replace(p[0])
	}
	sounds.Store(r, s)
	return s
}
