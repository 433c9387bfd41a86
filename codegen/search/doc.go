// Package search finds the tools that answer to a query in a user's words.
//
//	[]Document → New → Index;  query → words → terms of the vocabulary → Find → places of documents, the best first
//
// A word of a query is answered by the same word of a tool's names,
// description or parameters in any of its English forms, by words that are used
// for the same thing (lexicon.txt), by longer and shorter words with the same
// beginning, and if it is unknown by those spelled nearly like it. The answers
// are ranked by BM25F.
//
// Texts come from outside. Every one of them is bounded in bytes, every
// document in words, every server in what it takes of the index, and every
// query in what it reads of it, so that nothing a server or a script says makes
// a search slow.
package search
