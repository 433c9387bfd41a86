package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/backends/oauth"
	"github.com/bindery-mcp/bindery/gateway/config"
)

// loginCmd has a person log in to a server.
type loginCmd struct {
	configFlag
	Server    string   `arg:"" placeholder:"SERVER" help:"The server, by its name in the configuration."`
	NoBrowser bool     `help:"Open no browser: print the address, and read the one that the browser was sent to in the end."`
	Scope     []string `placeholder:"SCOPE" help:"Scopes to ask for besides those of the configuration or of the server."`
}

// Help is shown below the flags.
func (c *loginCmd) Help() string {
	return "The token is kept in the folder tokens of bindery's folder of the user's configuration, readable by the user alone.\n" +
		"Gateways that run take it from there within a second. docs/credentials.md says more."
}

// patience with a person who logs in.
const loginTime = 10 * time.Minute

func (c *loginCmd) Run(ctx context.Context, std streams) error {
	o, store, err := loginTo(ctx, c.configFlag, std, c.Server)
	if err != nil {
		return err
	}
	if o.Grant == oauth.ClientCredentials {
		return usage("the gateway gets tokens for %s by itself (client_credentials)", c.Server)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, loginTime, errors.New("nobody has logged in within "+loginTime.String()))
	defer cancel()
	t, err := oauth.Login(ctx, o, store, c.person(std), c.Scope...)
	if err != nil {
		return &bindery.Error{Code: bindery.Unavailable, Op: "log in to " + c.Server, Err: err}
	}
	_, _ = fmt.Fprintf(std.err, "bindery: logged in to %s at %s\n", c.Server, t.Issuer)
	if t.Refresh == "" && !t.Expiry.IsZero() {
		_, _ = fmt.Fprintf(std.err, "bindery: warning: the token cannot be renewed, and ends %s\n", t.Expiry.Format(time.DateTime))
	}
	return nil
}

// person is who sits at the terminal.
func (c *loginCmd) person(std streams) oauth.Person {
	if !c.NoBrowser {
		return oauth.Person{Visit: func(ctx context.Context, page string) error {
			_, _ = fmt.Fprintf(std.err, "bindery: log in at\n  %s\n", page)
			if err := openBrowser(ctx, page); err != nil {
				_, _ = fmt.Fprintf(std.err, "bindery: no browser opens (%v): open the address yourself, on this machine, or use --no-browser\n", err)
			}
			return nil
		}}
	}
	return oauth.Person{
		Visit: func(_ context.Context, page string) error {
			_, err := fmt.Fprintf(std.err, "bindery: log in at\n  %s\nThe browser is then sent to an address at 127.0.0.1, which may not open. Paste that address here:\n", page)
			return err
		},
		Paste: func(context.Context) (string, error) {
			line, err := bufio.NewReader(io.LimitReader(std.in, maxPasted)).ReadString('\n')
			if line = strings.TrimSpace(line); line != "" {
				return line, nil
			}
			if err == nil || errors.Is(err, io.EOF) {
				err = errors.New("no address was given")
			}
			return "", err
		},
	}
}

// maxPasted bounds what is read of a terminal, in bytes.
const maxPasted = 64 << 10

// loginTo is what a login to a server needs.
func loginTo(ctx context.Context, f configFlag, std streams, server string) (*oauth.Config, oauth.TokenStore, error) {
	cfg, err := f.load(ctx, std)
	if err != nil {
		return nil, nil, err
	}
	if err := knownServers(cfg, []string{server}); err != nil {
		return nil, nil, err
	}
	s := cfg.Servers[server]
	switch o := oauthOf(server, s); {
	case !s.IsRemote():
		return nil, nil, usage("%s is a command, and only servers with a url have logins", server)
	case o == nil:
		return nil, nil, usage("%s has its Authorization in the configuration, under headers or forward; take that out to log in instead", server)
	case tokens() == nil:
		return nil, nil, &bindery.Error{
			Code: bindery.Invalid, Op: "find the folder of tokens", Err: errors.New("there is no home folder"), Hint: "set HOME or XDG_CONFIG_HOME",
		}
	default:
		return o, tokens(), nil
	}
}

// oauthOf is how a server's token is had; nil for a server that gets none, as it
// is no remote one or has another credential in the same place.
func oauthOf(name string, s config.Server) *oauth.Config {
	if !s.IsRemote() || sends(s, "Authorization") {
		return nil
	}
	o := &oauth.Config{Server: name, URL: s.URL.Reveal()}
	if c := s.OAuth; c != nil {
		o.ClientID, o.ClientSecret, o.PrivateKey = c.ClientID.Reveal(), c.ClientSecret.Reveal(), c.PrivateKey.Reveal()
		o.Scopes, o.RedirectPort, o.Grant, o.Issuer, o.Resource = c.Scopes, c.RedirectPort, string(c.Grant), c.Issuer, c.Resource
	}
	return o
}

// sends reports whether the configuration gives the server's requests a header.
func sends(s config.Server, header string) bool {
	for name := range s.Headers {
		if http.CanonicalHeaderKey(name) == header {
			return true
		}
	}
	for _, to := range s.Forward {
		if http.CanonicalHeaderKey(to) == header {
			return true
		}
	}
	return false
}

// tokens are kept in bindery's folder of the user's configuration; nil for a user
// without a home.
func tokens() oauth.TokenStore {
	dir := config.Folder()
	if dir == "" {
		return nil
	}
	return oauth.Folder(filepath.Join(dir, "tokens"))
}
