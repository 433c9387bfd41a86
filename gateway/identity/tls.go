package identity

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"sync/atomic"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/internal/atomicfile"
)

// maxPEM bounds each of the files of certificates and keys.
const maxPEM = 1 << 20

// Server is the gateway's end of TLS: its certificate, and what clients' own
// must be signed by. Connections that are open keep what they began with.
type Server struct{ now atomic.Pointer[tls.Config] }

// NewServer reads the files of the configuration.
func NewServer(cfg config.TLS) (*Server, error) {
	s := new(Server)
	if err := s.Reload(cfg); err != nil {
		return nil, err
	}
	return s, nil
}

// Reload reads the files again. If that fails, those before stay in use.
func (s *Server) Reload(cfg config.TLS) error {
	next, err := read(cfg)
	if err != nil {
		return &bindery.Error{Code: bindery.Invalid, Op: "read the certificates", Err: err, Hint: "tls in the configuration names PEM files: cert, key, clientCA"}
	}
	s.now.Store(next)
	return nil
}

// Config returns the configuration for a listener, which follows each Reload.
func (s *Server) Config() *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return s.now.Load(), nil },
	}
}

func read(cfg config.TLS) (*tls.Config, error) {
	cert, err := readPEM(cfg.Cert)
	if err != nil {
		return nil, err
	}
	key, err := readPEM(cfg.Key)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("%s and %s: %w", cfg.Cert, cfg.Key, err)
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2", "http/1.1"}}
	if cfg.ClientCA == "" {
		return c, nil
	}
	ca, err := readPEM(cfg.ClientCA)
	if err != nil {
		return nil, err
	}
	c.ClientCAs = x509.NewCertPool()
	if !c.ClientCAs.AppendCertsFromPEM(ca) {
		return nil, fmt.Errorf("%s holds no certificate", cfg.ClientCA)
	}
	// A resumed connection would bring along what was verified under the
	// certificates of before.
	c.SessionTicketsDisabled = true
	c.ClientAuth = tls.VerifyClientCertIfGiven
	if cfg.Require {
		c.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return c, nil
}

func readPEM(path string) ([]byte, error) {
	data, err := atomicfile.Read(path, maxPEM)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return data, nil
}
