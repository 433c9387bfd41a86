package stdio

import (
	"os"
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
