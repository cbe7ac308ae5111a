using System.Text.Json.Nodes;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Tests.Reports;

namespace IlgpuDistance.Training.Tests.Analysis;

/// <summary>Figures with pictures as a browser shows them.</summary>
public sealed class AnalysisFiguresBrowserTests : IDisposable
{
    /// <summary>The widths of the pictures in the page, decoded as its own policy permits.</summary>
    private const string DecodePictures = """
        Promise.all([...document.querySelectorAll('svg image')].map(element => {
            const image = new Image();
            image.src = element.href.baseVal;
            return image.decode().then(() => image.naturalWidth);
        }))
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Pictures_in_figures_are_shown_and_the_page_opens_without_an_error()
    {
        Skip.If(Chromium.Program is null, Chromium.WhyMissing);
        var record = new SyntheticAnalysis { Models = ["Abs-L2-Neg"], Runs = 1 }.Build();
        ReportFigure[] figures = [.. AnalysisFiguresTests.FiguresOf(record)
            .Select(figure => new ReportFigure(figure, figure.Alternative))];
        await using (var writer = new StreamWriter(_folder["report.html"]))
            HtmlWriter.Write(new Report("figures", [new ReportSection("figures", "Figures", figures)]), writer);

        await using Chromium browser = await Chromium.StartAsync();
        foreach (string scheme in new[] { "light", "dark" })
        {
            await browser.OpenAsync(_folder["report.html"], scheme);
            JsonNode[] widths = [.. (await browser.EvaluateAsync(DecodePictures)).AsArray()!];
            // 17 images for each class, two maps with a bar each, and the keys of two scales.
            Assert.Equal(170, widths.Count(width => width.GetValue<int>() == 28));
            Assert.Equal(2, widths.Count(width => width.GetValue<int>() == 128));
            Assert.Equal(176, widths.Length);
        }
        Assert.Empty(browser.Problems);
    }
}
