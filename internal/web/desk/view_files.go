package desk

// FileStrip is the files of a ticket in one place.
type FileStrip struct {
	Number int64
	// Count is how many there are, Size what they are together in bytes; Files are the first of them.
	Count int
	Size  int64
	Files []Attachment
}

// FilesView is the page of all files of a ticket.
type FilesView struct {
	Frame   Frame
	Number  int64
	Subject string
	Count   int
	Size    int64
	Files   []Attachment
	// More leads to the files after these, or is "".
	More string
}
