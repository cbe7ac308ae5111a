using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests;
using IlgpuDistance.Tests.Reference;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Page;
using IlgpuDistance.Training.Tests.Reports;

namespace IlgpuDistance.Training.Tests.Page;

/// <summary>The page on which one draws, as a browser runs it, beside the float64 reference.</summary>
public sealed class DrawingPageTests : IDisposable
{
    private const int Classes = 10, Height = 6, Width = 7;

    private static readonly PixelScaling Scaling = new(1f / 128, -0.25f);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Each kind of layer in each form as the first and as the last one, and one network of more layers.</summary>
    private static string[] Networks =>
    [
        .. LayerKinds.ExamplesOf(Classes).Where(layer => layer.HasParameters).Select(layer => $"{layer} > abs > {layer}"),
        .. LayerKinds.ExamplesOf(Classes).Where(layer => !layer.HasParameters)
            .Select(layer => $"{layer} > linear(10) > {layer}"),
        "linear(5) > relu > linear(6, bias: false) > abs > neg > linear(10) > abs > neg",
    ];

    [SkippableFact]
    public async Task Logits_of_every_kind_of_layer_are_those_of_the_reference()
    {
        Skip.If(Chromium.Program is null, Chromium.WhyMissing);
        Dataset dataset = RandomImages();
        var page = new DrawingPage(dataset);
        var expected = new List<float[]>();
        foreach (string network in Networks)
        {
            using AnalysisSubject subject = SubjectOf(network, dataset);
            page.Add(subject, network, CancellationToken.None);
            expected.Add(subject.ReadActivations(Split.Test, subject.Plan.Layers.Count - 1));
        }

        await using Chromium browser = await OpenAsync(page);
        JsonArray found = (await browser.EvaluateAsync(
            "distance.page.networks.map((_, n) => distance.page.images.map((_, i) => distance.logits(n, i)))")).AsArray();
        Assert.Equal(expected.Count, found.Count);
        Assert.Equal(200, page.Images.Count);
        for (int n = 0; n < found.Count; n++)
        {
            for (int i = 0; i < page.Images.Count; i++)
            {
                float[] logits = [.. found[n]![i]!.AsArray().Select(logit => logit!.GetValue<float>())];
                float[] reference = expected[n][(page.Images[i] * Classes)..((page.Images[i] + 1) * Classes)];
                double tolerance = 1e-5 * reference.Max(Math.Abs);
                Assert.Equal(Classes, logits.Length);
                Assert.All(reference.Zip(logits), pair => Assert.True(
                    Math.Abs(pair.First - pair.Second) <= tolerance, $"{Networks[n]}: {pair.Second}, expected {pair.First}"));
            }
        }
        // All test images are on the page: what it says of them must be what it computes.
        JsonArray accuracies = (await browser.EvaluateAsync("""
            distance.page.networks.map((network, n) => network.accuracy - distance.page.images.filter((image, i) => {
                const logits = distance.logits(n, i);
                return logits.indexOf(Math.max(...logits)) === image.label;
            }).length / distance.page.images.length)
            """)).AsArray();
        Assert.All(accuracies, difference => Assert.Equal(0, difference!.GetValue<double>(), 0.006));
        Assert.Empty(browser.Problems);
    }

