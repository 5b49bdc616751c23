package playbook_test

import (
	"context"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/cogitator-ai/drdrill/drills"
)

func TestPlaybook(t *testing.T) {
	if testing.Short() {
		t.Skip("the suite rehearses on real containers, for many minutes: run it without -short, or make suite")
	}
	RegisterFailHandler(Fail)
	suite, reporter := GinkgoConfiguration()
	suite.FailOnEmpty = true
	RunSpecs(t, "Recovery playbook", suite, reporter)
}

// The images are there before the first drill: building them must not count against any of its timeouts. One process sees
// to them for all that run specs side by side.
var _ = SynchronizedBeforeSuite(func(ctx context.Context) {
	Expect(drills.PrepareImages(ctx, nil, func(line string) { GinkgoWriter.Println(line) })).To(Succeed(),
		"the suite runs on real containers: run `make engine` first")
}, func() {}, NodeTimeout(20*time.Minute))
