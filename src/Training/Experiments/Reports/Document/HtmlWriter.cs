using System.Text.Encodings.Web;
using System.Text.Unicode;
using IlgpuDistance.Training.Experiments.Reports.Claims;
using IlgpuDistance.Training.Experiments.Reports.Figures;

namespace IlgpuDistance.Training.Experiments.Reports.Document;

/// <summary>
/// Writes a report as one HTML file that needs nothing else: figures are SVG elements, the style is in it, and there is no
/// script. It follows the reader's choice of a light or dark page, and prints on white.
/// </summary>
public static class HtmlWriter
{
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
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:">
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
        string Cells(IEnumerable<string> cells, string element) => string.Concat(cells.Zip(table.Columns, (cell, column) =>
        {
            string style = column.IsLong ? " class=\"long\"" : column.IsText ? " class=\"text\"" : "";
            return $"<{element}{style}>{Encode(cell)}</{element}>";
        }));

        output.WriteLine($"<p class=\"caption\">{Encode(table.Caption)}</p>");
        // Wide tables scroll by themselves; a reader with a keyboard must be able to scroll them, too.
        output.WriteLine($"<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"{Encode(table.Caption)}\">");
        output.WriteLine($"<table id=\"table-{table.Name}\">");
        output.WriteLine($"<thead><tr>{Cells(table.Columns.Select(column => column.Heading), "th")}</tr></thead>\n<tbody>");
        foreach (IReadOnlyList<string> row in table.Rows)
            output.WriteLine($"<tr>{Cells(row, "td")}</tr>");
        output.WriteLine("</tbody>\n</table>\n</div>");
    }

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
        static string Variables(Func<FigureColor, string> shade) =>
            string.Concat(FigureColor.All.Select(color => $"{color.Variable}:{shade(color)};"));

        using Stream stream = typeof(HtmlWriter).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return $$"""
            {{FigureFont.CssRule}}
            :root { {{Variables(color => color.Light)}} }
            @media screen and (prefers-color-scheme: dark) { :root { {{Variables(color => color.Dark)}} } }
            {{reader.ReadToEnd().TrimEnd()}}
            """;
    }
}
