// Package search finds documents about tools by the words of a query.
//
//	[]Document → New → Index;  a query → words → terms of the vocabulary → Find → places of documents, the best first
package search
