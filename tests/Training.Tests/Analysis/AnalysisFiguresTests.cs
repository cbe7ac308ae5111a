using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Analysis.Figures;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments.Reports.Figures;
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
            ActivityFigure.Draw(record, split), PerturbationFigure.Draw(record, split), NodePerturbationFigure.Draw(record, split),
            RepresentationFigure.Draw(record, split),
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
                Assert.True(xs[0] >= 0 && xs[^1] <= figure.Width - 4 && ys[0] >= 8 && ys[0] <= figure.Height, $"{figure.Name}: {text.Value}");
            }
            Assert.All(PaintsOf(XDocument.Parse(figure.ToHtml()).Root!), paint => Assert.Matches(@"^(none|var\(--[a-z]+\))$", paint));
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
        Assert.Empty(FiguresOf(record with { Models = [new ModelAnalysis("Abs", "linear(128) > abs > linear(10)", [new RunAnalysis()])] }));
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
        // 0 is a row's name, the class of seven of its nearest images, of one near class 9, of seven farthest from class 7 and of one more.
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
        .Where(path => path.Attribute("stroke-linecap")?.Value == "round").Sum(path => path.Attribute("d")!.Value.Count(step => step == 'M'));
}
