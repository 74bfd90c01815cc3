// Package dialog is guided dialogues as a pure state machine: a form, the
// answers so far, and what to ask next. It knows no channel, no store and no
// wording; keeping the state between messages is its caller's business.
package dialog
