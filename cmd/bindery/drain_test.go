package main_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// TestDrain asks a gateway to end while many calls are under way: each gets its
// answer, later ones are refused, and the process ends well.
func TestDrain(t *testing.T) {
	const calls = 200
	// The server answers when this connection ends.
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	cmd := exec.CommandContext(t.Context(), filepath.Join(binDir, "bindery"), "bridge", "--listen", "127.0.0.1:0", "--", os.Args[0])
	cmd.Env = append(os.Environ(), slowServer+"="+ln.Addr().String())
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill() }()
	lines := bufio.NewScanner(stderr)
	url := ""
	for url == "" && lines.Scan() {
		_, url, _ = strings.Cut(lines.Text(), "listening on ")
	}
	tr := &http.Transport{}
	defer tr.CloseIdleConnections()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	cs, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: &http.Client{Transport: tr}, MaxRetries: -1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	answers := make(chan error, calls)
	for range calls {
		wg.Go(func() {
			res, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "wait"})
			if err == nil && res.IsError {
				err = errors.New(res.Content[0].(*mcp.TextContent).Text)
			}
			answers <- err
		})
	}
	leash, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "all", Arguments: map[string]any{"calls": calls}}); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = leash.Close()
	wg.Wait()
	for range calls {
		if err := <-answers; err != nil {
			t.Errorf("a call under way: %v", err)
		}
	}
	for lines.Scan() {
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the gateway ended with %v", err)
	}
	if _, err := cs.CallTool(t.Context(), &mcp.CallToolParams{Name: "all"}); err == nil {
		t.Error("a call after the end was answered")
	}
	_ = cs.Close()
}

// slowServer names the environment variable that makes this binary the server
// of TestDrain.
const slowServer = "BINDERY_TEST_SLOW"

// serveSlow answers calls of wait when its connection to addr ends, and one of all
// when there are so many.
func serveSlow(addr string) error {
	leash, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	released := make(chan struct{})
	go func() {
		defer close(released)
		_, _ = io.Copy(io.Discard, leash)
	}()
	s := mcp.NewServer(&mcp.Implementation{Name: "slow", Version: "1"}, nil)
	var mu sync.Mutex
	n, more := 0, make(chan struct{})
	object := json.RawMessage(`{"type":"object"}`)
	s.AddTool(&mcp.Tool{Name: "wait", InputSchema: object}, func(ctx context.Context, _ *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		mu.Lock()
		n++
		close(more)
		more = make(chan struct{})
		mu.Unlock()
		select {
		case <-released:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: "waited"}}}, nil
	})
	s.AddTool(&mcp.Tool{Name: "all", InputSchema: object}, func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		var args struct{ Calls int }
		if err := json.Unmarshal(req.Params.Arguments, &args); err != nil {
			return nil, err
		}
		for {
			mu.Lock()
			have, next := n, more
			mu.Unlock()
			if have >= args.Calls {
				return &mcp.CallToolResult{}, nil
			}
			select {
			case <-next:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
	})
	return s.Run(context.Background(), &mcp.StdioTransport{})
}
