// Package secrets keeps secrets in one encrypted file, and looks others up in
// the system's keychain and by running programs.
//
//	Set, Remove → names and values → age → secrets.age; secrets.age → Read → Values → one value
//
// # What it protects
//
// The file says nothing without its key: it can be copied, synchronised, backed
// up or committed by mistake. The key is a file beside it that only the user
// may read, or a passphrase that is nowhere in the folder. Whoever can read both,
// or the memory of a running bindery, has the secrets; with a key file that is
// everybody who can read the user's files.
package secrets
