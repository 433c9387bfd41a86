package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
)

// openBrowser has the system show a page. It does not wait for the browser.
func openBrowser(ctx context.Context, page string) error {
	var argv []string
	switch runtime.GOOS {
	case "darwin":
		argv = []string{"open", page}
	case "windows":
		argv = []string{"rundll32", "url.dll,FileProtocolHandler", page}
	default:
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" && os.Getenv("BROWSER") == "" {
			return errors.New("there is no display")
		}
		argv = []string{"xdg-open", page}
	}
	if out, err := exec.CommandContext(ctx, argv[0], argv[1:]...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w %.200s", argv[0], err, out)
	}
	return nil
}
