package tasks

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// orderTasks are T2: the five largest paid orders of each of twenty customers,
// from a database into a workbook, and the ten largest of all into a table.
// T2a asks for the orders of each customer, T2b for all of them in one
// statement, as somebody does who knows SQL well.
func orderTasks() []Task {
	t := Task{
		Servers: []string{"dbhub", "excel", "filesystem"},
		files:   func(_ context.Context, w *world) error { return writeWorkbook(w.path("report.xlsx"), "Orders") },
		load: func(ctx context.Context, w *world) error {
			p := newPlain(w)
			for _, sql := range ordersSQL(w.seed) {
				if _, err := p.turn(ctx, request{"dbhub", "execute_sql", args{"sql": sql}}); err != nil {
					return err
				}
			}
			return nil
		},
		uses:    []string{"dbhub.execute_sql", "dbhub.search_objects", "excel.excel_describe_sheets", "excel.excel_write_to_sheet", "filesystem.write_file"},
		find:    []string{"execute sql", "search tables", "describe sheets", "write to sheet", "write file"},
		look:    script("t2_look"),
		probe:   script("t2_probe"),
		slip:    [2]string{"o.total.toFixed(2)", "o.amount.toFixed(2)"},
		outputs: orderOutputs,
	}
	a, b := t, t
	a.ID, a.Title, a.script = "T2a", "top orders, one query a customer", script("t2a")
	a.plain = func(ctx context.Context, p *plain) (string, error) { return "", plainOrders(ctx, p, eachCustomer) }
	b.ID, b.Title, b.script = "T2b", "the same with one clever query", script("t2b")
	b.plain = func(ctx context.Context, p *plain) (string, error) { return "", plainOrders(ctx, p, oneQuery) }
	return []Task{a, b}
}

func orderOutputs(w *world) (map[string]string, error) {
	found, err := filesOf("top10.md")(w)
	if err != nil {
		return nil, err
	}
	found["report.xlsx"], err = sheetsOf(w.path("report.xlsx"))
	return found, err
}

// order is a row of T2.
type order struct {
	ID       int
	Customer string
	Name     string // the customer's, where it is asked for customers
	Country  string
	PlacedOn string `json:"placed_on"`
	Product  string
	Quantity int
	Total    float64
}

func rowsOf(reply string) ([]order, error) {
	r, err := read[struct{ Data struct{ Rows []order } }](reply)
	return r.Data.Rows, err
}

func query(sql string) request { return request{"dbhub", "execute_sql", args{"sql": sql}} }

func eachCustomer(ctx context.Context, p *plain) ([]order, error) {
	replies, err := p.turn(ctx, query("SELECT id, name, country FROM customers WHERE segment = 'enterprise' ORDER BY name"))
	if err != nil {
		return nil, err
	}
	customers, err := rowsOf(replies[0])
	if err != nil {
		return nil, err
	}
	var queries []request
	for _, c := range customers {
		queries = append(queries, query(fmt.Sprintf(
			"SELECT id, placed_on, product, quantity, total FROM orders WHERE customer_id = %d AND status = 'paid' ORDER BY total DESC, id LIMIT 5", c.ID)))
	}
	if replies, err = p.turn(ctx, queries...); err != nil {
		return nil, err
	}
	var all []order
	for i, reply := range replies {
		rows, err := rowsOf(reply)
		if err != nil {
			return nil, err
		}
		for _, o := range rows {
			o.Customer, o.Country = customers[i].Name, customers[i].Country
			all = append(all, o)
		}
	}
	return all, nil
}

func oneQuery(ctx context.Context, p *plain) ([]order, error) {
	replies, err := p.turn(ctx, query(`SELECT customer, country, id, placed_on, product, quantity, total FROM (
  SELECT c.name AS customer, c.country, o.id, o.placed_on, o.product, o.quantity, o.total, row_number() OVER (PARTITION BY c.id ORDER BY o.total DESC, o.id) AS n
  FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.segment = 'enterprise' AND o.status = 'paid'
) WHERE n <= 5 ORDER BY customer, total DESC, id`))
	if err != nil {
		return nil, err
	}
	return rowsOf(replies[0])
}

func plainOrders(ctx context.Context, p *plain, ask func(context.Context, *plain) ([]order, error)) error {
	book := p.world.path("report.xlsx")
	_, err := p.turn(ctx,
		request{"dbhub", "search_objects", args{"object_type": "table", "detail_level": "full"}},
		request{"excel", "excel_describe_sheets", args{"fileAbsolutePath": book}})
	if err != nil {
		return err
	}
	orders, err := ask(ctx, p)
	if err != nil {
		return err
	}
	cells := [][]any{{"Customer", "Country", "Order", "Placed", "Product", "Quantity", "Total"}}
	for _, o := range orders {
		cells = append(cells, []any{o.Customer, o.Country, o.ID, o.PlacedOn, o.Product, o.Quantity, o.Total})
	}
	_, err = p.turn(ctx,
		request{"excel", "excel_write_to_sheet", args{
			"fileAbsolutePath": book, "sheetName": "Orders", "newSheet": false, "range": fmt.Sprintf("A1:G%d", len(cells)), "values": cells,
		}},
		request{"filesystem", "write_file", args{"path": p.world.path("top10.md"), "content": topTen(orders)}})
	return err
}

func topTen(orders []order) string {
	top := slices.SortedStableFunc(slices.Values(orders), func(a, b order) int { return int(100*b.Total) - int(100*a.Total) })
	var b strings.Builder
	b.WriteString("| Order | Customer | Total |\n|---|---|---|\n")
	for _, o := range top[:min(10, len(top))] {
		fmt.Fprintf(&b, "| %d | %s | %.2f |\n", o.ID, o.Customer, o.Total)
	}
	return b.String()
}
