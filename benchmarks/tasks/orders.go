package tasks

import (
	"fmt"
	"strings"
)

// The database of T2.
const (
	customerCount   = 60
	enterpriseCount = 20
	orderCount      = 400
)

// ordersSQL are the statements that make the database, one text for each call.
// The server that is measured runs them itself, so that nothing else here has
// to write SQLite files.
func ordersSQL(seed uint64) []string {
	d := newDice(seed, "orders")
	schema := `CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, segment TEXT NOT NULL, country TEXT NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), placed_on TEXT NOT NULL, product TEXT NOT NULL, quantity INTEGER NOT NULL, status TEXT NOT NULL, total REAL NOT NULL);`
	var customers, orders []string
	first := []string{"Nordwind", "Aster", "Bluefin", "Cobalt", "Delta", "Ember", "Fjord", "Granit", "Halcyon", "Iris", "Juniper", "Kestrel"}
	kinds := []string{"Logistics", "Retail", "Foods", "Energy", "Studios"}
	finishes, products, sizes := []string{"Galvanised", "Powder-coated", "Untreated"}, []string{"pallet rack", "conveyor belt", "loading ramp", "storage crate"}, []string{"small", "medium", "extra large"}
	for i := range customerCount {
		segment := "enterprise"
		if i >= enterpriseCount {
			segment = pick(d, []string{"midmarket", "small"})
		}
		name := first[i%len(first)] + " " + kinds[i/len(first)]
		customers = append(customers, fmt.Sprintf("(%d,'%s','%s','%s')", i+1, name, segment, pick(d, []string{"DE", "FR", "PL", "SE", "PT"})))
	}
	for i := range orderCount {
		orders = append(orders, fmt.Sprintf("(%d,%d,'%s','%s',%d,'%s',%d.%02d)", 1001+i, d.between(1, customerCount), d.date(),
			pick(d, finishes)+" "+pick(d, products)+", "+pick(d, sizes), d.between(1, 400),
			pick(d, []string{"paid", "paid", "paid", "open", "cancelled"}), d.between(40, 9800), d.between(1, 99)))
	}
	return []string{
		schema,
		"INSERT INTO customers VALUES " + strings.Join(customers, ",") + ";",
		"INSERT INTO orders VALUES " + strings.Join(orders, ",") + ";",
	}
}
