package demodata

func Attachment(kind string, seed uint64) ([]byte, string) { return []byte("x"), "text/plain" }
