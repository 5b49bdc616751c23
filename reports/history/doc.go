// Package history keeps every run in a hash-chained file of JSON lines, one entry a run, and reads
// from it what a single record cannot show: trends, findings and regressions.
//
// A line is {"sha256":"…","entry":{…}}, where sha256 is that of the entry's bytes as they stand.
// The entry names its place, the SHA-256 of the whole line before it, and that of the run's
// record.json. So an entry that is altered, deleted, moved or written twice is named by its number.
// Lines are only ever appended, under a lock and synced to the disk: damage stays and stays visible.
//
// A chain without a secret has limits. Whoever may write the file can delete its newest entries, or
// write all of it anew. That shows only against something kept outside: the hash of an entry noted
// elsewhere (Chain.Holds), or the records of the runs, each of which names the entry before it
// (Chain.Against). A run that is killed before it ends leaves no entry; its folder beside the history
// tells of it, as long as it is there (UnfinishedBeside).
package history
