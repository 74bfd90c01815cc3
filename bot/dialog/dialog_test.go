package dialog_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/anjie-desk/anjie/bot/dialog"
)

var words = dialog.Words{
	Back: []string{"返回", "上一步"}, Cancel: []string{"取消", "不办了"}, Skip: []string{"跳过", "不知道"},
	Yes: []string{"对", "是", "同意"}, No: []string{"不是", "不对", "不同意", "没有"}, Done: []string{"好了", "没有了"},
	Submit: []string{"提交", "没问题"}, Edit: []string{"改一下", "改", "修改"},
	Ahead: []string{"明天", "下个月"},
}

// report is a form with a step of every kind, of invented content.
func report() dialog.Form {
	return dialog.Form{Name: "report", Review: true, Words: words, Steps: []dialog.Step{
		{Key: "consent", Kind: dialog.Consent, Label: "同意"},
		{Key: "village", Kind: dialog.Look, Label: "村居", Resolve: village},
		{Key: "what", Kind: dialog.Text, Label: "经过", Min: 2, Max: 40},
		{Key: "type", Kind: dialog.Pick, Label: "类型", Propose: guess, Options: []dialog.Option{
			{Value: "neighbour", Label: "邻里纠纷"}, {Value: "wages", Label: "欠薪"}, {Value: "other", Label: "其他"},
		}, Resolve: func(string) dialog.Found { return dialog.Found{} }},
		{Key: "owed", Kind: dialog.Amount, Label: "欠多少", Only: &dialog.When{Key: "type", In: []string{"wages"}}},
		{Key: "since", Kind: dialog.Date, Label: "什么时候", Past: true, Options: []dialog.Option{{Value: "最近一个月", Label: "最近一个月"}}},
		{Key: "photos", Kind: dialog.Files, Label: "照片", Optional: true},
		{Key: "phone", Kind: dialog.Phone, Label: "电话"},
	}}
}

func village(text string) dialog.Found {
	switch {
	case strings.Contains(text, "槐树沟"):
		return dialog.Found{Answer: &dialog.Answer{Value: "001", Shown: "槐树沟村"}}
	case strings.Contains(text, "上庄"):
		return dialog.Found{Candidates: []dialog.Option{{Value: "002", Label: "上庄村"}, {Value: "003", Label: "上庄社区"}}}
	case strings.Contains(text, "怀树沟"):
		return dialog.Found{Offer: &dialog.Answer{Value: "001", Shown: "槐树沟村"}}
	}
	return dialog.Found{}
}

func guess(a dialog.Answers) (dialog.Answer, bool) {
	if strings.Contains(a.Of("what"), "工钱") {
		return dialog.Answer{Value: "wages", Shown: "欠薪"}, true
	}
	return dialog.Answer{}, false
}

func said(text string) dialog.Input      { return dialog.Input{Text: text} }
func pressed(opt string) dialog.Input    { return dialog.Input{Option: opt} }
func sent(f ...dialog.File) dialog.Input { return dialog.Input{Files: f} }

var (
	photo = dialog.File{Name: "a.jpg", Type: "image/jpeg", Ref: "1", Size: 10}
	voice = dialog.File{Name: "a.ogg", Type: "audio/ogg", Ref: "2", Size: 10}
)

// play runs inputs from the start of f.
func play(f dialog.Form, in ...dialog.Input) (dialog.State, dialog.Result) {
	s, r := dialog.Start(f)
	for _, i := range in {
		s, r = dialog.Advance(f, s, i)
	}
	return s, r
}

// toReview answers everything.
var toReview = []dialog.Input{
	said("同意"), said("俺是槐树沟的"), said("老板欠工钱不给"), said("对"), said("两万五"), said("去年冬天"), said("跳过"), said("王大姐 138 0013 8000"),
}

