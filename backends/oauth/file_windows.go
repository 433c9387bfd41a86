package oauth

import "io/fs"

// fileID is of no use here: the time of a file is fine enough.
func fileID(fs.FileInfo) uint64 { return 0 }
