package dispute

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
)

// shanghai is the time by which people read deadlines; China has one zone and
// no summer time.
var shanghai = time.FixedZone("CST", 8*60*60)

// mostData is how much most notices say: a map made for so much never grows.
const mostData = 28

// dataOf is what every notice about a case can say; content/texts/notice.yaml
// lists the keys. It holds no personal data.
func (s *Service) dataOf(c Case) map[string]string {
	d := make(map[string]string, mostData)
	d["case"], d["number"], d["version"] = string(c.ID), string(c.Number), strconv.FormatInt(c.Version+1, 10)
	d["territory"], d["category"] = s.reg.Label(c.Territory), s.opt.Category(c.Category)
	d["priority"], d["mediator"], d["urgency"] = strconv.Itoa(int(c.Priority)), c.OwnerName, c.Urgency()
	putMoment(d, "due", c.Due)
	putMoment(d, "filed", c.Filed)
	return d
}

// toReporterWhy is toReporter with why a case was turned away.
func (s *Service) toReporterWhy(c Case, key string) Notice {
	n := s.toReporter(c, key)
	for _, fact := range []string{"reason", "basis", "refer_to"} {
		n.Data[fact] = c.Facts[fact]
	}
	return n
}

// moment splits a time into what a text needs to say 11月22日（周日）14:05.
func moment(name string, t time.Time) map[string]string {
	d := map[string]string{}
	putMoment(d, name, t)
	return d
}

func putMoment(d map[string]string, name string, t time.Time) {
	var month, day, weekday, clock string
	if !t.IsZero() {
		t = t.In(shanghai)
		month, day, weekday, clock = strconv.Itoa(int(t.Month())), strconv.Itoa(t.Day()), strconv.Itoa(int(t.Weekday())), t.Format("15:04")
	}
	d[name+"_month"], d[name+"_day"], d[name+"_weekday"], d[name+"_time"] = month, day, weekday, clock
}

func (s *Service) toReporter(c Case, key string) Notice {
	return Notice{To: c.Notify, Key: key, Data: s.dataOf(c), reporter: true}
}

func (s *Service) toOwner(c Case, owner, key string) Notice {
	to := ""
	if owner != "" {
		to = "staff:" + owner
	}
	return Notice{To: to, Key: key, Data: s.dataOf(c)}
}

// toTerritory tells the territory's mediators, those of its grid where that is
// known, and at once somebody in charge when it is an emergency.
func (s *Service) toTerritory(c Case, key string) []Notice {
	to := "territory:" + c.Territory
	if c.Grid() != "" {
		to = "grid:" + access.GridKey(c.Territory, c.Grid())
	}
	all := []Notice{{To: to, Key: key, Data: s.dataOf(c)}}
	if c.Priority == Emergency {
		all = append(all, s.toRole(c, access.Clerk, key), s.toRole(c, access.Director, key))
	}
	return all
}

func (s *Service) toRole(c Case, r access.Role, key string) Notice {
	return Notice{To: "role:" + string(r), Key: key, Data: s.dataOf(c)}
}

// with adds data to notices.
func with(n []Notice, data map[string]string) []Notice {
	for i := range n {
		maps.Copy(n[i].Data, data)
	}
	return n
}

// addressed leaves out notices to nobody: a reporter at the counter has no
// address, an unclaimed case no owner.
func addressed(n []Notice) []Notice {
	return slices.DeleteFunc(n, func(n Notice) bool { return n.To == "" })
}
