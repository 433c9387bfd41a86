package stdio

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// baseEnv are the variables a server gets from the gateway's own environment:
// the ones the MCP SDKs pass on by default, and those for locale, time zone
// and temporary files. Everything else, above all other servers' secrets and
// proxies with passwords in them, has to be in the server's configuration.
func baseEnv() []string {
	if runtime.GOOS == "windows" {
		return []string{
			"APPDATA", "COMSPEC", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "PATH", "PATHEXT", "PROCESSOR_ARCHITECTURE",
			"PROGRAMDATA", "PROGRAMFILES", "SYSTEMDRIVE", "SYSTEMROOT", "TEMP", "TMP", "USERNAME", "USERPROFILE", "WINDIR",
		}
	}
	return []string{"HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER"}
}

// environ returns the environment of a server, sorted by name.
func environ(own map[string]string) []string {
	var env []string
	for _, name := range baseEnv() {
		if _, ok := own[name]; ok {
			continue
		}
		// A value that starts with "()" is a function that an old bash exported.
		if v, ok := os.LookupEnv(name); ok && !strings.HasPrefix(v, "()") {
			env = append(env, name+"="+v)
		}
	}
	for name, v := range own {
		env = append(env, name+"="+v)
	}
	slices.Sort(env)
	return env
}

// lookPath returns the file of a command: one without a folder is looked for
// in the PATH that the server gets, one with a relative folder from dir on.
// Folders in PATH that are relative are passed over, as os/exec does.
func lookPath(command, dir string, env []string) (string, error) {
	if filepath.Base(command) != command {
		if dir != "" && !filepath.IsAbs(command) {
			// Absolute, because os/exec looks from the gateway's own folder.
			abs, err := filepath.Abs(filepath.Join(dir, command))
			if err != nil {
				return "", err
			}
			command = abs
		}
		return exec.LookPath(command)
	}
	for _, folder := range filepath.SplitList(searchPath(env)) {
		if !filepath.IsAbs(folder) {
			continue
		}
		if file, err := exec.LookPath(filepath.Join(folder, command)); err == nil {
			return file, nil
		}
	}
	return "", &exec.Error{Name: command, Err: exec.ErrNotFound}
}

// searchPath returns the value of PATH, whose case Windows ignores; the last
// of several counts, as in os/exec.
func searchPath(env []string) string {
	path := ""
	for _, v := range env {
		name, value, _ := strings.Cut(v, "=")
		if name == "PATH" || runtime.GOOS == "windows" && strings.EqualFold(name, "PATH") {
			path = value
		}
	}
	return path
}
