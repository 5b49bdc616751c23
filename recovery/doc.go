// Package recovery measures recoveries and judges them. It holds the words of the field as
// types: data classes, the ledger of attempted writes, the probe that watches a service, the
// timeline, objectives and verdicts. It is pure: it knows no container and no store, and every
// instant in it comes from one monotonic clock.
package recovery
