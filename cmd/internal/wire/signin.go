package wire

import "github.com/anjie-desk/anjie/bot/web/console"

// SignInPath is where a one-time code leads.
func SignInPath(code string) string { return console.SignInPath(code) }