func TestAReportIsFilledAndSubmitted(t *testing.T) {
	s, r := play(report(), toReview...)
	if s.At != dialog.AtReview || r.Done != r.Of || r.Of != 9 {
		t.Fatalf("after all answers at %q (%d/%d), want the review 9/9", s.At, r.Done, r.Of)
	}
	for key, want := range map[string]dialog.Answer{
		"village": {Value: "001", Shown: "槐树沟村"}, "type": {Value: "wages", Shown: "欠薪"},
		"owed": {Value: "2500000", Shown: "两万五"}, "since": {Value: "去年冬天"},
		"photos": {Skipped: true}, "phone": {Value: "13800138000", Note: "王大姐"},
	} {
		if got := s.Answers[key]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %+v, want %+v", key, got, want)
		}
	}
	if s, r = dialog.Advance(report(), s, said("没问题")); r.Event != dialog.Submitted || !s.Over {
		t.Errorf("没问题 in the review gives %s, want submitted", r.Event)
	}
}

func TestOneInputAtAStep(t *testing.T) {
	for name, tc := range map[string]struct {
		before []dialog.Input
		in     dialog.Input
		at     string
		event  dialog.Event
		why    dialog.Problem
	}{
		"no consent ends it":                     {nil, said("不同意"), "", dialog.Refused, ""},
		"something else is no consent":           {nil, said("啥意思"), "consent", dialog.Rejected, dialog.NoOption},
		"there is nothing before the first step": {nil, said("返回"), "consent", dialog.Rejected, dialog.AtStart},
		"a name of two villages is asked back":   {toReview[:1], said("上庄"), "village", dialog.Rejected, dialog.Several},
		"the number of a candidate answers":      {[]dialog.Input{said("同意"), said("上庄")}, said("2"), "what", dialog.Asked, ""},
		"the end of a candidate's name answers":  {[]dialog.Input{said("同意"), said("上庄")}, said("社区"), "what", dialog.Asked, ""},
		"a misspelt village is offered":          {toReview[:1], said("怀树沟"), "village", dialog.Asked, ""},
		"an unknown village is not found":        {toReview[:1], said("月球"), "village", dialog.Rejected, dialog.NotFound},
		"too long a story":                       {toReview[:2], said(strings.Repeat("长", 41)), "what", dialog.Rejected, dialog.TooLong},
		"a day to come began nothing":            {toReview[:5], said("下个月。"), "since", dialog.Rejected, dialog.NotYet},
		"what is due tomorrow began before":      {toReview[:5], said("去年借的，明天到期"), "photos", dialog.Asked, ""},
		"a word is no story":                     {toReview[:2], said("对。"), "what", dialog.Rejected, dialog.TooShort},
		"a photograph alone needs words":         {toReview[:2], sent(photo), "what", dialog.Rejected, dialog.NeedWords},
		"a recording alone is enough":            {toReview[:2], sent(voice), "type", dialog.Asked, ""},
		"nothing is nothing":                     {toReview[:2], said("  "), "what", dialog.Rejected, dialog.Empty},
		"the guess is refused":                   {toReview[:3], said("不是"), "type", dialog.Asked, ""},
		"another type is typed over the guess":   {toReview[:3], said("邻里"), "since", dialog.Asked, ""},
		"the third type by number":               {toReview[:3], said("第三个"), "since", dialog.Asked, ""},
		"words that point to no type":            {toReview[:3], said("你好"), "type", dialog.Rejected, dialog.NoOption},
		"a number beyond the types":              {toReview[:3], said("9"), "type", dialog.Rejected, dialog.NoOption},
		"no sum in the words":                    {toReview[:4], said("不少"), "owed", dialog.Rejected, dialog.NoAmount},
		"skipping what is required":              {toReview[:4], said("跳过"), "owed", dialog.Rejected, dialog.Required},
		"an offered time is typed":               {toReview[:5], said("最近一个月"), "photos", dialog.Asked, ""},
		"done without a photograph":              {toReview[:6], said("好了"), "photos", dialog.Rejected, dialog.NoFile},
		"one photograph waits for more":          {toReview[:6], sent(photo), "photos", dialog.Asked, ""},
		"a short telephone number":               {toReview[:7], said("13800"), "phone", dialog.Rejected, dialog.NoPhone},
		"a name without a number":                {toReview[:7], said("老王"), "phone", dialog.Rejected, dialog.NoNumber},
		"a line to change":                       {toReview, said("改电话"), "phone", dialog.Asked, ""},
		"a line to change by its number":         {toReview, said("改1"), "village", dialog.Asked, ""},
		"an option of another question":          {toReview[:3], pressed("001"), "type", dialog.Rejected, dialog.Stale},
		"cancel in the review":                   {toReview, said("取消。"), "", dialog.Cancelled, ""},
		"back from the review":                   {toReview, said("上一步"), "phone", dialog.Asked, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, r := play(report(), append(append([]dialog.Input{}, tc.before...), tc.in)...)
			if s.At != tc.at || r.Event != tc.event || r.Problem != tc.why {
				t.Errorf("got at %q, %s, problem %q; want %q, %s, %q", s.At, r.Event, r.Problem, tc.at, tc.event, tc.why)
			}
		})
	}
}

