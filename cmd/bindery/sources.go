package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/secrets"
)

// sources are where the references of one configuration are looked up. The
// store is decrypted once, and only if a reference asks for it.
func sources() config.Sources {
	read := sync.OnceValues(func() (secrets.Values, error) { return secretStore().Read() })
	return config.Sources{
		Keychain: keychain,
		Command: func(ctx context.Context, dir string, argv []string) (string, error) {
			return secrets.Command(ctx, secrets.CommandTime, dir, argv)
		},
		Secret: func(_ context.Context, name string) (string, error) {
			values, err := read()
			if err != nil {
				return "", err
			}
			return values.Get(name)
		},
	}
}

// secretStore is in bindery's folder of the user's configuration.
func secretStore() *secrets.Store {
	return secrets.New(config.Folder(), os.Getenv(secrets.PassphraseVariable))
}

// keychainTime is how long the keychain may take: it may ask the user.
const keychainTime = 30 * time.Second

// keychain asks in a process of its own, which can be ended.
func keychain(ctx context.Context, service, account string) (string, error) {
	if err := secrets.CheckKeychain(os.Getenv); err != nil {
		return "", err
	}
	program, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find bindery itself: %w", err)
	}
	text, err := secrets.Command(ctx, keychainTime, "", []string{program, "secret", "keychain", "--", service, account})
	if err != nil {
		// The program is bindery, which says what was wrong.
		_, said, ok := strings.Cut(err.Error(), "bindery: ")
		if ok {
			return "", fmt.Errorf("%s", said)
		}
		return "", err
	}
	return text, nil
}
