//go:build !linux || !(amd64 || arm64)

package confine

import "runtime"

func apply(Limits) error { return nil }

func lower(Limits) error { return nil }

func mapped() (int64, error) { return 0, nil }

func support() Report {
	const remedy = "run bindery on Linux (amd64 or arm64), in a container or a virtual machine if need be"
	return Report{
		System: runtime.GOOS + "/" + runtime.GOARCH,
		Missing: []Missing{{
			Feature: "landlock",
			Meaning: "a script that breaks out of its interpreter can open the files of the user who runs bindery",
			Remedy:  remedy,
		}, {
			Feature: "seccomp",
			Meaning: "a script that breaks out of its interpreter can open connections and start programs",
			Remedy:  remedy,
		}, {
			Feature: "rlimits",
			Meaning: "memory is watched by the worker itself, so that one huge allocation can be missed, and CPU time is bounded only by the wall clock limit",
			Remedy:  remedy,
		}},
	}
}
