package secrets

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/zalando/go-keyring"
)

// Keychain returns what the system's keychain keeps for an account of a
// service. It may ask the user, takes as long as they do, and cannot be ended:
// whoever wants a bound calls it in a process of its own.
func Keychain(service, account string) (string, error) {
	text, err := keyring.Get(service, account)
	switch {
	case err == nil:
	case errors.Is(err, keyring.ErrNotFound):
		return "", fmt.Errorf("the keychain has no entry for the account %.64q of the service %.64q", account, service)
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return "", errors.New("bindery knows no keychain on this system; use ${secret:NAME} or ${file:PATH}")
	default:
		return "", fmt.Errorf("the keychain does not answer: %w", err)
	}
	if err := checkValue(text); err != nil {
		return "", fmt.Errorf("the entry of the keychain cannot be used: %w", err)
	}
	return text, nil
}

// CheckKeychain returns an error where there is certainly no keychain. Asking
// would start a D-Bus of nobody's.
func CheckKeychain(getenv func(string) string) error {
	switch runtime.GOOS {
	case "darwin", "windows":
		return nil
	}
	if strings.TrimSpace(getenv("DBUS_SESSION_BUS_ADDRESS")) != "" {
		return nil
	}
	if dir := getenv("XDG_RUNTIME_DIR"); dir != "" {
		if _, err := os.Stat(filepath.Join(dir, "bus")); err == nil {
			return nil
		}
	}
	return errors.New("there is no keychain here: no D-Bus session, which the Secret Service is reached by; use ${secret:NAME} or ${file:PATH}, or start bindery in the user's session")
}
