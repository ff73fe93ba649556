package admin

// BrandsView lists whose looks can be set.
type BrandsView struct {
	Frame  Frame
	Brands []BrandRow
}

// BrandRow is one in the list; Own says that something was set.
type BrandRow struct {
	Of, URL, Name, Address string
	Own                    bool
}

// BrandView is the form of how pages look.
type BrandView struct {
	Frame                           Frame
	Of, URL, Address                string
	Wrong, HasLogo, Desk            bool
	Name, Headline, Sentence        string
	Slug, Accent, AccentDark, Links Field
	LogoError, LanguagesError       string
	Languages                       []LanguageTick
}

// LanguageTick is a language that may be offered.
type LanguageTick struct {
	Code, Name string
	On         bool
}
