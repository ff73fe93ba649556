package ticket

// SetRareList sets how many tickets are few, until back is called.
func SetRareList(n int) (back func()) {
	was := rareList
	rareList = n
	return func() { rareList = was }
}
