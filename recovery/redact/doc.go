// Package redact keeps secrets out of what is written. Secrets that are known are replaced wherever they
// are, also across two writes; what is not known and looks like a secret is replaced by its look. The look
// is a guess: it errs on the side of hiding, and cannot find a secret that has neither form nor name. A secret
// that is a common word is found by its look alone.
package redact