func TestPhotographsAreCollectedUntilDone(t *testing.T) {
	s, _ := play(report(), append(append([]dialog.Input{}, toReview[:6]...), sent(photo), sent(photo), said("好了"))...)
	if got := len(s.Answers["photos"].Files); got != 2 || s.At != "phone" {
		t.Errorf("%d photographs at %q, want 2 at phone", got, s.At)
	}
	s, _ = play(report(), append(append([]dialog.Input{}, toReview[:2]...), sent(photo), said("门口堆了砖"))...)
	if got := s.Answers["what"]; len(got.Files) != 1 || got.Value != "门口堆了砖" {
		t.Errorf("what is %+v, want the words and the photograph sent before them", got)
	}
}

func TestGoingBackKeepsWhatWasSaid(t *testing.T) {
	f := report()
	s, r := play(f, append(append([]dialog.Input{}, toReview[:6]...), said("返回"))...)
	if s.At != "since" || r.Offer == nil || r.Offer.Value != "去年冬天" {
		t.Fatalf("back leads to %q with offer %+v, want since with the answer given", s.At, r.Offer)
	}
	if s, _ = dialog.Advance(f, s, said("对")); s.At != "photos" {
		t.Errorf("keeping the answer leads to %q, want photos", s.At)
	}
}

func TestChangingTheTypeAsksWhatItNeedsAndDropsTheRest(t *testing.T) {
	f := report()
	s, _ := play(f, append(append([]dialog.Input{}, toReview...), pressed(dialog.EditPrefix+"type"), said("其他"))...)
	if _, owed := s.Answers["owed"]; owed || s.At != dialog.AtReview {
		t.Errorf("at %q with owed kept %v; want the review without owed", s.At, owed)
	}
	if s, _ = play(f, append(append([]dialog.Input{}, toReview...), said("改类型"), said("返回"))...); s.At != dialog.AtReview || s.Answers.Of("type") != "wages" {
		t.Errorf("back from an edit leads to %q with type %q, want the review, unchanged", s.At, s.Answers.Of("type"))
	}
	s, _ = dialog.Advance(f, s, said("改类型"))
	s, _ = dialog.Advance(f, s, said("邻里"))
	s, _ = dialog.Advance(f, s, said("改类型"))
	if s, _ = dialog.Advance(f, s, said("欠薪")); s.At != "owed" {
		t.Errorf("the type that needs a sum leads to %q, want owed", s.At)
	}
}

