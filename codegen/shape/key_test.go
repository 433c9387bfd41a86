package shape_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// named reports whether a key is shown as the name of a field.
func named(key string) bool {
	return len(of(fmt.Sprintf("{%q:1}", key)).Type().Props) == 1
}

func TestKeysThatAreNames(t *testing.T) {
	t.Parallel()
	const keys = `id ID _id url htmlUrl html_url nodeId avatarURL createdAt created_at has_more nextPageToken __typename $ref $schema
		isUpToDate algorithm background thumbnail vulnerabilities trajectory checkpoint include_subgroups checksum md5 sha1 sha256 base64
		iso8601 ipv4 ipv4Address utf8 line1 address2 p95 p99_ms http2 i18n k8sVersion oauth2Token x y lat lng mimeType xml json sqlQuery
		rsvpStatus pswd pkts ctrlPlane DisplayName BucketName ETag LastModified SCREAMING_CASE image_24 image_1024 total_count_30d
		authenticationMechanisms internationalization acknowledgements squash_merge_commit_message allow_update_branch_use_squash_pr_title`
	for key := range strings.FieldsSeq(keys) {
		if !named(key) {
			t.Errorf("%q is taken for data", key)
		}
	}
}

func TestKeysThatAreData(t *testing.T) {
	t.Parallel()
	keys := []string{
		"", "ann@example.com", "PROJ-123", "PROJ_123", "user_42", "2026-01-02", "20260102", "12", "a b", "Ann Example", "a/b", "main.go",
		"example.com", "acme-corp", "@ann", "#general", "über", "ключ", "*/", "`", "deadbeef", "3f2a9c", "a1b2c3d4", "c0ffee12",
		"550e8400e29b41d4a716446655440000", "xKqZvBnTjLpWm", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "AKIAIOSFODNN7EXAMPLE",
		"sk_live_51H8xYzKq2VbNcT", "dGhpcyBpcyBhIHNlY3JldA", "U02ABCDEFGH", "\u200bid", "id\n", strings.Repeat("id_", 22),
	}
	for _, key := range keys {
		if named(key) {
			t.Errorf("%q is shown as a name", key)
		}
	}
}

// Random tokens are not words. How many pass is a property of the letters of
// words, so it is held to a share; the seed makes it the same each time.
func TestRandomTokens(t *testing.T) {
	t.Parallel()
	const tries = 2000
	for _, tc := range []struct {
		alphabet string
		length   int
		percent  int
	}{
		{alphanumeric[:26], 12, 4},
		{alphanumeric[:26], 20, 1},
		{alphanumeric, 12, 3},
		{alphanumeric, 20, 1},
		{alphanumeric[:52], 20, 1},
		{"abcdefghijklmnopqrstuvwxyz0123456789", 12, 2},
		{"0123456789abcdef", 8, 0},
	} {
		p := &planter{Rand: rand.New(rand.NewPCG(3, 4))}
		passed := 0
		for range tries {
			if named(p.from(tc.alphabet, tc.length)) {
				passed++
			}
		}
		if passed > tries*tc.percent/100 {
			t.Errorf("%d of %d tokens of %d from %q are shown as names", passed, tries, tc.length, tc.alphabet)
		}
	}
}
