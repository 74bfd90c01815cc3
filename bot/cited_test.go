package bot_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/quick"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/corpus"
	"github.com/anjie-desk/anjie/knowledge/index"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// smallLaw is invented: the corpus of the quick check.
const smallLaw = `# 邻里和睦法

（2020年1月1日通过 2020年2月1日施行）

第一条 邻里之间应当互相帮助。

第二条 夜里不得吵闹，借了钱应当按期归还。

第三条 彩礼、工钱、押金有争议的，先商量，再调解。
`

// asker makes up messages: words of the lexicon and of the phrasings, dates,
// names of laws with numbers that may not exist.
type asker struct {
	words []string
	laws  []string
}

func newAsker(lib *content.Library) asker {
	a := asker{laws: []string{"邻里和睦法", "民法典", "劳动合同法", "婚姻法", "消法", "治安管理处罚法", "人民调解法"}}
	for _, t := range lib.Lexicon {
		a.words = append(append(a.words, t.Say), t.Means...)
	}
	for _, f := range lib.FAQs {
		a.words = append(append(a.words, f.Question), f.Phrasings...)
	}
	return a
}

func (a asker) message(r *rand.Rand) string {
	parts := make([]string, 1+r.IntN(3))
	for i := range parts {
		switch r.IntN(6) {
		case 0:
			parts[i] = a.laws[r.IntN(len(a.laws))] + "第" + strconv.Itoa(1+r.IntN(1400)) + "条"
		case 1:
			parts[i] = strconv.Itoa(2005+r.IntN(21)) + "年的事"
		default:
			parts[i] = a.words[r.IntN(len(a.words))]
		}
	}
	return strings.Join(parts, "，")
}

var (
	named   = regexp.MustCompile(`《((?:[^《》]|《[^《》]*》)+)》((?:、?第\d+条(?:之[一二三四五六七八九十\d]+)?)+)`)
	numbers = regexp.MustCompile(`第(\d+)条(?:之([一二三四五六七八九十\d]+))?`)
)

// mentioned are the articles that a text names as it names sources.
func mentioned(text string) (out [][2]string) {
	for _, m := range named.FindAllStringSubmatch(text, -1) {
		for _, n := range numbers.FindAllStringSubmatch(m[2], -1) {
			no := n[1]
			if i := strings.Index("一二三四五六七八九十", n[2]); n[2] != "" && i >= 0 {
				no += "-" + strconv.Itoa(i/len("一")+1)
			}
			out = append(out, [2]string{m[1], no})
		}
	}
	return out
}

// vouched are the articles that the checked content itself cites; true marks
// those of a version that the corpus lacks though it may hold an older one.
func vouched(lib *content.Library, set *statute.Set) map[[2]string]bool {
	out := map[[2]string]bool{}
	newer := func(c content.Citation) bool {
		law, ok := set.Find(c.Law)
		return ok && !slices.ContainsFunc(law.Versions, func(v *statute.Version) bool { return v.Day >= c.Version })
	}
	add := func(cs []content.Citation) {
		for _, c := range cs {
			for _, name := range []string{c.Short, strings.TrimPrefix(c.Law, "中华人民共和国")} {
				key := [2]string{name, c.Article}
				out[key] = out[key] || newer(c)
			}
		}
	}
	for _, f := range lib.FAQs {
		add(f.Citations)
	}
	for _, g := range lib.Guides {
		add(append([]content.Citation{g.Citation}, g.Related...))
	}
	for _, t := range lib.Laws.Then {
		add(t.Citations)
	}
	add(lib.Laws.Past)
	for _, old := range lib.Laws.Successors {
		add(lib.Laws.WentTo(old.Old))
	}
	return out
}

// deskOver answers from the laws under paths.
func deskOver(t *testing.T, paths ...string) (*bot.Bot, *statute.Set, *content.Library) {
	t.Helper()
	w, err := world()
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return start }
	set, _, err := statute.Import(t.Context(), paths, statute.ImportOptions{Table: corpus.Table(w.lib.Laws), Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	docs, err := corpus.Documents(set, w.lib, start)
	if err != nil {
		t.Fatal(err)
	}
	ix, err := index.OpenMemory(docs, index.Options{Refs: corpus.References(set, w.lib.Laws), Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return bot.New(bot.Deps{
		Texts: w.texts, Library: w.lib, Talk: w.talk, Triage: w.triage, Intake: w.intake, Register: w.places,
		Answers: answer.NewService(ix, w.lib, w.talk, answer.Options{Now: clock}),
	}, bot.Options{Now: clock}), set, w.lib
}

// onlyCitesWhatIsHeld asks made-up questions and looks every article up that
// the replies and passages name.
func onlyCitesWhatIsHeld(t *testing.T, d *bot.Bot, set *statute.Set, lib *content.Library, times int) {
	t.Helper()
	ask, checked, seen := newAsker(lib), vouched(lib, set), 0
	held := func(law, article string) bool {
		_, _, err := set.Resolve(statute.ArticleRef{Law: law, Article: article})
		return err == nil
	}
	good := func(seed uint64) bool {
		text := ask.message(rand.New(rand.NewPCG(seed, 1)))
		res, err := d.AskOnce(context.Background(), text, 5)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			return false
		}
		ok := true
		miss := func(law, article string) {
			seen++
			_, whole := set.Find(law)
			newer, cited := checked[[2]string{law, article}]
			if !held(law, article) && (!cited || whole && !newer) {
				t.Errorf("%s is answered by 《%s》 %s, which is not held", text, law, article)
				ok = false
			}
		}
		for _, m := range mentioned(res.Reply) {
			if !strings.Contains(res.Reply, "没有第"+m[1]+"条") { // a number said not to exist
				miss(m[0], m[1])
			}
		}
		for _, p := range res.Passages {
			for _, c := range p.Citations {
				law := strings.TrimPrefix(c.Law, "中华人民共和国")
				if _, cited := checked[[2]string{law, c.Article}]; !cited {
					miss(c.Law, c.Article)
				}
			}
		}
		return ok
	}
	if err := quick.Check(good, &quick.Config{MaxCount: times}); err != nil {
		t.Error(err)
	}
	if seen < times/4 {
		t.Errorf("only %d articles were named by %d answers: the check is empty", seen, times)
	}
}

func TestNoAnswerCitesWhatASmallCorpusLacks(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "邻里和睦法(2020-01-01).md"), []byte(smallLaw), 0o600); err != nil {
		t.Fatal(err)
	}
	d, set, lib := deskOver(t, dir)
	if _, ok := set.Find("邻里和睦法"); !ok {
		t.Fatal("the small law was not imported")
	}
	onlyCitesWhatIsHeld(t, d, set, lib, 300)
}

// TestNoAnswerCitesWhatTheFullCorpusLacks indexes all statutes, which takes a
// while: it runs when ANJIE_FULL is set.
func TestNoAnswerCitesWhatTheFullCorpusLacks(t *testing.T) {
	if os.Getenv("ANJIE_FULL") == "" {
		t.Skip("ANJIE_FULL is not set: the full corpus is not asked")
	}
	dir := os.Getenv("ANJIE_SHARED")
	if dir == "" {
		t.Skip("ANJIE_SHARED does not name the statutes")
	}
	d, set, lib := deskOver(t, filepath.Join(dir, "data", "laws"))
	onlyCitesWhatIsHeld(t, d, set, lib, 2000)
}
