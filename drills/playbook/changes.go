package playbook

import "github.com/cogitator-ai/drdrill/drills"

// What a procedure cannot but leave otherwise than it was. Everything that is not here has to be as before.

// rowsAreLoaded is for tables, as an expression over their names, that are loaded from a dump.
func rowsAreLoaded(tables string) drills.Change {
	return drills.Change{
		Of:     `row ` + tables + `( .*)? was left alone, is written again with the same content`,
		Reason: "rows that are loaded from a dump are written again, with the content that they had",
	}
}

// targetStays: a server that was recovered to a target knows it until its next start, and makes no use of it. That the next start
// knows nothing of it is shown by the restart.
func targetStays() []drills.Change {
	const settings, reason = `(hot_standby|restore_command|recovery_target_\w+)`, "the server was started to recover to a target, and states that until its next start"
	return []drills.Change{
		{Of: `postgres: setting ` + settings + ` .*`, Reason: reason},
		{Of: `postgres: setting in a file: was not there before \(( ?parameter "` + settings + `" cannot be changed without restarting the server)+\)`, Reason: reason},
	}
}

// spareTakesOver: a worker that stood by runs in the place of the one that was dropped.
var spareTakesOver = drills.Change{
	Of:     `engine: service worker-3: (state was created, is running|process node was not there before .*)`,
	Reason: "the spare worker runs, in the place of the one that hung",
}

// standbySettingsStay: a primary makes no use of them.
var standbySettingsStay = drills.Change{
	Of:     `postgres: setting( in a file:)? (primary_conninfo|primary_slot_name) .*`,
	Reason: "the promoted server keeps the settings by which it followed the lost one",
}

// placesAreChanged is for the servers of Redis, as an expression over their names, that a failover gives another part.
func placesAreChanged(servers string) drills.Change {
	return drills.Change{
		Of:     `redis: ` + servers + `: (replication: (role|connected_slaves|master_host|master_port|slave_read_only)|setting (replicaof|slaveof)) .*`,
		Reason: "primaries and replicas have changed places",
	}
}

// memoryIsRaised: what filled the memory is somebody's data, and nobody deletes it.
var memoryIsRaised = []drills.Change{
	{Of: `redis: redis: setting maxmemory was [0-9]+, is [0-9]+`, Reason: "the limit is raised"},
	{Of: `redis: redis: key cogitator:cache:(small-)?leak-[0-9]+ was not there before .*`, Reason: "the keys that filled the memory stay"},
}