func TestSumsAndNumbersAreRead(t *testing.T) {
	f := dialog.Form{Name: "sum", Words: words, Steps: []dialog.Step{{Key: "sum", Kind: dialog.Amount}}}
	for text, want := range map[string]string{
		"3000": "300000", "8.8万": "8800000", "两万五": "2500000", "一千二百元": "120000", "一千二": "120000", "１２，０００块": "1200000",
		"十五万": "15000000", "一百零五": "10500", "半万": "500000", "一二三": "", "几千": "", "没多少": "", "三万余元": "", "三到五万": "", "-3000": "", "大概三千": "300000", "一共欠了2年，两万四": "2400000",
	} {
		s, _ := play(f, said(text))
		if got := s.Answers.Of("sum"); got != want {
			t.Errorf("%s is %q fen, want %q", text, got, want)
		}
	}
}

func TestANameThatComesBeforeItsNumberIsKept(t *testing.T) {
	f := dialog.Form{Name: "phone", Words: words, Steps: []dialog.Step{{Key: "phone", Kind: dialog.Phone}}}
	for _, tc := range []struct {
		say  []string
		name string
	}{
		{[]string{"老王", "13800138000"}, "老王"},
		{[]string{"老王", "13800", "13800138000"}, "老王"},
		{[]string{"老王", "王大姐 13800138000"}, "王大姐"},
		{[]string{"13800", "13800138000"}, ""},
	} {
		var in []dialog.Input
		for _, text := range tc.say {
			in = append(in, said(text))
		}
		s, _ := play(f, in...)
		if a := s.Answers["phone"]; a.Value != "13800138000" || a.Note != tc.name {
			t.Errorf("%v is %q of %q, want the name %q", tc.say, a.Value, a.Note, tc.name)
		}
	}
}

func TestTelephoneNumbersAreRead(t *testing.T) {
	f := dialog.Form{Name: "phone", Words: words, Steps: []dialog.Step{{Key: "phone", Kind: dialog.Phone}}}
	for text, want := range map[string][2]string{
		"13800138000": {"13800138000", ""}, "+86 138-0013-8000": {"13800138000", ""}, "+86 13800138000": {"13800138000", ""},
		"１３８００１３８０００": {"13800138000", ""}, "0631-6660000": {"0631-6660000", ""}, "李二嫂，电话 6660000": {"6660000", "李二嫂"},
		"138001380001": {"", ""}, "110": {"", ""}, "我没有电话": {"", ""},
	} {
		s, _ := play(f, said(text))
		if a := s.Answers["phone"]; a.Value != want[0] || a.Note != want[1] {
			t.Errorf("%s gives number %q and note %q, want %q and %q", text, a.Value, a.Note, want[0], want[1])
		}
	}
}

func TestAStateOfAnOlderFormGoesOn(t *testing.T) {
	f := report()
	s := dialog.State{Form: "report", At: "gone", Answers: dialog.Answers{"consent": {Value: "#yes"}}}
	if s, _ = dialog.Advance(f, s, said("槐树沟")); s.At != "village" {
		t.Errorf("an unknown step leads to %q, want the first missing one, village", s.At)
	}
	if _, r := dialog.Advance(f, dialog.State{Form: "other"}, said("对")); r.Problem != dialog.Stale {
		t.Errorf("a state of another form gives %q, want stale", r.Problem)
	}
}

// TestAnyTalkKeepsTheRules says anything at all to the form.
func TestAnyTalkKeepsTheRules(t *testing.T) {
	f := report()
	rapid.Check(t, func(t *rapid.T) {
		s, r := dialog.Start(f)
		for range rapid.IntRange(1, 40).Draw(t, "turns") {
			in := anything(t, r)
			before := snapshot(t, s)
			next, res := dialog.Advance(f, s, in)
			if after := snapshot(t, s); after != before {
				t.Fatalf("Advance changed the state that it was given:\n%s\n%s", before, after)
			}
			if again, _ := dialog.Advance(f, reload(t, s), in); snapshot(t, again) != snapshot(t, next) {
				t.Fatalf("a state that was stored and loaded goes another way")
			}
			check(t, f, s, next, res)
			s, r = next, res
		}
	})
}

