// Command drdrill rehearses a disaster-recovery playbook against real stores in containers and
// reports the recovery time and the data loss that it measured.
//
// The commands are thin: they turn flags into a plan, show the progress and map the outcome to
// an exit code. What a drill does is in the drills package.
package main

import "os"

func main() { os.Exit(int(execute(product(), os.Args[1:]))) }
