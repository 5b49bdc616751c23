// Package playbook is the catalogue: the recovery playbook of the system under drill as drills, a
// file for each of its scenarios, and the Ginkgo suite that runs them one spec a drill.
package playbook

import "github.com/cogitator-ai/drdrill/drills"

// Drills is the catalogue, in the playbook's order.
func Drills() []drills.Drill {
	var all []drills.Drill
	for _, scenario := range [][]drills.Drill{
		workerDrills(),
		frozenWorkerDrills(),
		lethalRunDrills(),
		redisDrills(),
		postgresDrills(),
		postgresWALDrills(),
		{standbyPromotion()},
		postgresSessionDrills(),
		{fullDisk()},
		clusterDrills(),
		corruptionDrills(),
		{agentState()},
		vectorDrills(),
		sandboxDrills(),
		wasmDrills(),
		backupDrills(),
	} {
		all = append(all, scenario...)
	}
	return all
}
