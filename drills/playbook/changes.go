package playbook

import "github.com/cogitator-ai/drdrill/drills"

// What a procedure cannot but leave otherwise than it was. Everything that is not here has to be as before.

// rowsAreWritten is for tables, as an expression over their names and the keys of rows, whose rows are written with the content that they had.
func rowsAreWritten(tables, reason string) drills.Change {
	return drills.Change{Of: `row ` + tables + `( .*)? was left alone, is written again with the same content`, Reason: reason}
}

// rowsAreLoaded is for tables that are loaded from a dump.
func rowsAreLoaded(tables string) drills.Change {
	return rowsAreWritten(tables, "rows that are loaded from a dump are written again, with the content that they had")
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

// readerIsLimited: the client that leaked its sessions gets as many as it may have, and holds them.
var readerIsLimited = []drills.Change{
	{Of: `postgres: role cogitator_readonly is now with CONNECTION LIMIT 10`, Reason: "the role that leaked its sessions is limited"},
	{Of: `postgres: role cogitator_readonly signs in was not there before \(.*too many connections for role "cogitator_readonly".*\)`, Reason: "the clients that leak hold all that their role may have"},
	{Of: `postgres: setting statement_timeout is now without .* for cogitator_readonly`, Reason: "the role that cannot sign in states no settings"},
}

// slotsAreLimited: a slot that is abandoned again must not fill the disk.
var slotsAreLimited = drills.Change{
	Of:     `postgres: setting( in a file:)? max_slot_wal_keep_size .*`,
	Reason: "the log that a slot may keep is limited",
}

// damagedRowsAreRepaired: which rows these may be is a proof of the drill's own.
var damagedRowsAreRepaired = []drills.Change{
	rowsAreWritten(`public\.(runs|run_steps|memory_vectors)`, "damaged rows are written as they were; that others are left alone is proven apart"),
	rowsAreWritten(`public\.agents (agents-0000000[0-9]|archive-.*)`, "the agents of damaged runs are disabled meanwhile"),
}

// repairEvidence: what was repaired is kept beside, as it was.
var repairEvidence = drills.Change{
	Of:     `(postgres: .*|row )cogitator_repair_state(\.evidence)? was not there before.*`,
	Reason: "the damaged rows are kept as evidence, in a schema of their own",
}

// hungWorkerStays: it is woken when all else was seen, to show that it overwrites nothing.
var hungWorkerStays = drills.Change{
	Of:     `engine: service worker-[12]: state was running, is paused`,
	Reason: "the worker that hung is still frozen",
}

// registryStaysDown: the procedure does without it.
var registryStaysDown = drills.Change{
	Of:     `engine: service registry: (state was running, is exited|process docker-registry is gone .*)`,
	Reason: "the registry is down, and the procedure does without it",
}
