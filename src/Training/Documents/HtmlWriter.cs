using System.Text.Encodings.Web;
using System.Text.Unicode;
using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Documents;

/// <summary>
/// Writes a report as one HTML file that needs nothing else: figures are SVG elements, the style is in it, and there is no
/// script. It follows the reader's choice of a light or dark page, and prints on white.
/// </summary>
internal static class HtmlWriter
{
    /// <summary>Characters in a row of a table that fits the narrowest screens; rows of others become lists there.</summary>
    private const double NarrowTable = 30;

    /// <summary>
    /// Characters in a row for which a sheet of A4 has room in the print of tables, and a screen that is not narrow.
    /// </summary>
    private const double MostCharacters = 100;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Writes a report.</summary>
    public static void Write(Report report, TextWriter output)
    {
        string title = Encode(report.Title);
        output.WriteLine($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy"
              content="default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{title}</title>
            <style>
            {Style()}
            </style>
            </head>
            <body>
            <main>
            <h1>{title}</h1>
            <nav aria-label="Contents"><ul>
            """);
        foreach (ReportSection section in report.Sections)
            output.WriteLine($"<li><a href=\"#{section.Name}\">{Encode(section.Title)}</a></li>");
        output.WriteLine("</ul></nav>");
        foreach (ReportSection section in report.Sections)
        {
            output.WriteLine($"<section id=\"{section.Name}\">\n<h2>{Encode(section.Title)}</h2>");
            foreach (ReportBlock block in section.Blocks)
                Write(block, output);
            output.WriteLine("</section>");
        }
        output.WriteLine("</main>\n</body>\n</html>");
    }

    private static void Write(ReportBlock block, TextWriter output)
    {
        switch (block)
        {
            case ReportParagraph paragraph:
                output.WriteLine($"<p>{Encode(paragraph.Text)}</p>");
                break;
            case ReportLink link:
                output.WriteLine($"<p><a href=\"{Encode(link.Target)}\">{Encode(link.Label)}</a>{Encode(link.Text)}</p>");
                break;
            case ReportList list:
                output.WriteLine($"<ul>{string.Concat(list.Items.Select(item => $"<li>{Encode(item)}</li>"))}</ul>");
                break;
            case ReportTable table:
                Write(table, output);
                break;
            case ReportFigure { Figure: var figure, Caption: var caption }:
                output.WriteLine($"<figure>\n{figure.ToHtml()}\n<figcaption>{Encode(caption)}</figcaption>\n</figure>");
                break;
            case ReportFindings findings:
                output.WriteLine("<ul class=\"findings\">");
                foreach (Finding finding in findings.Findings)
                    Write(finding, output);
                output.WriteLine("</ul>");
                break;
            default:
                throw new ArgumentException($"no way to write a {block.GetType().Name} as HTML", nameof(block));
        }
    }

    private static void Write(ReportTable table, TextWriter output)
    {
        foreach (ReportTable part in TableParts.Of(table, MostCharacters))
            WritePart(part, output);
    }

    private static void WritePart(ReportTable table, TextWriter output)
    {
        string StyleOf(int column) => TableParts.IsBroken(table, column) ? "long" : table.Columns[column].IsText ? "text" : "";
        string Cell(string text, int column)
        {
            string style = $"{StyleOf(column)}{(column < table.Keys ? " key" : "")}".Trim();
            string label = table.Columns[column].Label;
            return $"<td{Attribute("class", style)}{Attribute("data-label", label)}>{Encode(text)}</td>";
        }

        string headings = string.Concat(
            table.Columns.Select((column, at) => $"<th{Attribute("class", StyleOf(at))}>{Encode(column.Heading)}</th>"));
        output.WriteLine($"<p class=\"caption\">{Encode(table.Caption)}</p>");
        // Where the page is so narrow that even a part does not fit, it scrolls by itself, also for a reader with a keyboard.
        output.WriteLine($"<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"{Encode(table.Caption)}\">");
        output.WriteLine(
            $"<table id=\"table-{table.Name}\"{Attribute("class", TableParts.WidthOf(table) > NarrowTable ? "wide" : "")}>");
        output.WriteLine($"<thead><tr>{headings}</tr></thead>\n<tbody>");
        foreach (IReadOnlyList<string> row in table.Rows)
            output.WriteLine($"<tr>{string.Concat(row.Select(Cell))}</tr>");
        output.WriteLine("</tbody>\n</table>\n</div>");
    }

    private static string Attribute(string name, string value) => value.Length == 0 ? "" : $" {name}=\"{Encode(value)}\"";

    private static void Write(Finding finding, TextWriter output)
    {
        output.WriteLine($"<li><strong>{Encode(finding.Claim)}</strong> {Badge(finding.Verdict)}\n<ul>");
        foreach (Condition condition in finding.Conditions)
        {
            output.WriteLine($"<li>{Encode(condition.Statement)}: {condition.Verdict.InWords()}.");
            output.WriteLine($"<br><small>{Encode(condition.Evidence)}</small></li>");
        }
        output.WriteLine("</ul></li>");
    }

    private static string Badge(Verdict verdict)
    {
        var (style, sign) = verdict switch
        {
            Verdict.Holds => ("yes", "✓"),
            Verdict.DoesNotHold => ("no", "✗"),
            _ => ("open", "?"),
        };
        return $"<span class=\"verdict {style}\"><span aria-hidden=\"true\">{sign}</span> {verdict.InWords()}</span>";
    }

    private static string Encode(string text) => Encoder.Encode(VisibleText.OneLine(text));

    /// <summary>The font, the figures' colours as variables, and the file report.css.</summary>
    private static string Style()
    {
        using Stream stream = typeof(HtmlWriter).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return $"""
            {FigureFont.CssRule}
            {FigureColor.CssRules()}
            {reader.ReadToEnd().TrimEnd()}
            """;
    }
}
