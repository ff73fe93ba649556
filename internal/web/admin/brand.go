package admin

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"

	"goodturn/internal/brand"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// maxLogoUpload is the largest form with a logo, in bytes; what is kept of it is small.
const maxLogoUpload = 8 << 20

// brands answers GET /admin/brands: the desk's own looks, and those of the organisations.
func (a *Admin) brands(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	view := BrandsView{}
	err := a.read(r, v, brandSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		all, err := person.Organisations(ctx, tx)
		if err != nil {
			return err
		}
		for _, o := range append([]person.Organisation{{Name: i18n.T(ctx, "The desk itself")}}, all...) {
			b, err := brand.Get(ctx, tx, o.ID)
			if err != nil {
				return err
			}
			view.Brands = append(view.Brands, BrandRow{Of: o.Name, URL: path(brandSection, o.ID), Name: b.Name, Address: atAddress(b.Slug), Own: b.ChangedAt != 0})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, BrandsPage(view))
}

func atAddress(slug string) string {
	if slug == "" {
		return ""
	}
	return "/at/" + slug
}

// brandOf reads whose brand an address names: 0 is the desk's own.
func (a *Admin) brandOf(ctx context.Context, tx *db.Tx, r *http.Request) (b brand.Brand, of string, err error) {
	id, err := strconv.ParseInt(r.PathValue("brand"), 10, 64)
	if err != nil || id < 0 {
		return b, "", fault.NotFound(i18n.M("There is no such organisation."))
	}
	of = i18n.T(ctx, "The desk itself")
	if id != 0 {
		o, err := organisationByID(ctx, tx, id)
		if err != nil {
			return b, "", err
		}
		of = o.Name
	}
	b, err = brand.Get(ctx, tx, id)
	return b, of, err
}

// brand answers GET /admin/brands/{brand}.
func (a *Admin) brand(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showBrand(w, r, v, http.StatusOK, nil, nil)
}

// showBrand shows a brand as it is stored, or as it was typed.
func (a *Admin) showBrand(w http.ResponseWriter, r *http.Request, v page.Visit, status int, typed *brand.Brand, wrong map[string]string) error {
	var view BrandView
	err := a.read(r, v, brandSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		b, of, err := a.brandOf(ctx, tx, r)
		if err != nil {
			return err
		}
		view.Of, view.URL, view.HasLogo, view.Desk, view.Address = of, path(brandSection, b.ID), len(b.Logo) > 0, b.ID == 0, atAddress(b.Slug)
		if typed != nil {
			b = *typed
		}
		view.Wrong = len(wrong) > 0
		view.Name, view.Headline, view.Sentence = b.Name, b.Headline, b.Sentence
		view.Slug, view.Accent, view.AccentDark = Field{b.Slug, wrong["slug"]}, Field{b.Accent, wrong["accent"]}, Field{b.AccentDark, wrong["accent_dark"]}
		view.Links, view.LogoError, view.LanguagesError = Field{b.Links, wrong["links"]}, wrong["logo"], wrong["languages"]
		for _, l := range i18n.Languages() {
			view.Languages = append(view.Languages, LanguageTick{Code: l.Code, Name: l.Name, On: strings.Contains(" "+b.Languages+" ", " "+l.Code+" ")})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, BrandPage(view))
}

// saveBrand answers POST /admin/brands/{brand}.
func (a *Admin) saveBrand(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	logo, err := uploadedLogo(r)
	if err != nil {
		return err
	}
	ctx, value := r.Context(), r.PostFormValue
	var b brand.Brand
	err = a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		was, _, err := a.brandOf(ctx, tx, r)
		if err != nil {
			return err
		}
		b = was
		b.Name, b.Slug, b.Headline, b.Sentence, b.Links = value("name"), value("slug"), value("headline"), value("sentence"), value("links")
		b.Accent, b.AccentDark, b.Languages = value("accent"), value("accent_dark"), strings.Join(r.PostForm["language"], " ")
		if value("no_logo") != "" {
			b.Logo, b.LogoType, b.LogoWidth, b.LogoHeight = nil, "", 0, 0
		}
		if err := brand.Save(ctx, tx, b, logo); err != nil {
			return err
		}
		return audit(ctx, tx, v, "looks changed", "organisation", b.ID, changes(change("name", was.Name, b.Name), change("accent", was.Accent, b.Accent)))
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showBrand(w, r, v, http.StatusUnprocessableEntity, &b, wrong)
	}
	if err != nil {
		return err
	}
	if err := a.Brands.Sweep(ctx); err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "The looks are saved."), path(brandSection, b.ID))
}

// uploadedLogo reads the picture of a form; nil for none.
func uploadedLogo(r *http.Request) ([]byte, error) {
	if r.MultipartForm == nil {
		return nil, nil
	}
	defer r.MultipartForm.RemoveAll()
	for _, h := range r.MultipartForm.File["logo"] {
		if h.Size == 0 {
			continue
		}
		f, err := h.Open()
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return io.ReadAll(f)
	}
	return nil, nil
}
