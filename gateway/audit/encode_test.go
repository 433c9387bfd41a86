package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// Every field of a record is in its line, as encoding/json would write it by
// the tags that Parse reads it by.
func TestEncodeWritesEveryField(t *testing.T) {
	r := Record{Usage: new(Usage)}
	for _, v := range []reflect.Value{reflect.ValueOf(&r).Elem(), reflect.ValueOf(r.Usage).Elem()} {
		for i := range v.NumField() {
			switch f := v.Field(i); f.Interface().(type) {
			case time.Time:
				f.Set(reflect.ValueOf(time.Date(2026, 3, 4, 5, 6, 7, 8*i, time.UTC)))
			case json.RawMessage:
				f.SetBytes([]byte("{ \"a\": [1,\n2] }"))
			case *Usage:
			default:
				switch f.Kind() {
				case reflect.String:
					f.SetString("<\"ä\n\u2028> " + v.Type().Field(i).Name)
				case reflect.Uint64:
					f.SetUint(uint64(i) + 1<<62)
				default:
					f.SetInt(int64(-i) - 1)
				}
			}
		}
	}
	line, err := r.encode()
	if err != nil {
		t.Fatal(err)
	}
	hash := r.Hash
	got, err := Parse(bytes.TrimSuffix(line, []byte("\n")))
	if err != nil {
		t.Fatal(err)
	}
	if got.Hash != hash || bytes.Count(line, []byte("\n")) != 1 {
		t.Errorf("%q", line)
	}
	r.Args = json.RawMessage(`{"a":[1,2]}`)
	if !reflect.DeepEqual(got, r) {
		t.Errorf("wrote %+v\nread  %+v", r, got)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(line, &members); err != nil {
		t.Fatal(err)
	}
	if fields := reflect.TypeFor[Record]().NumField(); len(members) != fields {
		t.Errorf("%d members of %d fields", len(members), fields)
	}
	empty, err := (&Record{}).encode()
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.Marshal(Record{})
	if body, _, _ := bytes.Cut(empty, []byte(hashMember)); err != nil || string(body)+"}" != string(want) {
		t.Errorf("an empty record is %s, and should be %s", body, want)
	}
}

// FuzzDescribe holds the digest against what encoding/json makes of the
// arguments: it sorts keys, keeps the last of those of one name, and spells strings in one way.
func FuzzDescribe(f *testing.F) {
	for _, s := range []string{
		``, `{}`, ` {"b" : 1, "a":[ {"x": "y"}, 1e5, -0.0 ] } `, `{"a":1,"a":{"b":2},"\u0061":[]}`, `"\ud83d\ude00\u2028\b<"`, "\"\xff\"", `[[[]],{"":{}}]`,
		`nonsense`, `null`, `{"é":1,"z":2,"\"":3}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, args []byte) {
		digest, shape := describe(args)
		if len(bytes.TrimSpace(args)) == 0 {
			args = []byte("{}")
		}
		form := args
		if v, ok := decode(args); ok {
			var b bytes.Buffer
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(v); err != nil {
				t.Fatal(err)
			}
			form = bytes.TrimSuffix(b.Bytes(), []byte("\n"))
		} else if shape != "" {
			t.Errorf("%q has the shape %s", args, shape)
		}
		if sum := sha256.Sum256(form); digest != hex.EncodeToString(sum[:]) {
			t.Errorf("%q: the digest is not that of %s", args, form)
		}
	})
}