    [SkippableFact]
    public async Task A_stroke_of_the_mouse_or_of_the_keys_changes_the_answer()
    {
        Skip.If(Chromium.Program is null, Chromium.WhyMissing);
        // Class 1 where there is any ink, class 0 where there is none.
        int pixels = Height * Width;
        float[] parameters = [.. new float[pixels], .. Enumerable.Repeat(1f, pixels), 0.5f, 0];
        Dataset dataset = RandomImages(classes: 2);
        using AnalysisSubject subject = SubjectOf("linear(2)", dataset, parameters, new PixelScaling(1, 0));
        var page = new DrawingPage(dataset);
        page.Add(subject, "ink", CancellationToken.None);

        await using Chromium browser = await OpenAsync(page);
        Task EraseAsync() => browser.EvaluateAsync(
            "[...document.querySelectorAll('button')].find(button => button.textContent === 'Erase all').click(), true");
        async Task<string> AnswerAsync() =>
            (await browser.EvaluateAsync("document.querySelector('.said strong').textContent")).GetValue<string>();
        await EraseAsync();
        Assert.Equal("0", await AnswerAsync());
        JsonNode field = await browser.EvaluateAsync("""
            (() => { const place = document.querySelector('.field canvas').getBoundingClientRect();
                return { x: place.x, y: place.y, side: place.width }; })()
            """);
        double x = field["x"]!.GetValue<double>(), y = field["y"]!.GetValue<double>(), side = field["side"]!.GetValue<double>();
        await browser.DragAsync((x + side / 3, y + side / 4), (x + side / 2, y + side / 2), (x + side / 3, y + 0.8 * side));
        Assert.Equal("1", await AnswerAsync());
        await EraseAsync();
        Assert.Equal("0", await AnswerAsync());
        Task PressAsync(string key, string with) => browser.EvaluateAsync($$"""
            document.querySelector('.field canvas').dispatchEvent(
                new KeyboardEvent('keydown', { key: '{{key}}', {{with}}: true, cancelable: true }))
            """);
        await PressAsync("ArrowDown", "shiftKey");
        Assert.Equal("1", await AnswerAsync());
        await PressAsync("ArrowUp", "ctrlKey");
        Assert.Equal("0", await AnswerAsync());
        Assert.Empty(browser.Problems);
    }

    [SkippableFact]
    public async Task A_drawing_fits_a_box_of_20_pixels_with_its_center_of_mass_in_the_middle()
    {
        Skip.If(Chromium.Program is null, Chromium.WhyMissing);
        Dataset dataset = RandomImages(classes: 2, height: 28, width: 28);
        using AnalysisSubject subject = SubjectOf("linear(2)", dataset);
        var page = new DrawingPage(dataset);
        page.Add(subject, "any", CancellationToken.None);
        await using Chromium browser = await OpenAsync(page);
        // A bar of 10 × 40 points in the corner, twice as heavy below as above.
        JsonNode image = await browser.EvaluateAsync("""
            (() => {
                const ink = new Float32Array(280 * 280);
                for (let y = 0; y < 40; y++) for (let x = 0; x < 10; x++) ink[y * 280 + x] = y < 20 ? 0.5 : 1;
                const image = distance.imageOf(ink, 280, 28, 28, true);
                let mass = 0, column = 0, row = 0, first = 28, last = 0;
                image.forEach((value, at) => {
                    mass += value;
                    column += value * (at % 28 + 0.5);
                    row += value * (Math.floor(at / 28) + 0.5);
                    if (value > 0) { first = Math.min(first, Math.floor(at / 28)); last = Math.max(last, Math.floor(at / 28)); }
                });
                return { column: column / mass, row: row / mass, rows: last - first + 1, largest: Math.max(...image) };
            })()
            """);
        Assert.Equal(14, image["column"]!.GetValue<double>(), 0.01);
        Assert.Equal(14, image["row"]!.GetValue<double>(), 0.02);
        Assert.InRange(image["rows"]!.GetValue<int>(), 20, 21);
        Assert.Equal(255, image["largest"]!.GetValue<double>());
    }

