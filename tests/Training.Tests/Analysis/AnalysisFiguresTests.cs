using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Analysis.Figures;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Figures;
using SkiaSharp;

namespace IlgpuDistance.Training.Tests.Analysis;

/// <summary>Every figure of the analyses, from ordinary records and from the extremes.</summary>
public sealed partial class AnalysisFiguresTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly Dictionary<string, SyntheticAnalysis> Records = new()
    {
        ["ordinary"] = new() { Models = ["ReLU2", "Abs2-Neg", "Abs-L2-Neg"] },
        ["two classes, one run, one node"] = new()
        {
            Models = ["linear(1) > relu > linear(2) > abs", "linear(1) > abs > offset-l2(2)"],
            Runs = 1,
            Classes = 2,
            Size = 8,
            Samples = 41,
        },
        ["26 classes, thousand nodes, prototypes of pixels"] = new()
        {
            Models = ["linear(1000) > relu > linear(26)", "offset-l2(26)"],
            Runs = 1,
            Classes = 26,
            Size = 9,
        },
        ["long names"] = new()
        {
            Models = [SyntheticAnalysis.LongNetwork, SyntheticAnalysis.LongNetwork.Replace("24", "25", StringComparison.Ordinal)],
            Size = 8,
        },
        ["diverged"] = new() { Models = ["Abs-L2-Neg", "ReLU2"], Runs = 2, Diverged = true },
        ["twenty of each"] = new()
        {
            Models = [.. Enumerable.Range(3, 20).Select(nodes => $"linear({nodes}) > relu > linear(10) > abs")],
            Runs = 20,
            Size = 8,
        },
    };

    public static TheoryData<string> Names => [.. Records.Keys];

    internal static IEnumerable<Figure> FiguresOf(AnalysisRecord record) => record.Splits.SelectMany(split => new[]
        {
            ActivityFigure.Draw(record, split), PerturbationFigure.Draw(record, split),
            NodePerturbationFigure.Draw(record, split),
            RepresentationFigure.Draw(record, split),
            OutputOrderFigure.Draw(record, split),
        })
        .Append(WeightsFigure.Draw(record))
        .Concat(record.Models.SelectMany(FiguresOf)).OfType<Figure>();

    private static IEnumerable<Figure?> FiguresOf(ModelAnalysis model)
    {
        yield return ClassDistributionsFigure.Draw(model, model.Runs[0]);
        yield return TheoryFigure.Draw(model);
        if (model.Runs[0].Prototypes is not { } prototypes)
            yield break;
        yield return PrototypesFigure.Draw(model, prototypes);
        yield return MontageFigure.Draw(model, prototypes);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_figure_is_drawn_in_its_size_with_the_colours_of_figures_and_inside_its_edges(string record)
    {
        Figure[] figures = [.. FiguresOf(Records[record].Build()).DistinctBy(figure => figure.Name.Split('-')[0])];
        Assert.NotEmpty(figures);
        foreach (Figure figure in figures)
        {
            using SKBitmap png = SKBitmap.Decode(figure.ToPng());
            Assert.Equal((2 * figure.Width, 2 * figure.Height), (png.Width, png.Height));
            Assert.True(png.Pixels.Distinct().Count() > 20, figure.Name);

            XElement svg = XDocument.Parse(figure.ToSvg()).Root!;
            Assert.Equal(figure.Alternative, svg.Attribute("aria-label")!.Value);
            string[] colors = [.. FigureColor.All.Select(color => color.Light), "none", "white"];
            Assert.All(PaintsOf(svg), paint => Assert.Contains(paint, colors));
            foreach (XElement text in svg.Descendants(Svg + "text").Where(text => text.Attribute("transform") is null))
            {
                double[] xs = Numbers(text, "x"), ys = Numbers(text, "y");
                Assert.True(xs[0] >= 0 && xs[^1] <= figure.Width - 4 && ys[0] >= 8 && ys[0] <= figure.Height,
                    $"{figure.Name}: {text.Value}");
            }
            Assert.All(PaintsOf(XDocument.Parse(figure.ToHtml()).Root!),
                paint => Assert.Matches(@"^(none|var\(--[a-z]+\))$", paint));
        }
    }

    private static IEnumerable<string> PaintsOf(XElement svg) => svg.Descendants().Attributes()
        .Where(attribute => attribute.Name == "fill" || attribute.Name == "stroke").Select(attribute => attribute.Value);

    private static double[] Numbers(XElement element, string attribute) =>
        [.. element.Attribute(attribute)!.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_two_figures_share_a_name_and_names_are_safe_in_files_and_pages(string record)
    {
        string[] names = [.. FiguresOf(Records[record].Build()).Select(figure => figure.Name)];
        Assert.Equal(names.Distinct(), names);
        Assert.All(names, name => Assert.Matches(SafeName(), name));
    }

    [GeneratedRegex("^[a-z0-9-]{1,120}$")]
    private static partial Regex SafeName();

    [Fact]
    public void What_was_not_analysed_has_no_figure()
    {
        AnalysisRecord record = new SyntheticAnalysis().Build();
        Assert.Empty(FiguresOf(
            record with { Models = [new ModelAnalysis("Abs", "linear(128) > abs > linear(10)", [new RunAnalysis()])] }));
        // L2 has no activation function, and nothing else is known of a network that has diverged.
        AnalysisRecord diverged = new SyntheticAnalysis { Models = ["L2"], Diverged = true }.Build();
        Assert.Equal(["prototypes-l2", "montage-l2"], FiguresOf(diverged).Select(figure => figure.Name));
    }

    [Fact]
    public void Prototypes_of_pixels_are_shown_as_images_and_others_as_one_map()
    {
        int PicturesOf(string model)
        {
            ModelAnalysis analysis = new SyntheticAnalysis { Models = [model], Runs = 1, Size = 8 }.Build().Models[0];
            XElement svg = XDocument.Parse(PrototypesFigure.Draw(analysis, analysis.Runs[0].Prototypes!).ToSvg()).Root!;
            return svg.Descendants(Svg + "image").Count();
        }
        const int Bars = 2;
        Assert.Equal(Bars + 2 * 10, PicturesOf("offset-l2(10)"));
        Assert.Equal(Bars + 2, PicturesOf("L2"));
    }

    [Fact]
    public void A_montage_shows_every_image_with_its_label_and_sharp_pixels()
    {
        ModelAnalysis model = new SyntheticAnalysis { Models = ["L2-Neg"], Runs = 1 }.Build().Models[0];
        XElement svg = XDocument.Parse(MontageFigure.Draw(model, model.Runs[0].Prototypes!).ToSvg()).Root!;
        XElement[] images = [.. svg.Descendants(Svg + "image")];
        Assert.Equal(10 * (1 + 2 * PrototypeAnalysis.RankedImages), images.Length);
        Assert.All(images, image => Assert.Equal("image-rendering:pixelated", image.Attribute("style")!.Value));
        string[] labels = [.. svg.Descendants(Svg + "text").Select(text => text.Value.Trim()).Where(text => text is "0" or "1")];
        // 0 is a row's name, the class of seven of its nearest images, of one near class 9, of seven farthest from class 7 and of
        // one more.
        Assert.Equal(1 + 7 + 1 + 7 + 1, labels.Count(label => label == "0"));
    }

    [Fact]
    public void Each_node_and_output_is_a_point()
    {
        AnalysisRecord record = new SyntheticAnalysis { Models = ["ReLU"], Runs = 3 }.Build();
        Assert.Equal(3 * 10, PointsOf(RepresentationFigure.Draw(record, Split.Test)!));
        Assert.Equal(3 * 128, PointsOf(NodePerturbationFigure.Draw(record, Split.Train)!));
    }

    private static int PointsOf(Figure figure) => XDocument.Parse(figure.ToSvg()).Descendants(Svg + "path")
        .Where(path => path.Attribute("stroke-linecap")?.Value == "round")
            .Sum(path => path.Attribute("d")!.Value.Count(step => step == 'M'));

    private static string[] TextsOf(Figure figure) =>
        [.. XDocument.Parse(figure.ToSvg()).Descendants(Svg + "text").Select(text => text.Value.Trim())
            .Where(text => text.Length > 0)];

    private static int NumbersBetween(Figure figure, double low, double high) => TextsOf(figure).Count(
        text => double.TryParse(text.Replace('−', '-'), CultureInfo.InvariantCulture, out double value) && value >= low
            && value <= high);

    [Fact]
    public void The_figure_of_the_theory_has_numbers_on_a_short_axis_and_a_key_of_what_is_drawn()
    {
        ModelAnalysis model = new SyntheticAnalysis { Models = ["Abs-L2-Neg"], Runs = 1, Size = 6 }.Build().Models[0];
        Assert.Contains("what the theory says", TextsOf(TheoryFigure.Draw(model)!));

        TheoryCheck theory = model.Runs[0].Theory!;
        // As training leaves them: prototypes near 0, weights near 1, far from means of some ten and from 1/σ of some hundredths.
        ClassTheory[] classes = [.. theory.Classes.Select(c => c with
        {
            Mu = [.. c.Mu.Select(value => value / 100)],
            Mean = [.. c.Mean.Select(value => 10 + value)],
            OthersMean = [.. c.OthersMean.Select(value => 10 + value)],
            Weight = [.. c.Weight.Select((_, i) => 0.94f + 0.001f * (i % 100))],
            Deviation = [.. c.Deviation.Select(value => 30 * value)],
        })];
        Figure figure = TheoryFigure.Draw(
            model with { Runs = [model.Runs[0] with { Theory = theory with { Classes = classes } }] })!;
        string[] texts = TextsOf(figure);
        Assert.DoesNotContain("what the theory says", texts);
        Assert.Contains("weights; the theory's line lies outside", texts);
        Assert.True(NumbersBetween(figure, 0.93, 1.05) >= 4);
    }

    [Fact]
    public void Figures_of_one_model_name_it()
    {
        ModelAnalysis model = new SyntheticAnalysis { Models = ["Abs-L2-Neg"], Runs = 1, Size = 6 }.Build().Models[0];
        Assert.All(FiguresOf(model).OfType<Figure>(),
            figure => Assert.Contains(TextsOf(figure), text => text.StartsWith("Abs-L2-Neg", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_lowest_panel_of_class_distributions_has_several_numbers_and_an_empty_class_says_so()
    {
        ModelAnalysis model = new SyntheticAnalysis { Models = ["ReLU"], Runs = 1, Size = 6 }.Build().Models[0];
        ClassDistributions node = model.Runs[0].Distributions!;
        int[][] counts = [.. node.Counts.Select((count, label) => label == 3 ? new int[count.Length] : count)];
        Figure figure = ClassDistributionsFigure.Draw(
            model, model.Runs[0] with { Distributions = node with { Lowest = -308.5f, Highest = 95.25f, Counts = counts } })!;
        // Five panels stand above their numbers, and the plot of all classes has a few of its own.
        Assert.True(NumbersBetween(figure, -310, -1) >= 2 * 5);
        Assert.Contains("class 3: no images", TextsOf(figure));
    }

    [Fact]
    public void A_closest_input_without_ink_is_explained_and_a_dark_one_is_brightened()
    {
        ModelAnalysis model = new SyntheticAnalysis { Models = ["L2-Neg"], Runs = 1, Size = 6 }.Build().Models[0];
        PrototypeAnalysis prototypes = model.Runs[0].Prototypes!;
        Figure WithBrightest(byte grey) => MontageFigure.Draw(model, prototypes with
        {
            Classes = [.. prototypes.Classes.Select(c =>
                c with { Closest = c.Closest with { Pixels = [.. new byte[35], grey] } })],
        });
        Assert.Equal(10, TextsOf(WithBrightest(0)).Count(text => text == "black"));
        Assert.Contains(TextsOf(WithBrightest(0)),
            text => text.StartsWith("black: the search ended at the image without ink", StringComparison.Ordinal));
        Assert.Equal(10, TextsOf(WithBrightest(51)).Count(text => text == "× 5.0"));
        Assert.DoesNotContain(TextsOf(WithBrightest(255)),
            text => text.StartsWith("black", StringComparison.Ordinal) || text.StartsWith('×'));
    }
}
