package tasks

import (
	"fmt"
	"html"
	"net/http"
	"strings"
)

// The site of T4: tables of products, a page each.
const (
	pageCount   = 10
	rowsPerPage = 25
)

type product struct {
	SKU, Name, Category string
	Price               string
	Stock               int
}

func products(seed uint64) [][]product {
	d := newDice(seed, "products")
	adjectives := []string{"Folding", "Oak", "Enamel", "Brass", "Linen", "Quiet", "Travel", "Slim"}
	nouns := []string{"lamp", "kettle", "chair", "notebook", "apron", "clock", "basket", "shelf", "mug"}
	categories := []string{"Kitchen", "Office", "Living room", "Garden"}
	pages := make([][]product, pageCount)
	for i := range pages {
		for j := range rowsPerPage {
			p := product{
				SKU: fmt.Sprintf("SKU-%d%02d", i+1, j+1), Name: pick(d, adjectives) + " " + pick(d, nouns), Category: pick(d, categories),
				Price: fmt.Sprintf("%d.%02d", d.between(3, 180), d.below(100)), Stock: d.between(1, 250),
			}
			if d.chance(6) {
				p.Stock = 0
			}
			pages[i] = append(pages[i], p)
		}
	}
	return pages
}

// site serves the pages /page/1 to /page/10.
func site(seed uint64) http.Handler {
	mux := http.NewServeMux()
	for i, page := range products(seed) {
		mux.HandleFunc(fmt.Sprintf("GET /page/%d", i+1), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte(pageHTML(i+1, page)))
		})
	}
	return mux
}

func pageHTML(n int, page []product) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html><html lang="en"><head><title>Stock, page %d</title><link rel="icon" href="data:,"></head><body><h1>Stock, page %d of %d</h1>
<table><thead><tr><th>SKU</th><th>Name</th><th>Category</th><th>Price</th><th>Stock</th></tr></thead><tbody>
`, n, n, pageCount)
	for _, p := range page {
		fmt.Fprintf(&b, "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%d</td></tr>\n", p.SKU, html.EscapeString(p.Name), p.Category, p.Price, p.Stock)
	}
	b.WriteString("</tbody></table></body></html>\n")
	return b.String()
}
