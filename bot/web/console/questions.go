package console

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
)

// questions lists what residents asked a person, oldest first.
func (c *Console) questions(w http.ResponseWriter, r *http.Request) error {
	waiting, err := c.d.Questions.Waiting(r.Context(), web.Actor(r), queueLen)
	if err != nil {
		return err
	}
	return c.render(w, r, "questions", map[string]any{"Waiting": waiting, "Done": r.URL.Query().Has("done")})
}

func (c *Console) answer(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	err := c.d.Questions.Reply(r.Context(), web.Actor(r), id, strings.TrimSpace(r.PostFormValue("text")))
	if fault.Of(err) == fault.Conflict {
		return web.Explain(err, "web.error.answered")
	}
	if err != nil {
		return fmt.Errorf("answer question %s: %w", id, err)
	}
	web.SeeOther(w, r, "/console/questions?done")
	return nil
}
