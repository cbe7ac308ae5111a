using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Analysis.Sections;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Page;

/// <summary>A place among the bytes of a page.</summary>
/// <param name="At">The first byte.</param>
/// <param name="Count">The number of values.</param>
internal sealed record PagePlace(int At, int Count);

/// <summary>A layer on a page.</summary>
/// <param name="Kind">What it computes, as <c>network.js</c> names it.</param>
/// <param name="Text">How it is written.</param>
/// <param name="Inputs">Width of its input.</param>
/// <param name="Outputs">Width of its output.</param>
/// <param name="Tensors">Its parameters by their names: float32, row by row.</param>
internal sealed record PageLayer(
    string Kind, string Text, int Inputs, int Outputs, IReadOnlyDictionary<string, PagePlace> Tensors);

/// <summary>Whether the outputs measure distance or intensity; see <see cref="RepresentationIndex"/>.</summary>
/// <param name="Layer">The last layer that is no negation.</param>
/// <param name="Index">The index of each output; null where there is none.</param>
/// <param name="Mean">Their mean; null where there is none.</param>
/// <param name="Reading">What the mean says, in words.</param>
internal sealed record PageRepresentation(int Layer, double?[] Index, double? Mean, string Reading);

/// <summary>The smallest and the largest activation of a layer.</summary>
internal sealed record PageRange(float Lowest, float Highest);

/// <summary>A hidden layer on a page, with what the test images say of it.</summary>
internal sealed record PageHidden
{
    /// <summary>Bins of each histogram.</summary>
    public const int BinsOfANode = 40;

    /// <summary>The layer whose outputs the next layer with parameters reads.</summary>
    public required int Index { get; init; }

    /// <summary>The layer with parameters before its activation function.</summary>
    public required int Sums { get; init; }

    /// <summary><see cref="BinsOfANode"/></summary>
    public int Bins { get; } = BinsOfANode;

    /// <summary>For each node the smallest output of <see cref="Sums"/>: the lower edge of the first bin.</summary>
    public required float[] Lowest { get; init; }

    /// <summary>For each node the largest one: the upper edge of the last bin.</summary>
    public required float[] Highest { get; init; }

    /// <summary>For each node the share of its variance that lies between the classes.</summary>
    public required double[] Separation { get; init; }

    /// <summary>Bytes: [nodes, classes, bins], 255 for the fullest bin of the node.</summary>
    public required PagePlace Counts { get; init; }

    /// <summary>The range of the activations of all nodes.</summary>
    public required PageRange Range { get; init; }

    /// <summary>The accuracy where all nodes are clamped from below, at each percent of the range.</summary>
    public required double[] Below { get; init; }

    /// <summary>The same from above.</summary>
    public required double[] Above { get; init; }
}

/// <summary>An image's class, and its distance from a prototype.</summary>
internal sealed record PageImage(int Label, float Distance);

/// <summary>The images that a prototype means, with the places of their pixels.</summary>
internal sealed record PagePrototype(
    IReadOnlyList<PageImage> Nearest, int NearestPixels, IReadOnlyList<PageImage> Farthest, int FarthestPixels);

/// <summary>A network on a page, with what the test images say of it.</summary>
internal sealed record PageNetwork
{
    /// <summary>What it is called.</summary>
    public required string Title { get; init; }

    /// <summary>Its layers, as text.</summary>
    public required string Text { get; init; }

    /// <summary>The factor in x = scale · pixel + shift.</summary>
    public required float Scale { get; init; }

    /// <summary>The summand in it.</summary>
    public required float Shift { get; init; }

    /// <summary>The part of the test images that it predicts right.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Whether each output is the same for all test images, so that nothing can be read from them.</summary>
    public required bool IsDead { get; init; }

    /// <summary>The layers, first to last.</summary>
    public required IReadOnlyList<PageLayer> Layers { get; init; }

    /// <summary>What its outputs measure.</summary>
    public required PageRepresentation Representation { get; init; }

    /// <summary>The hidden layers.</summary>
    public required IReadOnlyList<PageHidden> Hidden { get; init; }

    /// <summary>A prototype for each class; none where the last layer with parameters has none.</summary>
    public required IReadOnlyList<PagePrototype> Prototypes { get; init; }

    /// <summary>Measures a network on the test images, and puts its numbers among the bytes of a page.</summary>
    /// <exception cref="InputException">An activation is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PageNetwork Of(AnalysisSubject subject, string title, PageBytes bytes, CancellationToken cancellation)
    {
        var request = new AnalysisRequest(
            subject, new AnalysisOptions { Splits = [Split.Test] }, WithPrototypes: true, cancellation);
        int last = subject.Plan.Layers.Count - 1;
        using IDeviceActivations logits = subject.Activations(Split.Test, last);
        var (lowest, highest) = Extremes(subject, logits, last);
        return new PageNetwork
        {
            Title = title,
            Text = subject.Plan.Network.ToString(),
            Scale = subject.Scaling.Scale,
            Shift = subject.Scaling.Shift,
            Accuracy = AccuracyOf(logits),
            IsDead = lowest.SequenceEqual(highest),
            Layers = [.. subject.Plan.Layers.Select(layer => LayerOf(subject, layer, bytes))],
            Representation = RepresentationOf(subject),
            Hidden = [.. subject.Roles.Hidden.Select(layer => HiddenOf(request, layer, bytes))],
            Prototypes = PrototypesOf(request, bytes),
        };
    }

