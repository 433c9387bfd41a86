package backendtest

// Mode is something that a server does wrong, or a setting of one.
type Mode string

// The modes that both transports know.
const (
	HangInit       Mode = "hang-init"       // never answers initialize
	HangList       Mode = "hang-list"       // never answers tools/list
	SilentDiscover Mode = "silent-discover" // never answers server/discover, like some old servers
	ManyPages      Mode = "many-pages"      // the tools come in pages of two
	EndlessPages   Mode = "endless-pages"   // every page has a next one
	SameCursor     Mode = "same-cursor"     // every page has the same next one
	BadTools       Mode = "bad-tools"       // half of the tools are broken, each in its own way
	Extra          Mode = "extra"           // one more tool, "extra", than without
	Offers         Mode = "offers"          // has resources, prompts, completion and logging too
	Modern         Mode = "modern"          // speaks protocol 2026-07-28, and no older one
)

// The modes of a stdio server.
const (
	DieOnStart   Mode = "die-on-start"  // writes to stderr and exits with status 7
	HangClose    Mode = "hang-close"    // stays when its input ends
	IgnoreTerm   Mode = "ignore-term"   // ignores SIGTERM
	GarbageFirst Mode = "garbage-first" // writes lines that are no messages first
	DeafStdin    Mode = "deaf-stdin"    // stops reading its input after the first tools/list
	Orphan       Mode = "orphan"        // starts a grandchild that holds its output open
	sleeper      Mode = "sleeper"       // is that grandchild
)

// The modes of an HTTP server.
const (
	SSE          Mode = "sse"          // answers with event streams
	Unauthorized Mode = "unauthorized" // 401 to everything
	ServerError  Mode = "server-error" // 500 to every tools/call
	HangGET      Mode = "hang-get"     // accepts the GET for notifications and sends no headers
	ShortGET     Mode = "short-get"    // ends the stream for notifications at once
	Redirect     Mode = "redirect"     // redirects to the host in HTTP.Target
	HangDelete   Mode = "hang-delete"  // never answers the end of a session
)
