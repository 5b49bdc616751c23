package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cogitator-ai/drdrill/drills"
	"github.com/cogitator-ai/drdrill/recovery"
	"github.com/cogitator-ai/drdrill/reports"
)

// description is a drill as data, for people and for --json.
type description struct {
	Name     string       `json:"name"`
	Scenario string       `json:"scenario"`
	Title    string       `json:"title"`
	Labels   []string     `json:"labels"`
	Fault    string       `json:"fault"`
	Recovery string       `json:"recovery"`
	Proves   string       `json:"proves"`
	Limits   string       `json:"limits,omitempty"`
	Stack    []string     `json:"stack"`
	Images   []string     `json:"images"`
	Probe    string       `json:"probe"`
	Backups  []backupPlan `json:"backups"`
	Scripts  []string     `json:"scripts"`
	Checks   []string     `json:"checks"` // proofs beside RTO and RPO
	// Changes are what the recovery has to leave otherwise than it was.
	Changes []reports.Change `json:"changes,omitempty"`
	Targets targets          `json:"targets"`
}

// backupPlan is a periodic backup of a drill.
type backupPlan struct {
	Script        string           `json:"script"`
	EverySeconds  float64          `json:"everySeconds"`
	PolicySeconds float64          `json:"policySeconds"`
	PolicyFrom    string           `json:"policyFrom"` // who states it: playbook or configuration
	Protects      []recovery.Class `json:"protects"`
}

// targets are what a drill is held against.
type targets struct {
	RTOSeconds      float64     `json:"rtoSeconds"`
	RTOFrom         string      `json:"rtoFrom,omitempty"` // who states it: playbook or configuration; empty where nobody does
	DeclaredSeconds float64     `json:"declaredSeconds"`   // detection and response, added to what is measured
	HoldSeconds     float64     `json:"holdSeconds"`       // how long the steady state must last afterwards
	RPO             []rpoTarget `json:"rpo"`
}

// rpoTarget is the loss allowed in one data class.
type rpoTarget struct {
	Class   recovery.Class `json:"class"`
	Seconds float64        `json:"seconds"`
	From    string         `json:"from"` // who states it: playbook or configuration
}

func describe(d drills.Drill) description {
	text := description{
		Name: d.Name, Scenario: d.Scenario, Title: d.Title, Labels: d.Labels,
		Fault: d.Fault.Describe(), Recovery: d.Recovery, Proves: d.Proves, Limits: d.Limits,
		Stack: d.Needs.Parts(), Images: d.Needs.ImageKeys(), Probe: d.Probe.Describe(),
		Backups: []backupPlan{}, Scripts: []string{}, Checks: []string{},
		Targets: targetsOf(d),
	}
	for _, b := range d.Backups {
		text.Backups = append(text.Backups, backupPlan{b.Script, b.Every.Seconds(), b.Policy.Seconds(), b.From(), b.Protect})
	}
	for _, s := range d.Scripts {
		text.Scripts = append(text.Scripts, strings.Join(append([]string{s.Name}, s.Args...), " "))
	}
	for _, c := range d.Changes {
		text.Changes = append(text.Changes, reports.Change(c))
	}
	for _, c := range d.Checks {
		text.Checks = append(text.Checks, c.Name)
	}
	return text
}

func targetsOf(d drills.Drill) targets {
	o := d.Objective
	t := targets{RTOSeconds: o.RTO.Seconds(), RTOFrom: d.RTOFrom(), DeclaredSeconds: o.Declared.Seconds(), HoldSeconds: o.Hold.Seconds()}
	for _, class := range recovery.Classes() {
		if allowed, ok := o.RPO[class]; ok {
			t.RPO = append(t.RPO, rpoTarget{class, allowed.Seconds(), d.RPOFrom(class)})
		}
	}
	return t
}

// backupWords is a schedule in a sentence: backup-redis.sh every 5 s, for every 1 h of the policy (memory).
func backupWords(b backupPlan) string {
	policy := "of the policy"
	if b.PolicyFrom == reports.FromConfig {
		policy = "as configured"
	}
	return fmt.Sprintf("%s every %s, for every %s %s (%s)",
		b.Script, words(seconds(b.EverySeconds)), words(seconds(b.PolicySeconds)), policy, join(b.Protects))
}

// rpoWords are the loss targets of all classes: runs 0 s, agents 5 min. What is configured is marked,
// once where all are.
func rpoWords(list []rpoTarget) string {
	all := !slices.ContainsFunc(list, func(t rpoTarget) bool { return t.From != reports.FromConfig })
	line := strings.Join(each(list, func(t rpoTarget) string {
		if all {
			t.From = ""
		}
		return fmt.Sprintf("%s %s%s", t.Class, words(seconds(t.Seconds)), configured(t.From))
	}), ", ")
	if all && len(list) > 0 {
		line += " (all configured)"
	}
	return line
}

// configured marks what is not the playbook's.
func configured(from string) string {
	if from == reports.FromConfig {
		return " (configured)"
	}
	return ""
}

// join lists words in a line.
func join[T ~string](list []T) string {
	return strings.Join(each(list, func(s T) string { return string(s) }), ", ")
}

// each are the words for every item of a list.
func each[T any](list []T, words func(T) string) []string {
	all := make([]string, 0, len(list))
	for _, item := range list {
		all = append(all, words(item))
	}
	return all
}

// seconds is a number of seconds as a duration.
func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
