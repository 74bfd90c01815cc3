package dispute

import (
	"crypto/rand"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/fault"
)

// The operations on appointments.
const (
	OpTimes   Op = "times"   // 提供时间
	OpPick    Op = "pick"    // 选时间
	OpBook    Op = "book"    // 定下时间
	OpPutOff  Op = "put_off" // 改时间
	OpPresent Op = "present" // 远程调解前在线确认身份和权利
	OpMeet    Op = "meet"    // 记录调解会
)

// Where is how people meet.
type Where string

// The ways to meet.
const (
	AtCentre  Where = "centre"  // 调解中心
	InVillage Where = "village" // 村居
	ByPhone   Where = "phone"   // 电话
	ByVideo   Where = "video"   // 视频，链接由工作人员贴
)

// Wheres lists the ways to meet, in the order to offer them.
var Wheres = []Where{AtCentre, InVillage, ByPhone, ByVideo}

// Remote tells whether people don't sit in one room.
func (w Where) Remote() bool { return w == ByPhone || w == ByVideo }

const (
	mostSlots   = 8
	leastLength = 15  // minutes
	mostLength  = 480 // minutes
	furthest    = 180 * 24 * time.Hour
	maxPlace    = 120 // characters
	maxLink     = 500 // bytes
)

// Slot is a time at which people may meet.
type Slot struct {
	ID      string    `json:"id"` // of its case
	At      time.Time `json:"at"`
	Minutes int       `json:"minutes"`
	Where   Where     `json:"where"`
	Place   string    `json:"place,omitempty"` // room, address or number as staff wrote it
	Link    string    `json:"link,omitempty"`  // of a video meeting, https
}

// End is when the meeting should be over.
func (sl Slot) End() time.Time { return sl.At.Add(time.Duration(sl.Minutes) * time.Minute) }

func (sl Slot) overlaps(at time.Time, minutes int) bool {
	return sl.At.Before(at.Add(time.Duration(minutes)*time.Minute)) && at.Before(sl.End())
}

// Errors of appointments.
var (
	// ErrBusy says that the mediator has another meeting at that time.
	ErrBusy = fault.New(fault.Conflict, "the mediator has another meeting at that time")
	// ErrSlot says that a time is over, too far off, too short or too long.
	ErrSlot = fault.New(fault.Invalid, "the time can't be offered")
	// ErrVideo says that a video meeting's link is none that may be shown.
	ErrVideo = fault.New(fault.Invalid, "the video link must be a full https address")
	// ErrBooked says that a meeting is booked: it must be put off first.
	ErrBooked = fault.New(fault.Conflict, "a meeting is booked already")
	// ErrNoMeeting says that nothing is booked, or not any more.
	ErrNoMeeting = fault.New(fault.Conflict, "no meeting is booked")
	// ErrIdentity says that name and number are not those told to the mediator.
	ErrIdentity = fault.New(fault.Invalid, "not the name and number that the mediator was told")
	// ErrTries says that there were too many wrong names and numbers: the
	// mediator has to ask by voice.
	ErrTries = fault.New(fault.Conflict, "too many wrong names and numbers")
)

// check judges a time that is to be offered or booked.
func (sl *Slot) check(now time.Time) error {
	sl.At = sl.At.UTC().Truncate(time.Minute)
	switch {
	case !sl.At.After(now), sl.At.Sub(now) > furthest, sl.Minutes < leastLength, sl.Minutes > mostLength:
		return ErrSlot
	case !slices.Contains(Wheres, sl.Where):
		return fmt.Errorf("%w: no such place %.20q", ErrSlot, sl.Where)
	case utf8.RuneCountInString(sl.Place) > maxPlace:
		return fmt.Errorf("%w: the place is too long", ErrSlot)
	}
	if sl.Where != ByVideo {
		sl.Link = ""
		return nil
	}
	return checkVideo(sl.Link)
}

// checkVideo lets through an https address with a host and without a password.
func checkVideo(link string) error {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(link) > maxLink || strings.ContainsAny(link, " \t\r\n\"<>\\") {
		return ErrVideo
	}
	return nil
}

func newSlotID() string { return "t" + strings.ToLower(rand.Text()[:8]) }

// Plain facts of the meeting that is booked: they say when, not who or what.
const (
	factMeetAt    = "meet_at" // Unix ms
	factMeetMin   = "meet_min"
	factMeetWhere = "meet_where"
)

// Booked is the meeting that is booked for a case, as its plain facts say; its
// ID, Place and Link are in the papers.
func Booked(c Case) (Slot, bool) {
	ms, err := strconv.ParseInt(c.Facts[factMeetAt], 10, 64)
	if err != nil {
		return Slot{}, false
	}
	minutes, _ := strconv.Atoi(c.Facts[factMeetMin])
	return Slot{At: time.UnixMilli(ms).UTC(), Minutes: minutes, Where: Where(c.Facts[factMeetWhere])}, true
}

func meetFacts(sl *Slot) map[string]string {
	if sl == nil {
		return map[string]string{factMeetAt: "", factMeetMin: "", factMeetWhere: ""}
	}
	return map[string]string{
		factMeetAt: strconv.FormatInt(sl.At.UnixMilli(), 10), factMeetMin: strconv.Itoa(sl.Minutes), factMeetWhere: string(sl.Where),
	}
}

// Reminders before a meeting.
const (
	DueMeetDay  TimerKind = "meet_day"
	DueMeetHour TimerKind = "meet_hour"
)

func ofMeeting(k TimerKind) bool { return k == DueMeetDay || k == DueMeetHour }

// remindersOf lists the timers before a meeting; those whose time is past are not set.
func remindersOf(sl *Slot, now time.Time) []Timer {
	day, hour := Timer{Kind: DueMeetDay}, Timer{Kind: DueMeetHour}
	if sl != nil {
		if at := sl.At.Add(-24 * time.Hour); at.After(now) {
			day.At = at
		}
		if at := sl.At.Add(-time.Hour); at.After(now) {
			hour.At = at
		}
	}
	return []Timer{day, hour}
}

// meetingTimers are the reminders that a case keeps when it comes to a state:
// a meeting stands as long as there is something to meet about.
func meetingTimers(to State, c Case) []Timer {
	if !to.Open() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(c.Timers), func(t Timer) bool { return !ofMeeting(t.Kind) })
}

// Warning says why a time is unusual: "holiday" when offices are closed that
// day, "hours" outside office hours, "" when nothing speaks against it.
func (s *Service) Warning(sl Slot) string {
	at := sl.At.In(shanghai)
	midnight := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, shanghai)
	switch {
	case !s.cal.holidays.Works(sl.At):
		return "holiday"
	case at.Sub(midnight) < s.opt.Opens, sl.End().Sub(midnight) > s.opt.Closes:
		return "hours"
	}
	return ""
}
