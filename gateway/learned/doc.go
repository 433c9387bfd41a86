// Package learned keeps what the gateway has learned of the results of tools
// that declare no output schema: their structure, never their values.
//
//	results of calls → Observe → queue → owner → shapes → Snapshot → stubs
//	                                       ⇅
//	                      one file a server, beside its catalogue
//
// A shape belongs to a server's name, what the configuration runs under that
// name, and a tool's name, description and input schema. When one of them
// changes, learning begins anew.
//
// Learning never holds a call up: what does not fit in the queue is not
// learned from, and of a tool whose shape has long been the same most results
// are not looked at. Results with isError set are not looked at either: a
// script gets those as errors.
package learned