// anything draws an offered option as often as some typed text.
func anything(t *rapid.T, r dialog.Result) dialog.Input {
	if len(r.Options) > 0 && rapid.Bool().Draw(t, "press") {
		return pressed(rapid.SampledFrom(r.Options).Draw(t, "option").Value)
	}
	texts := []string{
		"", "对", "不是", "返回", "跳过", "同意", "提交", "1", "2", "9", "槐树沟", "上庄", "怀树沟", "月球", "工钱不给", "欠薪",
		"两万", "13800138000", "昨天", "改类型", "改3", "好了", strings.Repeat("长", 60), "邻里",
	}
	in := said(rapid.SampledFrom(texts).Draw(t, "text"))
	if rapid.IntRange(0, 5).Draw(t, "file") == 0 {
		in.Files = []dialog.File{photo}
	}
	return in
}

func check(t *rapid.T, f dialog.Form, was, s dialog.State, r dialog.Result) {
	visible := map[string]bool{}
	for _, step := range f.Visible(s.Answers) {
		visible[step.Key] = true
		a, answered := s.Answers[step.Key]
		if answered && a.Skipped && !step.Optional {
			t.Fatalf("%s was skipped and may not be", step.Key)
		}
		if !answered && (r.Event == dialog.Submitted || s.At == dialog.AtReview) {
			t.Fatalf("%s at %q without an answer to %s", r.Event, s.At, step.Key)
		}
	}
	over := r.Event == dialog.Submitted || r.Event == dialog.Cancelled || r.Event == dialog.Refused
	switch {
	case s.Over != (over || was.Over):
		t.Fatalf("over is %v after %s", s.Over, r.Event)
	case !s.Over && s.At != dialog.AtReview && !visible[s.At]:
		t.Fatalf("at %q, which is not a step that is due", s.At)
	case r.Event == dialog.Submitted && was.At != dialog.AtReview:
		t.Fatalf("submitted from %q without a review", was.At)
	case !s.Over && (r.Done < 1 || r.Done > r.Of || len(r.Options) == 0):
		t.Fatalf("asked %d of %d with %d options", r.Done, r.Of, len(r.Options))
	case r.Event == dialog.Rejected && snapshotAnswers(was) != snapshotAnswers(s):
		t.Fatalf("a rejected input changed the answers")
	}
}

func snapshot(t *rapid.T, s dialog.State) string {
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func snapshotAnswers(s dialog.State) string {
	raw, err := json.Marshal(s.Answers)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

func reload(t *rapid.T, s dialog.State) (out dialog.State) {
	if err := json.Unmarshal([]byte(snapshot(t, s)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestAQuestionThatAnotherVersionAskedIsPassedOver: the form may have lost the
// question that is open, as after a release, or on a replica of an older one.
func TestAQuestionThatAnotherVersionAskedIsPassedOver(t *testing.T) {
	f := report()
	s := dialog.State{Form: f.Name, At: "asked by tomorrow's version", Answers: dialog.Answers{"consent": {Value: "yes"}}}
	if got := dialog.Ask(f, s); got.Step == nil || got.Step.Key != "village" {
		t.Errorf("asks %+v", got.Step)
	}
	after, got := dialog.Advance(f, s, dialog.Input{Text: "槐树沟"})
	if got.Step == nil || got.Step.Key != "village" || after.At != "village" {
		t.Errorf("then asks %+v at %s", got.Step, after.At)
	}
	s.Answers = dialog.Answers{}
	for _, step := range f.Visible(s.Answers) {
		s.Answers[step.Key] = dialog.Answer{Value: "x"}
	}
	if got := dialog.Ask(f, s); got.Step != nil || len(got.Options) == 0 || got.Options[0].Value != dialog.OptSubmit {
		t.Errorf("with all answered, asks %+v", got)
	}
}
