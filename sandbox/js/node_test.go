package js_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/bindery-mcp/bindery/sandbox/js"
)

// knownDifferences are the snippets of testdata/node whose value here is not
// node's, and why. Each must still differ, or it leaves the list.
func knownDifferences() map[string]string {
	return map[string]string{
		`/b/d.exec("abc").indices[0]`:                                                                            "the flag d is refused",
		`/[\p{L}--[a-z]]/v.test("é")`:                                                                            "the flag v is refused",
		`/\p{Script_Extensions=Greek}/u.test("α")`:                                                               "package unicode has no script extensions; refused",
		`new Intl.NumberFormat("de-DE").format(1234.5)`:                                                          "numbers are written in English; other locales are refused",
		`new Date(0).toLocaleDateString("de-DE", {timeZone: "UTC"})`:                                             "dates are written in English or like ISO 8601; other locales are refused",
		`new Intl.NumberFormat("en", {style: "unit", unit: "byte"}).format(5)`:                                   "units are refused",
		`new Intl.DateTimeFormat("en-US", {timeZone: "UTC", year: "numeric", era: "short"}).format(0)`:           "eras are refused",
		`new Intl.NumberFormat("en-US", {style: "currency", currency: "USD", notation: "compact"}).format(1500)`: "compact currencies are refused",
		`typeof Intl.Segmenter`:                                                                                  "Intl has NumberFormat, DateTimeFormat, Collator, PluralRules, ListFormat and RelativeTimeFormat",
		`[..."héllo"].map(c => c.localeCompare("i", "sv"))`:                                                      "only languages that sort by the root collation; others are refused",
		`"I".toLocaleLowerCase("tr")`:                                                                            "letters of Turkish and the like are refused",
		`eval("1 + 1")`:                                                                                          "code cannot be made from strings",
		`new Function("return 1")()`:                                                                             "code cannot be made from strings",
		`[typeof process, typeof require, typeof Buffer, typeof fetch]`:                                          "a script has no access to its host",
		`[typeof crypto, typeof performance, typeof AbortController]`:                                            "not there",
		`[typeof SharedArrayBuffer, typeof Atomics, typeof FinalizationRegistry, typeof WebAssembly]`:            "not there",
		`typeof Error.captureStackTrace`:                                                                         "V8's own",
		`JSON.parse('"\\ud800"').charCodeAt(0)`:                                                                  "half of a surrogate pair becomes U+FFFD",
		`JSON.stringify({a: 1n})`:                                                                                "BigInt is written as its digits, so that large ids survive",
		`JSON.stringify(Object(Symbol()))`:                                                                       "a wrapped symbol is left out",
		`JSON.stringify([new Number(1), new String("a"), new Boolean(false), Object(Symbol())])`:                 "a wrapped symbol is left out",
		`(() => { try { null.x } catch (e) { return e.message } })()`:                                            "the texts of the engine's errors are its own",
		`new Date(0).toString()`:                                                                                 "the zone is named by its abbreviation",
		`[new Date(0)].join()`:                                                                                   "the zone is named by its abbreviation",
		`(() => { let n = 0; const f = () => { n++; f() }; try { f() } catch { return n > 1000 } })()`:           "a call stack of 500 frames ends the script",
		`new TextDecoder("latin1").decode(new Uint8Array([233]))`:                                                "only UTF-8",
		`String(Object.getOwnPropertyDescriptor(globalThis, "URL").value).slice(0, 9)`:                           "URL, URLSearchParams and Intl are made when they are first used",
		`(() => { try { structuredClone(() => 1) } catch (e) { return e.name } })()`:                             "there is no DOMException",
		`(() => { try { atob("a") } catch (e) { return e.name } })()`:                                            "there is no DOMException",
		`(() => { namespace N { export const x = 1; export function f() { return x + 1 } } return N.f() })()`:    "a script is the body of a function, where TypeScript has no namespaces",
	}
}

