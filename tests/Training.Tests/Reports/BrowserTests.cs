using System.Text.Json.Nodes;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Analysis.Sections;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Tests.Analysis;

namespace IlgpuDistance.Training.Tests.Reports;

/// <summary>The report as a browser shows it.</summary>
public sealed class BrowserTests(SmallReport small) : IClassFixture<SmallReport>
{
    /// <summary>
    /// For each drawing of the page: its width and height, the number of shapes and of texts that take up room, the
    /// colour of its first text and of the page behind it, and how many names it refers to do not exist.
    /// </summary>
    private const string DescribeDrawings = """
        [...document.querySelectorAll('figure svg')].map(svg => {
            const takesRoom = element => { const box = element.getBBox(); return box.width + box.height > 0; };
            const shapes = [...svg.querySelectorAll('path,rect,ellipse')], texts = [...svg.querySelectorAll('text')];
            return {
                width: svg.getBoundingClientRect().width, height: svg.getBoundingClientRect().height,
                shapes: shapes.filter(takesRoom).length, texts: texts.filter(takesRoom).length, allTexts: texts.length,
                ink: getComputedStyle(texts[0]).fill, paper: getComputedStyle(document.body).backgroundColor,
                font: getComputedStyle(texts[0]).fontFamily,
                broken: [...svg.querySelectorAll('[clip-path]')]
                    .filter(element => !document.getElementById(element.getAttribute('clip-path').slice(5, -1))).length,
            };
        })
        """;

    [SkippableFact]
    public async Task The_page_opens_without_an_error_and_every_figure_is_drawn_in_light_and_dark()
    {
        Skip.If(Chromium.Program is null, Chromium.WhyMissing);
        await using Chromium browser = await Chromium.StartAsync();
        await AssertDrawnAsync(browser, "light", color => color.Light);
        await AssertDrawnAsync(browser, "dark", color => color.Dark);
        Assert.Empty(browser.Problems);
    }

    [SkippableFact]
    public async Task An_audit_of_accessibility_finds_nothing_in_light_and_dark()
    {
        Skip.If(Chromium.Program is null, Chromium.WhyMissing);
        Skip.If(Accessibility.Program is null, Accessibility.WhyMissing);
        await using Chromium browser = await Chromium.StartAsync();
        foreach (string scheme in new[] { "light", "dark" })
        {
            await browser.OpenAsync(Path.Combine(small.Folder, "report.html"), scheme);
            Assert.Empty(await Accessibility.AuditAsync(browser));
        }
    }

