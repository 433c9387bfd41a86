package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// crawlTasks are T4: ten pages of a shop through a browser, into a CSV file
// and, what is out of stock, into the memory server. T4a reads snapshots of the
// pages, as a model does that knows nothing better; T4b takes the cells out in
// the browser.
func crawlTasks() []Task {
	t := Task{
		Servers: []string{"playwright", "filesystem", "memory"},
		site:    true,
		files:   func(_ context.Context, w *world) error { return writeMemory(w.dir, nil) },
		slip:    [2]string{"observations: [", "observation: ["},
		outputs: filesOf("stock.csv", memoryFile),
	}
	a, b := t, t
	a.ID, a.Title, a.script, a.look = "T4a", "ten pages by snapshot, one after another", script("t4a"), script("t4a_look")
	a.uses = []string{"playwright.browser_navigate", "playwright.browser_snapshot", "filesystem.write_file", "memory.create_entities"}
	a.find = []string{"navigate to url", "page snapshot", "write file", "create entities"}
	a.plain = func(ctx context.Context, p *plain) (string, error) {
		return "", plainCrawl(ctx, p, request{"playwright", "browser_snapshot", args{}}, snapshotRows)
	}
	b.ID, b.Title, b.script, b.look = "T4b", "the same by a function in the page", script("t4b"), script("t4b_look")
	b.uses = []string{"playwright.browser_navigate", "playwright.browser_evaluate", "filesystem.write_file", "memory.create_entities"}
	b.find = []string{"navigate to url", "evaluate javascript", "write file", "create entities"}
	b.plain = func(ctx context.Context, p *plain) (string, error) {
		return "", plainCrawl(ctx, p, request{"playwright", "browser_evaluate", args{"function": inPage}}, evaluatedRows)
	}
	return []Task{a, b}
}

const inPage = `() => [...document.querySelectorAll('tbody tr')].map(r => [...r.cells].map(c => c.textContent))`

func snapshotRows(text string) ([][]string, error) {
	cell := regexp.MustCompile(`cell "([^"]*)"`)
	var rows [][]string
	for _, row := range regexp.MustCompile(`- row.*\n(?:\s+- cell .*\n?)+`).FindAllString(text, -1) {
		var cells []string
		for _, m := range cell.FindAllStringSubmatch(row, -1) {
			cells = append(cells, m[1])
		}
		rows = append(rows, cells)
	}
	return rows, nil
}

func evaluatedRows(text string) ([][]string, error) {
	var rows [][]string
	_, rest, _ := strings.Cut(text, "### Result\n")
	if err := json.NewDecoder(strings.NewReader(rest)).Decode(&rows); err != nil {
		return nil, fmt.Errorf("read the cells of a page: %w", err)
	}
	return rows, nil
}

func plainCrawl(ctx context.Context, p *plain, look request, rowsIn func(string) ([][]string, error)) error {
	var csv strings.Builder
	csv.WriteString("sku,name,category,price,stock\n")
	var gone []entity
	for n := range pageCount {
		if _, err := p.turn(ctx, request{"playwright", "browser_navigate", args{"url": fmt.Sprintf("%s/page/%d", p.world.url, n+1)}}); err != nil {
			return err
		}
		replies, err := p.turn(ctx, look)
		if err != nil {
			return err
		}
		rows, err := rowsIn(replies[0])
		if err != nil {
			return err
		}
		for _, r := range rows {
			if len(r) != 5 {
				return errors.New("a row of the page has not five cells")
			}
			csv.WriteString(strings.Join(r, ",") + "\n")
			if r[4] == "0" {
				gone = append(gone, entity{r[0], "product", []string{"out of stock: " + r[1]}})
			}
		}
	}
	_, err := p.turn(ctx,
		request{"filesystem", "write_file", args{"path": p.world.path("stock.csv"), "content": csv.String()}},
		request{"memory", "create_entities", args{"entities": gone}})
	return err
}
