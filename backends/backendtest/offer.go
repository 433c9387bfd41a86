package backendtest

import (
	"fmt"
	"strings"
)

// offered answers what is about resources, prompts, completion and logging, in
// mode Offers, and reports whether it was that.
func (s *server) offered(r request, p peer) bool {
	if !s.is(Offers) {
		return false
	}
	switch r.Method {
	case "resources/list":
		s.page(r, p, "resources", 3, `{"uri":"test://%d","name":"resource %d", "size":12345678901234567890}`)
	case "resources/templates/list":
		s.page(r, p, "resourceTemplates", 1, `{"uriTemplate":"test://{id}/%d","name":"template %d"}`)
	case "prompts/list":
		s.page(r, p, "prompts", 3, `{"name":"prompt-%d","description":"Prompt %d."}`)
	case "resources/read":
		if !strings.HasPrefix(r.Params.URI, "test://") {
			fail(p, r.ID, -32002, "Resource not found")
			return true
		}
		reply(p, r.ID, fmt.Sprintf(`{"contents":[{"uri":%q, "text":"contents", "n":12345678901234567890}]}`, r.Params.URI))
	case "prompts/get":
		reply(p, r.ID, fmt.Sprintf(`{"messages":[{"role":"user","content":{"type":"text","text":"prompt %s"}}]}`, r.Params.Name))
	case "completion/complete":
		reply(p, r.ID, `{"completion":{"values":["paris","parma"],"hasMore":false}}`)
	case "resources/subscribe", "resources/unsubscribe":
		s.mu.Lock()
		s.subscribed[r.Params.URI] = r.Method == "resources/subscribe"
		s.mu.Unlock()
		reply(p, r.ID, `{}`)
	case "logging/setLevel":
		reply(p, r.ID, `{}`)
	default:
		return false
	}
	return true
}

// page answers a list of n items and as many more as were added, two a page.
func (s *server) page(r request, p peer, field string, n int, item string) {
	n += int(s.more.Load())
	switch {
	case s.is(EndlessPages):
		reply(p, r.ID, fmt.Sprintf(`{%q:[`+item+`],"nextCursor":"c%d"}`, field, 1, 1, s.lists.Add(1)))
		return
	case s.is(SameCursor):
		reply(p, r.ID, fmt.Sprintf(`{%q:[],"nextCursor":"again"}`, field))
		return
	}
	from := 0
	if r.Params.Cursor != "" {
		if _, err := fmt.Sscanf(r.Params.Cursor, "from-%d", &from); err != nil {
			fail(p, r.ID, -32602, "Unknown cursor")
			return
		}
	}
	var items []string
	for i := from; i < min(from+2, n); i++ {
		items = append(items, fmt.Sprintf(item, i, i))
	}
	next := ""
	if from+2 < n {
		next = fmt.Sprintf(`,"nextCursor":"from-%d"`, from+2)
	}
	reply(p, r.ID, fmt.Sprintf(`{%q:[%s]%s}`, field, strings.Join(items, ","), next))
}