    private async Task AssertDrawnAsync(Chromium browser, string scheme, Func<FigureColor, string> shade)
    {
        await browser.OpenAsync(Path.Combine(small.Folder, "report.html"), scheme);
        JsonNode[] drawings = [.. (await browser.EvaluateAsync(DescribeDrawings)).AsArray()!];
        Assert.Equal(small.Report.Figures.Count(), drawings.Length);
        foreach (var (drawing, figure) in drawings.Zip(small.Report.Figures.Select(block => block.Figure)))
        {
            double width = drawing["width"]!.GetValue<double>(), height = drawing["height"]!.GetValue<double>();
            Assert.True(width > 300);
            Assert.Equal((double)figure.Height / figure.Width, height / width, 0.01);
            Assert.True(drawing["shapes"]!.GetValue<int>() > 20);
            Assert.True(drawing["texts"]!.GetValue<int>() > 10);
            Assert.Equal(drawing["allTexts"]!.GetValue<int>(), drawing["texts"]!.GetValue<int>());
            Assert.Equal(0, drawing["broken"]!.GetValue<int>());
            Assert.Equal("Roboto", drawing["font"]!.GetValue<string>());
            Assert.Equal(Rgb(shade(FigureColor.Ink)), drawing["ink"]!.GetValue<string>());
            Assert.Equal(Rgb(shade(FigureColor.Paper)), drawing["paper"]!.GetValue<string>());
        }
        Assert.True((await browser.EvaluateAsync("[...document.fonts].every(font => font.status === 'loaded')"))
            .GetValue<bool>());
        Assert.True((await browser.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth")).GetValue<bool>());
    }

    /// <summary>
    /// What of the tables cannot be seen: tables that must be scrolled, and cells with text that take no room or reach over the
    /// page.
    /// </summary>
    private const string FindCut = """
        [
            ...[...document.querySelectorAll('.table')].filter(one => one.scrollWidth > one.clientWidth)
                .map(one => one.firstElementChild.id),
            ...[...document.querySelectorAll('td')].filter(cell => cell.textContent).filter(cell => {
                const box = cell.getBoundingClientRect();
                return box.width === 0 || box.height === 0 || box.left < 0 || box.right > innerWidth ||
                    cell.scrollWidth > cell.clientWidth + 1;
            }).map(cell => cell.textContent),
        ]
        """;

    [SkippableFact]
    public async Task Nothing_of_any_table_is_cut_on_narrow_and_wide_screens_and_on_paper()
    {
        Skip.If(Chromium.Program is null, Chromium.WhyMissing);
        AnalysisRecord analysis =
            new SyntheticAnalysis { Models = ["ReLU2-Neg-Bias", "Abs-L2-Neg", SyntheticAnalysis.LongNetwork], Size = 6 }.Build();
        ReportTable[] tables = [.. small.Report.Tables,
            .. AnalysisReport.SectionsOf(analysis).SelectMany(section => section.Blocks).OfType<ReportTable>()];
        string page = Path.Combine(small.Folder, "tables.html");
        await using (var writer = new StreamWriter(page))
            HtmlWriter.Write(new Report("tables", [new ReportSection("tables", "Tables", tables)]), writer);
        try
        {
            await using Chromium browser = await Chromium.StartAsync();
            await browser.OpenAsync(page);
            // A4 has 210 mm, of which browsers leave 10 mm on either side, at 96 pixels for 25.4 mm.
            foreach (var (width, media) in new[] { (400, "screen"), (900, "screen"), (1000, "screen"), (1400, "screen"),
                (718, "print") })
            {
                await browser.ShowAsync(width, media);
                Assert.Empty((await browser.EvaluateAsync(FindCut)).AsArray()!.Select(cut => $"{width} {media}: {cut}"));
            }
            // On narrow screens every figure has its heading beside it.
            Assert.Equal(0, (await browser.EvaluateAsync(
                "[...document.querySelectorAll('.wide:not(#table-setup) td:not(.key)')].filter(cell => " +
                    "!cell.dataset.label).length")).GetValue<int>());
        }
        finally
        {
            File.Delete(page);
        }
    }

    [SkippableFact]
    public async Task Every_picture_file_can_be_shown()
    {
        Skip.If(Chromium.Program is null, Chromium.WhyMissing);
        await using Chromium browser = await Chromium.StartAsync();
        foreach (Figure figure in small.Report.Figures.Select(block => block.Figure))
        {
            string path = Path.Combine(small.Folder, "figures", figure.Name);
            await browser.OpenAsync($"{path}.svg");
            Assert.Equal("svg", (await browser.EvaluateAsync("document.documentElement.localName")).GetValue<string>());
            Assert.True((await browser.EvaluateAsync("document.documentElement.getBBox().width")).GetValue<double>() > 500);
            Assert.True((await browser.EvaluateAsync("[...document.fonts].every(font => font.status === 'loaded')"))
                .GetValue<bool>());
            await browser.OpenAsync($"{path}.png");
            Assert.Equal(2 * figure.Width, (await browser.EvaluateAsync("document.images[0].naturalWidth")).GetValue<int>());
        }
        Assert.Empty(browser.Problems);
    }

    private static string Rgb(string hex) => $"rgb({string.Join(", ", Convert.FromHexString(hex[1..]))})";
}