    [SkippableFact]
    public async Task The_tour_runs_to_its_end_and_nothing_is_wider_than_the_screen_in_light_and_dark()
    {
        Skip.If(Chromium.Program is null, Chromium.WhyMissing);
        Dataset dataset = RandomImages();
        var page = new DrawingPage(dataset);
        foreach (string network in new[] { "linear(8) > relu > linear(10)", "linear(8) > abs > offset-l2(10) > neg" })
        {
            using AnalysisSubject subject = SubjectOf(network, dataset);
            page.Add(subject, network, CancellationToken.None);
        }
        await using Chromium browser = await OpenAsync(page);
        foreach (string scheme in new[] { "light", "dark" })
        {
            await OpenAsync(page, browser, scheme);
            foreach (int width in new[] { 360, 1000, 2560 })
            {
                await browser.ShowAsync(width, "screen");
                Assert.True((await browser.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth")).GetValue<bool>());
                JsonNode proportions = await browser.EvaluateAsync("""
                    (() => { const { width, height } = document.querySelector('.field .pixels').getBoundingClientRect();
                        return width / height; })()
                    """);
                Assert.Equal((double)Width / Height, proportions.GetValue<double>(), 0.02);
            }
            await browser.EvaluateAsync("document.querySelector('#begin button').click(), true");
            for (int step = 1; step <= 5; step++)
            {
                string title = (await browser.EvaluateAsync("document.querySelector('.tour h2').textContent")).GetValue<string>();
                Assert.StartsWith($"{step} of 5: ", title, StringComparison.Ordinal);
                await browser.EvaluateAsync("document.querySelector('.tour .main').click(), true");
            }
            Assert.True((await browser.EvaluateAsync("document.querySelector('.tour').hidden")).GetValue<bool>());
            Assert.Equal(0, (await browser.EvaluateAsync(FindNameless)).GetValue<int>());
        }
        Assert.Empty(browser.Problems);
    }

    [SkippableFact]
    public async Task The_tour_of_a_network_without_hidden_layer_speaks_of_no_other_network_and_no_hidden_node()
    {
        Skip.If(Chromium.Program is null, Chromium.WhyMissing);
        string[] steps = await TourOfAsync("linear(10)");
        Assert.All(steps, step => Assert.DoesNotMatch("second|Both|[Ee]ach hidden|strip shows|5,000", step));
        Assert.StartsWith("No network of this page has a hidden layer", steps[0], StringComparison.Ordinal);
        Assert.StartsWith("No network of this page has a hidden layer", steps[2], StringComparison.Ordinal);
        Assert.StartsWith("This page holds no network with prototypes", steps[4], StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task The_tour_says_of_outputs_what_their_index_says_and_of_OffsetL1_nothing_that_holds_for_OffsetL2_alone()
    {
        Skip.If(Chromium.Program is null, Chromium.WhyMissing);
        // Random networks on random images: no output measures anything.
        string[] steps = await TourOfAsync("linear(8) > relu > linear(10)", "linear(8) > abs > offset-l1(10) > neg");
        Assert.StartsWith("This page does not hold both", steps[1], StringComparison.Ordinal);
        Assert.DoesNotMatch("measure (distance|intensity):", steps[1]);
        Assert.Equal(2, Regex.Count(steps[1], "tell nothing by themselves"));
        Assert.Contains("OffsetL1 in the ", steps[4], StringComparison.Ordinal);
        Assert.DoesNotMatch("OffsetL2|5,000|slope", steps[4]);
    }

    [SkippableFact]
    public async Task A_network_that_is_dead_is_said_to_be_and_none_at_the_level_of_guessing_is_said_to_give_the_answer()
    {
        Skip.If(Chromium.Program is null, Chromium.WhyMissing);
        Dataset dataset = RandomImages();
        var page = new DrawingPage(dataset);
        float[] biasOnly = [.. new float[Height * Width * Classes], .. Enumerable.Range(0, Classes).Select(c => (float)-c)];
        using (AnalysisSubject dead = SubjectOf("linear(10)", dataset, biasOnly))
            page.Add(dead, "dead", CancellationToken.None);
        using (AnalysisSubject guessing = SubjectOf("linear(10)", dataset))
            page.Add(guessing, "guessing", CancellationToken.None);
        await using Chromium browser = await OpenAsync(page);
        async Task<string> TextOfAsync(string part, int panel) => (await browser.EvaluateAsync(
            $"document.querySelectorAll('.panel')[{panel}].querySelector('{part}').textContent")).GetValue<string>();
        Assert.Contains("the network is dead", await TextOfAsync(".said", 0), StringComparison.Ordinal);
        Assert.DoesNotContain("right", await TextOfAsync(".said", 0), StringComparison.Ordinal);
        Assert.Contains("are the same for all test images", await TextOfAsync(".sentence", 0), StringComparison.Ordinal);
        Assert.DoesNotContain("dead", await TextOfAsync(".said", 1), StringComparison.Ordinal);
        Assert.Contains("hardly knows the digits", await TextOfAsync(".sentence", 1), StringComparison.Ordinal);
        Assert.DoesNotContain("gives the answer", await TextOfAsync(".sentence", 1), StringComparison.Ordinal);
        Assert.Empty(browser.Problems);
    }

    /// <summary>The texts of the tour's steps on a page of random networks.</summary>
    private async Task<string[]> TourOfAsync(params string[] networks)
    {
        Dataset dataset = RandomImages();
        var page = new DrawingPage(dataset);
        foreach (string network in networks)
        {
            using AnalysisSubject subject = SubjectOf(network, dataset);
            page.Add(subject, network, CancellationToken.None);
        }
        await using Chromium browser = await OpenAsync(page);
        JsonArray texts = (await browser.EvaluateAsync("""
            (() => {
                document.querySelector('#begin button').click();
                return Array.from({ length: 5 }, () => {
                    const text = document.querySelector('.tour p').textContent;
                    document.querySelector('.tour .main').click();
                    return text;
                });
            })()
            """)).AsArray();
        Assert.Empty(browser.Problems);
        return [.. texts.Select(text => text!.GetValue<string>())];
    }

    [SkippableFact]
    public async Task An_audit_of_accessibility_finds_nothing_in_light_and_dark_on_narrow_and_wide_screens()
    {
        Skip.If(Chromium.Program is null, Chromium.WhyMissing);
        Skip.If(Accessibility.Program is null, Accessibility.WhyMissing);
        Dataset dataset = RandomImages();
        var page = new DrawingPage(dataset);
        using (AnalysisSubject subject = SubjectOf("linear(8) > abs > offset-l2(10) > neg", dataset))
            page.Add(subject, "distances", CancellationToken.None);
        await using Chromium browser = await OpenAsync(page);
        foreach (string scheme in new[] { "light", "dark" })
        {
            await OpenAsync(page, browser, scheme);
            foreach (int width in new[] { 360, 1000 })
            {
                await browser.ShowAsync(width, "screen");
                Assert.Empty(await Accessibility.AuditAsync(browser));
            }
            // Everything open: an output with its prototype, all explanations, the tour.
            await browser.EvaluateAsync("""
                (document.querySelector('.outputs .row[aria-pressed]').click(),
                    document.querySelectorAll('details').forEach(one => one.open = true),
                    document.querySelector('#begin button').click(), true)
                """);
            Assert.Empty(await Accessibility.AuditAsync(browser));
        }
        Assert.Empty(browser.Problems);
    }

    /// <summary>The number of controls and pictures of which a screen reader has nothing to say.</summary>
    private const string FindNameless = """
        [...document.querySelectorAll('button, input, select, canvas, svg[role]')].filter(element =>
            !element.getAttribute('aria-label') && !element.textContent.trim() && !element.labels?.length
            && !element.querySelector('[aria-label]')).length
        """;

    private async Task<Chromium> OpenAsync(DrawingPage page)
    {
        Chromium browser = await Chromium.StartAsync();
        await OpenAsync(page, browser, "light");
        return browser;
    }

    private async Task OpenAsync(DrawingPage page, Chromium browser, string scheme)
    {
        string path = _folder[$"{scheme}.html"];
        await using (var writer = new StreamWriter(path))
            page.Write(writer);
        await browser.OpenAsync(path, scheme);
        while (!(await browser.EvaluateAsync("'distance' in globalThis")).GetValue<bool>() && browser.Problems.Count == 0)
            await Task.Delay(20);
        Assert.Empty(browser.Problems);
    }

    /// <summary>20 random images of each class to test on.</summary>
    private static Dataset RandomImages(int classes = Classes, int height = Height, int width = Width)
    {
#pragma warning disable CA5394 // Test data need not be unpredictable.
        var random = new Random(1);
        byte[] pixels = new byte[20 * classes * height * width];
        random.NextBytes(pixels);
#pragma warning restore CA5394
        byte[] labels = [.. Enumerable.Range(0, 20 * classes).Select(image => (byte)(image % classes))];
        var set = new ImageSet(pixels, labels, height, width);
        return new Dataset { Name = "random", Location = "test", Train = set, Test = set, Classes = classes };
    }

    private static AnalysisSubject SubjectOf(
        string network, Dataset dataset, float[]? parameters = null, PixelScaling? scaling = null)
    {
        NetworkPlan plan = NetworkPlan.Compile(Network.Parse(network), dataset.Test.PixelsPerImage, dataset.Classes);
        var subject = new AnalysisSubject(plan, plan => new ReferenceExecutor(plan), dataset, scaling ?? Scaling);
        subject.Load(parameters ?? TestSamples.RandomParameters(plan));
        return subject;
    }
}