    private static double AccuracyOf(IDeviceActivations logits)
    {
        int[] correct = logits.CountCorrect([new Clamp(float.NegativeInfinity, float.PositiveInfinity)]);
        return (double)correct[0] / logits.Count;
    }

    private static PageLayer LayerOf(AnalysisSubject subject, PlannedLayer planned, PageBytes bytes)
    {
        string text = planned.Layer.ToString(), name = text.Split('(')[0];
        var tensors = planned.Tensors.ToDictionary(
            tensor => tensor.Description.Name,
            tensor => new PagePlace(bytes.Add(subject.Parameters.AsSpan(tensor.Offset, tensor.Count)), tensor.Count));
        string kind = planned.Layer is OffsetL2 { Form: OffsetL2Form.Reference } ? $"{name}-reference" : name;
        return new PageLayer(kind, text, planned.Inputs, planned.Outputs, tensors);
    }

    private static PageRepresentation RepresentationOf(AnalysisSubject subject)
    {
        static double? Known(double index) => double.IsNaN(index) ? null : index;
        RepresentationIndex index = RepresentationIndex.Of(subject, Split.Test);
        return new PageRepresentation(
            index.Layer.Index, [.. index.Outputs.Select(Known)], Known(index.Mean), RepresentationSection.Reading(index.Mean));
    }

    private static PageHidden HiddenOf(AnalysisRequest request, int layer, PageBytes bytes)
    {
        request.Cancellation.ThrowIfCancellationRequested();
        AnalysisSubject subject = request.Subject;
        LayerPerturbation perturbation = LayerPerturbation.Of(request, Split.Test, layer);
        double[] Shares(int[] correct) => [.. correct.Select(count => (double)count / perturbation.Samples)];

        int sums = subject.Plan.Layers.Take(layer + 1).Last(before => before.HasParameters).Index;
        using IDeviceActivations activations = subject.Activations(Split.Test, sums);
        var (lowest, highest) = Extremes(subject, activations, sums);
        byte[] counts = [.. Enumerable.Range(0, activations.Width)
            .SelectMany(node => Histogram(activations, subject.Plan.Classes, node, lowest[node], highest[node]))];
        return new PageHidden
        {
            Index = layer,
            Sums = sums,
            Lowest = lowest,
            Highest = highest,
            Separation = ClassMoments.Of(subject, activations).Separations(),
            Counts = new PagePlace(bytes.Add(counts), counts.Length),
            Range = new PageRange(perturbation.Lowest, perturbation.Highest),
            Below = Shares(perturbation.CorrectFromBelow),
            Above = Shares(perturbation.CorrectFromAbove),
        };
    }

    /// <summary>The smallest and the largest activation of each node of a layer.</summary>
    private static (float[] Lowest, float[] Highest) Extremes(
        AnalysisSubject subject, IDeviceActivations activations, int layer)
    {
        ActivationSums extremes = subject.Checked(activations.Sum(threshold: 0), layer);
        int width = activations.Width;
        float[] OfNodes(float[] values, Func<IEnumerable<float>, float> choose) =>
            [.. Enumerable.Range(0, width).Select(node => choose(values.Where((_, at) => at % width == node)))];
        return (OfNodes(extremes.Smallest, Enumerable.Min), OfNodes(extremes.Largest, Enumerable.Max));
    }

    /// <summary>A node's histograms of all classes; empty where all its activations are the same.</summary>
    private static byte[] Histogram(IDeviceActivations activations, int classes, int node, float lowest, float highest)
    {
        if (!(lowest < highest))
            return new byte[classes * PageHidden.BinsOfANode];
        int[] counts = activations.Histogram(node, lowest, highest, PageHidden.BinsOfANode);
        double fullest = counts.Max();
        // Rounded up, so that a single image still shows.
        return [.. counts.Select(count => (byte)Math.Ceiling(byte.MaxValue * count / fullest))];
    }

    private static IReadOnlyList<PagePrototype> PrototypesOf(AnalysisRequest request, PageBytes bytes)
    {
        int Pixels(RankedImage[] images) => bytes.Add(images.SelectMany(image => image.Pixels).ToArray());
        static PageImage[] About(RankedImage[] images) =>
            [.. images.Select(image => new PageImage(image.Label, image.Distance))];

        return PrototypeAnalysis.Of(request.Subject, Split.Test, request.Cancellation) is not { } found ? []
            : [.. found.Classes.Select(prototype => new PagePrototype(
                About(prototype.Nearest), Pixels(prototype.Nearest),
                About(prototype.Farthest), Pixels(prototype.Farthest)))];
    }
}