// nodeProgram evaluates each expression of a list, and answers with the JSON
// of its value or the name of what it threw; in the zone that scripts have.
const nodeProgram = `
const Async = (async () => {}).constructor;
const run = async () => {
  const out = [];
  for (const s of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
    try {
      out.push({value: JSON.stringify(await new Async('"use strict"; return (' + s + "\n)")()) ?? ""});
    } catch (e) {
      out.push({threw: e?.name ?? "nothing", message: String(e?.message)});
    }
  }
  console.log(JSON.stringify(out));
};
run();`

// evaluated is how an expression ended.
type evaluated struct{ Value, Threw, Message string }

// snippet is one line of testdata/node: an expression, and what it stands for
// in plain JavaScript, itself if nothing else is said.
type snippet struct{ group, source, plain string }

func snippets(t *testing.T) []snippet {
	t.Helper()
	paths, err := filepath.Glob("testdata/node/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	var list []snippet
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		group := strings.TrimSuffix(filepath.Base(path), ".txt")
		for _, s := range split(string(text)) {
			source, plain, differs := strings.Cut(s, " ⇒ ")
			if !differs {
				plain = source
			}
			list = append(list, snippet{group, source, plain})
		}
	}
	if len(list) < 300 {
		t.Fatalf("only %d snippets", len(list))
	}
	return list
}

// split returns the lines that are no comments; a line inside a template goes
// with the one before.
func split(text string) []string {
	var out []string
	open := false
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case open:
			out[len(out)-1] += "\n" + line
		case line == "" || strings.HasPrefix(line, "# "):
			continue
		default:
			out = append(out, line)
		}
		open = strings.Count(out[len(out)-1], "`")%2 == 1
	}
	return out
}

func askNode(t *testing.T, list []snippet) []evaluated {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("node is not installed, and this is CI")
		}
		t.Skip("node is not installed")
	}
	plain := make([]string, len(list))
	for i := range list {
		plain[i] = list[i].plain
	}
	in, err := json.Marshal(plain)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, "-e", nodeProgram)
	cmd.Stdin = strings.NewReader(string(in))
	cmd.Env = append(os.Environ(), "TZ=UTC", "LC_ALL=en_US.UTF-8")
	cmd.Stderr = os.Stderr
	raw, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	var want []evaluated
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	return want
}

// TestSameAsNode runs every snippet here and in node and compares the values.
// For what is newer than some node, the value written down is compared.
func TestSameAsNode(t *testing.T) {
	list := snippets(t)
	want := askNode(t, list)
	e := js.New()
	known := knownDifferences()
	seen := make(map[string]bool)
	for i, s := range list {
		t.Run(s.group+"/"+clipName(s.source), func(t *testing.T) {
			got := evaluate(t, e, s.source)
			reason, differs := known[s.source]
			seen[s.source] = true
			same := got.Threw == want[i].Threw && sameJSON(got.Value, want[i].Value)
			switch {
			case differs && same:
				t.Errorf("%s\nno longer differs from node: take it off the list (%s)", s.source, reason)
			case !differs && !same:
				t.Errorf("%s\ngot  %+v\nnode %+v", s.source, got, want[i])
			}
		})
	}
	for source := range known {
		if !seen[source] {
			t.Errorf("%s is on the list of differences, but in no file", source)
		}
	}
}

func clipName(s string) string { return s[:min(len(s), 40)] }

func evaluate(t *testing.T, e *js.Engine, source string) evaluated {
	t.Helper()
	out, err := e.Run(t.Context(), script("return ("+source+"\n)"), new(host))
	switch {
	case err != nil:
		t.Fatal(err)
	case out.Failure != nil:
		return evaluated{Threw: out.Failure.Name, Message: out.Failure.Message}
	}
	return evaluated{Value: string(out.Value)}
}

func sameJSON(a, b string) bool {
	if a == b {
		return true
	}
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	return reflect.DeepEqual(x, y)
}
