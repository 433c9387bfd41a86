package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends"
	"github.com/bindery-mcp/bindery/gateway/audit"
	"github.com/bindery-mcp/bindery/gateway/config"
)

// statusReport is what /status answers.
type statusReport struct {
	Version string            `json:"version"`
	Servers []backends.Status `json:"servers"`
	// Audit is nil if nothing is recorded.
	Audit *audit.Health `json:"audit,omitempty"`
}

// status is what /status answers. Whoever does not see everything is told how
// the servers are that they see, and nothing of what others do with them.
func (s *stack) status(see func(server string) (tools int, ok bool)) any {
	r := statusReport{Version: version(), Servers: s.set.Status()}
	if see != nil {
		var seen []backends.Status
		for _, one := range r.Servers {
			if tools, ok := see(one.Name); ok {
				seen = append(seen, backends.Status{
					Name: one.Name, State: one.State, Since: one.Since, Cause: one.Cause, NextTry: one.NextTry, Tools: tools,
				})
			}
		}
		r.Servers = seen
		return r
	}
	if s.audit != nil {
		h := s.audit.Health()
		r.Audit = &h
	}
	return r
}

// statusCmd asks a running gateway how its servers are doing.
type statusCmd struct {
	configFlag
	URL  string `placeholder:"URL" help:"Address of the gateway, such as http://127.0.0.1:8080. Default: the configuration's."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// maxStatus bounds an answer of /status.
const maxStatus = 16 << 20

func (c *statusCmd) Run(ctx context.Context, std streams) error {
	cfg, err := c.load(ctx, std)
	if err != nil {
		if c.URL == "" || c.Config != "" {
			return err
		}
		cfg = nil // an address is enough for a gateway that wants no token
	}
	base, bearer := c.URL, ""
	if cfg != nil {
		bearer = token(cfg)
		if base == "" {
			base = address(cfg)
		}
	}
	client, err := clientFor(cfg)
	if err != nil {
		return err
	}
	report, raw, err := fetchStatus(ctx, client, strings.TrimSuffix(strings.TrimSuffix(base, "/"), "/mcp"), bearer)
	if err != nil {
		return err
	}
	if c.JSON {
		_, err = std.out.Write(raw)
	} else {
		err = printStatus(std.out, report)
	}
	if err != nil {
		return err
	}
	if slices.ContainsFunc(report.Servers, isDown) {
		return &exitError{code: exitFailed}
	}
	return nil
}

// clientFor also trusts the certificate of the configuration, which may be of an
// authority that nobody else knows.
func clientFor(cfg *config.Config) (*http.Client, error) {
	if cfg == nil || cfg.TLS.Cert == "" {
		return http.DefaultClient, nil
	}
	pem, err := os.ReadFile(cfg.TLS.Cert)
	if err != nil {
		return nil, &exitError{code: exitUsage, err: fmt.Errorf("read the certificate: %w", err)}
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	roots.AppendCertsFromPEM(pem)
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}}, nil
}

func fetchStatus(ctx context.Context, client *http.Client, base, bearer string) (report statusReport, raw []byte, err error) {
	fail := func(err error, hint string) (statusReport, []byte, error) {
		return report, nil, &bindery.Error{Code: bindery.Unavailable, Op: "ask the gateway at " + base, Err: err, Hint: hint}
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/status", http.NoBody)
	if err != nil {
		return fail(err, "--url is like http://127.0.0.1:8080")
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	resp, err := client.Do(req)
	if err != nil {
		return fail(err, "start it with bindery serve, or name its address with --url")
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err = io.ReadAll(io.LimitReader(resp.Body, maxStatus))
	switch {
	case err != nil:
		return fail(err, "")
	case resp.StatusCode == http.StatusUnauthorized:
		return fail(errors.New("it wants a token"), "name the gateway's configuration with --config")
	case resp.StatusCode != http.StatusOK:
		return fail(fmt.Errorf("it answered %s", resp.Status), "is this a bindery gateway?")
	}
	if err := json.Unmarshal(raw, &report); err != nil {
		return fail(err, "is this a bindery gateway?")
	}
	return report, raw, nil
}

// printStatus prints a line for each server, and below it what is wrong.
func printStatus(w io.Writer, r statusReport) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "SERVER\tSTATE\tFOR\tTOOLS\tPROTOCOL\tCALLS\tFAILED\tP50\tP95\tRESTARTS")
	for _, s := range r.Servers {
		p50, p95 := "-", "-"
		if s.Latency != nil {
			p50, p95 = short(time.Duration(s.Latency.P50)), short(time.Duration(s.Latency.P95))
		}
		protocol := strings.TrimSpace(s.Transport + " " + s.Protocol)
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%s\t%d\t%d\t%s\t%s\t%d\n",
			s.Name, s.State, time.Since(s.Since).Round(time.Second), s.Tools, protocol, s.Calls, s.Failures, p50, p95, s.Restarts)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, s := range r.Servers {
		if s.Cause != nil {
			_, _ = fmt.Fprintf(w, "\n%s: %v\n", s.Name, s.Cause)
			if s.Cause.Hint != "" {
				_, _ = fmt.Fprintf(w, "  %s\n", s.Cause.Hint)
			}
		}
		for _, line := range s.Refused {
			_, _ = fmt.Fprintf(w, "\n%s: left out: %s\n", s.Name, line)
		}
	}
	return nil
}

// short is a time with as many digits as anyone reads.
func short(d time.Duration) string {
	if d < time.Millisecond {
		return d.Round(time.Microsecond).String()
	}
	return d.Round(100 * time.Microsecond).String()
}
