// Package fault names the four kinds of errors that cross packages. A channel
// picks its status and its wording by kind; the text of an error is for logs.
package fault

import "errors"

// Kind classifies an error.
type Kind int

// The kinds. Anything else is Internal: our own trouble, to be logged.
const (
	Internal Kind = iota
	Invalid       // the input can't be taken as it is
	Denied        // this person may not
	NotFound      // there is no such thing, or none that this person may know of
	Conflict      // the thing has changed meanwhile, or is in another state
)

type kinded struct {
	kind Kind
	err  error
}

func (k *kinded) Error() string { return k.err.Error() }
func (k *kinded) Unwrap() error { return k.err }

// New returns an error of kind k with an English text for logs.
func New(k Kind, text string) error { return &kinded{k, errors.New(text)} }

// As gives err the kind k; nil stays nil.
func As(k Kind, err error) error {
	if err == nil {
		return nil
	}
	return &kinded{k, err}
}

// Of tells the kind of the outermost kinded error in err's chain.
func Of(err error) Kind {
	var k *kinded
	if errors.As(err, &k) {
		return k.kind
	}
	return Internal
}
