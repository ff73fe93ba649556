package mailmsg

func (c *collector) unpackTNEF(data []byte) bool { return false }
