package bot

import (
	"regexp"

	"github.com/anjie-desk/anjie/bot/place"
)

// ownPlace finds what follows the words by which people say where they belong
// (我是仇家洼的, 俺住石村), up to the next clause or the other party.
var ownPlace = regexp.MustCompile(`(?:我|俺|咱|本人)(?:们)?(?:家)?(?:是|在|住|村|小区)(?:在)?([^，,。；;！!？?\s跟与]{2,14})`)

// ownVillage prefers, of several villages that a text names, the one that the
// person says is theirs: 俺是仇家洼的 跟石村的人吵起来了.
func (c *Classifier) ownVillage(text string, found []place.Village) []place.Village {
	for _, m := range ownPlace.FindAllStringSubmatch(text, -1) {
		if own := c.villages.Find(m[1]); len(own) > 0 && len(own) < len(found) {
			return own
		}
	}
	return found
}
