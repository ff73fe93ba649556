package mailmsg

func (m *Message) classify(root *entity, c *collector) {}
func authentication(h header) Authentication           { return Authentication{} }
