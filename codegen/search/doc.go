// Package search finds the tools that answer to a query in a user's words.
//
//	[]Document → New → Index;  query → words → terms of the vocabulary → Find → places of documents, the best first
//
// A word of a query is answered by the same word of a tool's names,
// description or parameters in any of its English forms, by words that are used
// for the same thing (lexicon.txt), alone or in a phrase, by longer words with
// the same beginning, and if it is unknown by those spelled nearly like it.
// Numbers and addresses are what a tool is given, and do not count. The answers
// are ranked by BM25F, in which a tool has a part of what its server speaks of.
//
// What was tried and found not to help: a whole stemmer and the common roots of
// words, pairs of words in a row, a bonus for names that are answered in full,
// less weight for everyday words, and other tools of a kind before more of the
// same.
//
// Texts come from outside. Every one of them is bounded in bytes, every
// document in words, every server in what it takes of the index, and every
// query in what it reads of it, so that nothing a server or a script says makes
// a search slow.
package search
