// Package line is the desk's work as those who wait see it: where they stand, how long it will probably take, and why somebody came
// before them.
//
//	place, err := line.PlaceOf(ctx, tx, t)   // 2nd in line, or third of what Amara has
//
// Invariants: the order is that of routing.Order, by which *take next* gives out work, and of nothing else; what is told about others
// is how many they are, never who or what.
package line
