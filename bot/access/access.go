// Package access says who somebody is and what they may do. Permission is
// asked in the services, so that no channel can differ.
package access

import (
	"fmt"
	"slices"
	"time"

	"github.com/anjie-desk/anjie/bot/fault"
)

// Role is what somebody does at the desk.
type Role string

// The roles. A person without an account is a resident.
const (
	Resident   Role = "resident"
	GridWorker Role = "grid"     // 网格员
	Mediator   Role = "mediator" // 人民调解员
	Adviser    Role = "adviser"  // 法律顾问
	Clerk      Role = "clerk"    // 前台、办事员
	Editor     Role = "editor"   // 普法编辑
	Director   Role = "director" // 司法所长、街道负责人
)

// Permission is one thing that may be done.
type Permission string

// The permissions; policy.go says which role has which.
const (
	FileCase       Permission = "file case"
	SeeQueue       Permission = "see queue"
	ClaimCase      Permission = "claim case"
	WorkCase       Permission = "work case"      // one's own
	HelpCase       Permission = "help with case" // when asked to by its mediator
	ManageCases    Permission = "manage cases"   // any in the sub-district: reassign, release for others
	SeePersonal    Permission = "see personal data"
	EditItems      Permission = "edit items"
	ApproveItems   Permission = "approve items"
	EditContent    Permission = "edit content"
	ReviewContent  Permission = "review content"
	SeeFigures     Permission = "see figures"
	ManageAccounts Permission = "manage accounts"
	// PlaceAccounts lets set the villages and grids of who works in them.
	PlaceAccounts Permission = "place accounts"
	// AnswerQuestions lets read and answer what residents ask a person.
	AnswerQuestions Permission = "answer questions"
	// SeeNeeds lets see what residents asked and the desk could not answer.
	SeeNeeds Permission = "see needs"
)

// Actor is somebody who acts. The zero Actor may do nothing but report.
type Actor struct {
	ID          string   // stable: account id, or "telegram:123", "web:…" for a resident
	Name        string   // for staff, shown to colleagues; empty for residents
	Role        Role     // "" means Resident
	Territories []string // village codes; empty for staff means the whole sub-district
	Grids       []string // grids that are theirs above others, as GridKey writes them
}

// System acts for timers and cron.
var System = Actor{ID: "system", Name: "system", Role: Director}

// Require returns an error of kind Denied unless a has p.
func (a Actor) Require(p Permission) error {
	if a.May(p) {
		return nil
	}
	return fault.As(fault.Denied, fmt.Errorf("%s (%s) may not %s", a.ID, a.role(), p))
}

// May tells whether a's role has p.
func (a Actor) May(p Permission) bool { return slices.Contains(policy[a.role()], p) }

// Covers tells whether the territory is among a's.
func (a Actor) Covers(territory string) bool {
	return len(a.Territories) == 0 || slices.Contains(a.Territories, territory)
}

// GridKey names a grid of a village.
func GridKey(village, grid string) string { return village + "/" + grid }

// Staff tells whether a has an account.
func (a Actor) Staff() bool { return a.role() != Resident }

func (a Actor) role() Role {
	if a.Role == "" {
		return Resident
	}
	return a.Role
}

// Account is a member of staff.
type Account struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Role        Role      `json:"role"`
	Territories []string  `json:"territories,omitempty"`
	Grids       []string  `json:"grids,omitempty"`    // as GridKey writes them
	Telegram    string    `json:"telegram,omitempty"` // chat id once linked
	Disabled    bool      `json:"disabled,omitempty"`
	Created     time.Time `json:"created"`
	Away        []Leave   `json:"away,omitempty"`
	Stands      []Stand   `json:"stands,omitempty"` // for colleagues who are away
}

// Actor is who the account acts as.
func (a Account) Actor() Actor {
	return Actor{ID: a.ID, Name: a.Name, Role: a.Role, Territories: a.Territories, Grids: a.Grids}
}
