// Package bot is the conversation: it takes a person's message, whatever
// channel it came by, and answers it over the desk's subjects.
//
// It knows no channel's protocol. A channel turns what it receives into a
// [Message], calls [Bot.Handle], and renders the [Reply]. Urgent words come
// before everything else; an open dialogue before a command, a command before
// a question.
package bot

import (
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/knowledge"
)

// Address is where a person can be reached: a channel and that channel's own
// name for the chat. "telegram:12345", "web:<session id>".
type Address struct {
	Channel string // telegram, web, wechat, cli
	Chat    string
}

// String is "channel:chat"; also the key of dialogues and outbox entries.
func (a Address) String() string { return a.Channel + ":" + a.Chat }

// Message is what a person sent.
type Message struct {
	ID      string       // the channel's own id of this message, for dropping repeats; "" means never a repeat
	From    Address      //
	Person  access.Actor // who it is, as far as the channel knows; a resident without account has only an ID
	Text    string       // what was typed
	Choice  string       // the Data of the button pressed, "" if typed
	Files   []File       //
	Lost    int          // files that came along and couldn't be taken: too large, or of no kind that is
	Crowded int          // files that came along and found no room, see [Crowded]
	Group   bool         // sent in a group: nothing personal may be answered there
	At      time.Time    //
}

// File is something attached, not yet fetched.
type File struct {
	Name string
	Type string // MIME
	Ref  string // the channel's handle for it
	Size int64
}

// Reply is what the desk answers. A channel renders it with its own means.
type Reply struct {
	Text     string      // paragraphs separated by blank lines; **bold** marks are the only markup
	Urgent   *Urgent     // a help card, rendered first and set apart
	Answer   *AnswerView // structured form of an answer to a question, for cards; Text says the same
	Choices  []Choice    // buttons; WeChat numbers them
	Progress string      // "3/8" within a dialogue, "" outside
	More     []Reply     // further messages, in order: a help card is followed by the calm answer
}

// Choice is one button.
type Choice struct {
	Label string
	Data  string // at most 64 bytes (Telegram's limit); opaque to channels
	URL   string // set instead of Data for a link
}

// Urgent is a help card.
type Urgent struct {
	Kind    string   `json:"kind"`
	Numbers []string `json:"numbers"`
	Lead    string   `json:"-"`
	Lines   []string `json:"-"`
	After   string   `json:"-"`
}

// AnswerView is an answer in parts, so that a page can set it as a card.
type AnswerView struct {
	Before     string // what held before today's law, for a matter of that time
	Conclusion string
	Steps      []string
	Detail     string // explanation, deadlines, papers, mediation: paragraphs
	Citations  []knowledge.Citation
	Sources    string               // the one line of sources with 截至 date
	Articles   []knowledge.Document // verbatim articles behind a fold
	Note       string               // what holds for the answer as a whole, last
}
