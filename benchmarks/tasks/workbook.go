package tasks

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
)

// writeWorkbook writes the least file that is an Excel workbook (ECMA-376 part
// 1, section 8), with one sheet: the Excel server changes workbooks and does
// not make them.
func writeWorkbook(path, sheet string) error {
	const (
		header  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
		main    = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
		rels    = `http://schemas.openxmlformats.org/package/2006/relationships`
		office  = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
		content = `application/vnd.openxmlformats-officedocument.spreadsheetml.`
	)
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for _, part := range []struct{ name, xml string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + content + `sheet.main+xml"/>` +
			`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + content + `worksheet+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + rels + `">` +
			`<Relationship Id="rId1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="` + main + `" xmlns:r="` + office + `">` +
			`<sheets><sheet name="` + sheet + `" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + rels + `">` +
			`<Relationship Id="rId1" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", `<worksheet xmlns="` + main + `"><dimension ref="A1:D1"/><sheetData/></worksheet>`},
	} {
		w, err := z.Create(part.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, header+part.xml); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, file.Bytes(), 0o644)
}

// maxSheet bounds what is unpacked of a workbook.
const maxSheet = 4 << 20

// sheetsOf returns the cells of a workbook as the file has them, without what
// says when and by which program it was written.
func sheetsOf(path string) (string, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return "", fmt.Errorf("open the workbook: %w", err)
	}
	defer func() { _ = z.Close() }()
	var b strings.Builder
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "xl/worksheets/") && f.Name != "xl/sharedStrings.xml" {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return "", fmt.Errorf("read %s of the workbook: %w", f.Name, err)
		}
		text, err := io.ReadAll(io.LimitReader(r, maxSheet))
		_ = r.Close()
		if err != nil {
			return "", fmt.Errorf("read %s of the workbook: %w", f.Name, err)
		}
		fmt.Fprintf(&b, "%s\n%s\n", f.Name, text)
	}
	return b.String(), nil
}
