package bot

import (
	"strings"
	"unicode"
)

// pause is what every punctuation mark and line break becomes in a normalised
// message, so that an expression can say [^，] for "within one breath".
const pause = '，'

// plain folds spellings that mean the same to a listener: dialect pronouns and
// question words, frequent homophones of danger words, traditional characters.
var plain = strings.NewReplacer(
	"俺们", "我们", "俺", "我", "恁们", "你们", "恁", "你", "咱", "我",
	"咋着", "怎么", "咋样", "怎么样", "咋整", "怎么办", "咋办", "怎么办", "咋", "怎么", "啥", "什么", "嘛", "吗",
	"帐号", "账号", "帐户", "账户", "帐", "账", "转帐", "转账", "汇帐", "汇账",
	"自沙", "自杀", "自煞", "自杀", "自鲨", "自杀", "跳搂", "跳楼", "跳喽", "跳楼", "割婉", "割腕", "割脘", "割腕", "遗疏", "遗书",
	"验正码", "验证码", "验证吗", "验证码", "严证码", "验证码", "炸骗", "诈骗", "作骗", "诈骗", "诈片", "诈骗", "刷丹", "刷单",
	"家爆", "家暴", "加暴", "家暴", "嘉暴", "家暴", "揍", "打", "漏汽", "漏气", "媒气", "煤气", "着伙", "着火", "着活", "着火",
	"老工打", "老公打", "救名", "救命", "就命啊", "救命啊", "报井", "报警", "包警", "报警",
	"會", "会", "證", "证", "賬", "账", "轉", "转", "錢", "钱", "騙", "骗", "殺", "杀", "樓", "楼", "藥", "药",
	"對", "对", "個", "个", "們", "们", "這", "这", "說", "说", "讓", "让", "給", "给", "還", "还", "為", "为", "麼", "么",
	"門", "门", "開", "开", "關", "关", "車", "车", "東", "东", "來", "来", "過", "过", "時", "时", "間", "间", "現", "现", "剛", "刚",
	"鄰", "邻", "離", "离", "傷", "伤", "裡", "里", "裏", "里", "嗎", "吗", "擋", "挡", "勸", "劝", "氣", "气", "燒", "烧", "燃氣", "燃气",
	"媽", "妈", "爺", "爷", "兒", "儿", "親", "亲", "孫", "孙", "嬸", "婶", "從", "从", "銀", "银", "號", "号", "詐", "诈", "貸", "贷", "單", "单",
	"淚", "泪", "體", "体", "頭", "头", "腳", "脚", "臉", "脸", "壓", "压", "敗", "败", "難", "难", "無", "无", "沒", "没", "別", "别", "後", "后", "動", "动",
)

// normalise folds a message for matching: width, case, dialect and typos, every
// break as one pause, nothing between characters that were only spaced out.
func normalise(text string) string {
	return plain.Replace(squeeze(text))
}

// squeeze drops what carries no sound and turns each break into one pause.
func squeeze(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	rs := []rune(text)
	for i := 0; i < len(rs); i++ {
		r := narrow(rs[i])
		switch {
		case unicode.IsSpace(r) && r != '\n':
			if !spacedOut(rs, i) {
				breakHere(&b)
			}
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		case silent(r):
		case unicode.IsPunct(r) || r == '\n':
			breakHere(&b)
		}
	}
	return strings.Trim(b.String(), string(pause))
}

func breakHere(b *strings.Builder) {
	if s := b.String(); s != "" && !strings.HasSuffix(s, string(pause)) {
		b.WriteRune(pause)
	}
}

// narrow maps full-width letters and digits to plain ones.
func narrow(r rune) rune {
	if r == 0x3000 {
		return ' '
	}
	if r >= 0xFF10 && r <= 0xFF5A {
		return r - 0xFEE0
	}
	return r
}

// silent are marks inside a word or around one: quotes, brackets, dashes.
func silent(r rune) bool {
	return strings.ContainsRune("“”‘’\"'「」『』《》〈〉()（）[]【】*·~～_-—^`", r)
}

// spacedOut tells whether the space at i only spreads single characters
// (不 想 活 了) and is no break between clauses.
func spacedOut(rs []rune, i int) bool {
	return runLength(rs, i-1, -1) == 1 || runLength(rs, i+1, 1) == 1
}

// runLength counts letters from i in direction step, up to two.
func runLength(rs []rune, i, step int) int {
	n := 0
	for ; i >= 0 && i < len(rs) && n < 2 && !unicode.IsSpace(rs[i]); i += step {
		n++
	}
	return n
}
