using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Statistics;
using SkiaSharp;

namespace IlgpuDistance.Training.Tests.Reports;

/// <summary>The files of a whole report on <see cref="SmallReport"/>.</summary>
public sealed partial class ReportFolderTests(SmallReport small) : IClassFixture<SmallReport>
{
    private string Folder => small.Folder;

    private string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    [Fact]
    public void A_report_consists_of_these_files_and_no_others_however_often_it_is_written()
    {
        string[] expected =
        [
            "differences.csv", "figures/accuracy.png", "figures/accuracy.svg", "figures/learning-curves-plain.png",
            "figures/learning-curves-plain.svg",
            "figures/learning-curves.png", "figures/learning-curves.svg", "report.html", "report.md", "runs.csv", "summary.csv",
            "tables.tex",
        ];
        string[] Files() => [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, Files());

        Dictionary<string, byte[]> first =
            expected.ToDictionary(file => file, file => File.ReadAllBytes(Path.Combine(Folder, file)));
        small.Write();
        Assert.Equal(expected, Files());
        Assert.All(expected, file => Assert.Equal(first[file], File.ReadAllBytes(Path.Combine(Folder, file))));
    }

    [Fact]
    public void A_report_is_written_through_links_also_where_they_lead_to_no_file_yet()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["report"]);
        foreach (string name in new[] { "report.md", "summary.csv" })
            File.CreateSymbolicLink(folder[$"report/{name}"], $"../{name}");
        small.Write(folder["report"]);
        Assert.Equal(Read("report.md"), File.ReadAllText(folder["report.md"]));
        Assert.Equal(Read("summary.csv"), File.ReadAllText(folder["summary.csv"]));
        Assert.NotNull(new FileInfo(folder["report/report.md"]).LinkTarget);
    }

    [Fact]
    public void The_summary_gives_every_figure_back()
    {
        List<string[]> rows = ParseCsv(Read("summary.csv"));
        Assert.Equal(8, rows.Count);
        Assert.All(rows, row => Assert.Equal(rows[0].Length, row.Length));
        double Value(string model, string column) =>
            double.Parse(rows.Single(row => row[0] == model)[Array.IndexOf(rows[0], column)], CultureInfo.InvariantCulture);

        Assert.Equal(SmallReport.Custom, rows[7][1]);
        Assert.Equal((2, 1), (Value(SmallReport.Custom, "runs"), Value(SmallReport.Custom, "missing")));
        SampleSummary abs = SampleSummary.Of([95, 95.3, 95.2]);
        Assert.Equal((abs.Mean, abs.StandardDeviation, 95, 95.3),
            (Value("Abs", "test_mean"), Value("Abs", "test_sd"), Value("Abs", "test_min"), Value("Abs", "test_max")));
        Assert.Equal((abs.MeanInterval!.Value.Low, abs.MeanInterval.Value.High),
            (Value("Abs", "test_ci95_low"), Value("Abs", "test_ci95_high")));

        List<string[]> runs = ParseCsv(Read("runs.csv"));
        Assert.Equal(1 + 6 * 3 + 2, runs.Count);
        Assert.Equal(["Abs2-Neg", "1", "91"], runs.Single(row => row[0] == "Abs2-Neg" && row[1] == "1")[..3]);
    }

    /// <summary>RFC 4180, written apart from the program's writer.</summary>
    private static List<string[]> ParseCsv(string text) =>
        [.. CsvRecord().Matches(text).Select(record => CsvField().Matches(record.Value.TrimEnd('\n'))
        .Select(field => field.Groups["quoted"].Success
            ? field.Groups["quoted"].Value.Replace("\"\"", "\"", StringComparison.Ordinal)
            : field.Groups["plain"].Value)
        .ToArray())];

    [GeneratedRegex("""(?:"(?:[^"]|"")*"|[^"\n])+\n""")]
    private static partial Regex CsvRecord();

    [GeneratedRegex("""(?:^|,)(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>[^",]*))""")]
    private static partial Regex CsvField();

    [Fact]
    public void Every_table_has_a_cell_for_every_column()
    {
        Report report = small.Report;
        Assert.All(report.Tables, table => Assert.All(table.Rows, row => Assert.Equal(table.Columns.Count, row.Count)));
        Assert.Equal(["accuracy", "published", "convergence", "differences", "differences-p", "setup"],
            report.Tables.Select(table => table.Name));
        // The matrix has a row for each of the seven models, and the file a line for each of their pairs.
        ReportTable matrix = report.Tables.Single(table => table.Name == "differences");
        Assert.Equal(7, matrix.Rows.Count);
        Assert.Equal(7, matrix.Rows.SelectMany(row => row).Count(cell => cell.Length == 0));
        List<string[]> pairs = ParseCsv(Read("differences.csv"));
        Assert.Equal(1 + 21, pairs.Count);
        string[] pair = pairs.Single(row => (row[0], row[1]) == ("ReLU", "Abs"));
        Assert.Equal(95.1 - 285.5 / 3, double.Parse(pair[2], CultureInfo.InvariantCulture), 1e-9);
        Assert.Equal(["2 Abs", "+0.07", ""], matrix.Rows[1].Take(3));
        foreach (Match reference in MarkdownImage().Matches(Read("report.md")))
            Assert.True(File.Exists(Path.Combine(Folder, reference.Groups[1].Value)));
    }

    [GeneratedRegex(@"!\[[^\]]*\]\(([^)]*)\)")]
    private static partial Regex MarkdownImage();

    [Fact]
    public void The_page_refers_to_nothing_outside_itself_and_has_no_name_twice()
    {
        string html = Read("report.html");
        Assert.Equal(["http://www.w3.org/1999/xlink", "http://www.w3.org/2000/svg"],
            UrlPattern().Matches(html).Select(url => url.Value).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", html, StringComparison.OrdinalIgnoreCase);
        string[] names = [.. IdPattern().Matches(html).Select(id => id.Groups[1].Value)];
        Assert.Equal(names.Distinct(), names);
        Assert.All(ReferencePattern().Matches(html).Select(reference => reference.Groups[1].Value),
            name => Assert.Contains(name, names));
    }

    [GeneratedRegex("""https?://[^"')\s]*""")]
    private static partial Regex UrlPattern();

    [GeneratedRegex("""\sid="([^"]*)""")]
    private static partial Regex IdPattern();

    [GeneratedRegex("""(?:url\(|href=")#([^")]*)""")]
    private static partial Regex ReferencePattern();

    [Fact]
    public void Pictures_have_their_size_and_are_not_blank()
    {
        foreach (Figure figure in small.Report.Figures.Select(block => block.Figure))
        {
            using SKBitmap png = SKBitmap.Decode(Path.Combine(Folder, "figures", figure.Name + ".png"));
            Assert.Equal((2 * figure.Width, 2 * figure.Height), (png.Width, png.Height));
            Assert.True(png.Pixels.Distinct().Count() > 50);

            XElement svg = XDocument.Load(Path.Combine(Folder, "figures", figure.Name + ".svg")).Root!;
            Assert.Equal($"0 0 {figure.Width} {figure.Height}", svg.Attribute("viewBox")!.Value);
            Assert.Contains("font-family:Roboto", svg.Elements().First().Value, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_names_of_lines_stand_beside_the_curves_and_apart_from_each_other()
    {
        XNamespace ns = "http://www.w3.org/2000/svg";
        string[] models = [.. small.Records.Models.Select(model => FigureLabels.Short(model.Name))];
        foreach (string name in new[] { "learning-curves", "learning-curves-plain" })
        {
            XElement svg = XDocument.Load(Path.Combine(Folder, "figures", name + ".svg")).Root!;
            double dataRight = svg.Descendants(ns + "clipPath").Select(clip => clip.Element(ns + "rect")!)
                .Max(rect => Number(rect.Attribute("x")!.Value) + Number(rect.Attribute("width")!.Value));
            var labels = svg.Descendants(ns + "text").Where(text => models.Contains(text.Value.Trim()))
                .Select(text => (X: First(text, "x"), Y: First(text, "y"))).ToArray();
            Assert.Equal(2 * models.Length, labels.Length);
            Assert.All(labels, label => Assert.True(label.X > dataRight + 30));
            double[] heights = [.. labels.Select(label => label.Y).Order()];
            Assert.All(heights.Zip(heights.Skip(1)), pair => Assert.True(pair.Second - pair.First > FigureStyle.FontSize));
        }
    }

    /// <summary>The first of the numbers in an attribute; SVG has one for each letter of a text.</summary>
    private static double First(XElement element, string attribute) => Number(element.Attribute(attribute)!.Value.Split(',')[0]);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
