package index

import (
	"fmt"
	"testing"

	"github.com/anjie-desk/anjie/knowledge"
)

// However many guides to rare law come in, a resident's words that FAQs are
// asked in look no more like chatter than before.
func TestGuidesToRareLawDoNotMakeEverydayWordsChatter(t *testing.T) {
	chatty := func(guides int) float64 {
		b, asked := &bridge{}, newSmall()
		add := func(kind knowledge.Kind, text string) {
			b.units = append(b.units, uint32(len(b.kinds)))
			b.kinds = append(b.kinds, kind)
			asked.add(fold(text))
		}
		for range 200 {
			add(knowledge.FAQ, "邻居家的狗半夜老叫唤咋办")
		}
		for i := range guides {
			add(knowledge.Guide, fmt.Sprintf("仓单背书提存证券化条款第%d项如何认定其效力范围", i))
		}
		b.questions = asked.finish()
		b.count()
		mean, _ := b.chatty("邻居家的狗老叫唤")
		return mean
	}
	if alone, beside := chatty(0), chatty(20000); beside > alone {
		t.Errorf("everyday words look %.2f like chatter beside many guides, %.2f without", beside, alone)
	}
}
