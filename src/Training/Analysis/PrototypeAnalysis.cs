using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// What a layer of distances has learned for each class: the prototype μ, the weights α, and the images that they mean.
/// </summary>
internal sealed record PrototypeAnalysis : IChecked
{
    /// <summary>Images at either end of the order by distance.</summary>
    public const int RankedImages = 8;

    /// <summary>The layer.</summary>
    public required AnalyzedLayer Layer { get; init; }

    /// <summary>Where the ranked images are from.</summary>
    public required Split Split { get; init; }

    /// <summary>Rows of an image.</summary>
    public required int ImageHeight { get; init; }

    /// <summary>Columns of an image.</summary>
    public required int ImageWidth { get; init; }

    /// <summary>A prototype for each class.</summary>
    public required Prototype[] Classes { get; init; }

    /// <summary>Its place among the analyses.</summary>
    internal static AnalysisPart Part { get; } = AnalysisPart.OfOne(
        AnalysisKind.Prototypes, AnalyzedImages.First, run => run.Prototypes,
        (run, prototypes) => run with { Prototypes = prototypes },
        request => request.WithPrototypes ? Of(request.Subject, request.FirstSplit, request.Cancellation) : null,
        isOfAllRuns: false);

    /// <summary>What the file of an analysis has.</summary>
    void IChecked.Check()
    {
        Expect.Valid(Layer);
        Expect.Valid(Classes);
        Expect.InRange(ImageHeight, 1);
        Expect.InRange(ImageWidth, 1);
        Expect.Length(Classes.Length);
        long pixels = (long)ImageHeight * ImageWidth;
        int images = Classes[0].Nearest.Length;
        Expect.InRange(images, 1, RankedImages, "the number of nearest images");
        foreach (Prototype prototype in Classes)
        {
            Expect.Length(prototype.Mu.Length, Classes[0].Mu.Length, "the length of mu");
            Expect.Length(prototype.Nearest.Length, images, "the number of nearest images");
            Expect.Length(prototype.Farthest.Length, images, "the number of farthest images");
            IEnumerable<byte[]> ranked = prototype.Nearest.Concat(prototype.Farthest).Select(image => image.Pixels);
            foreach (byte[] shown in ranked.Append(prototype.Closest.Pixels))
                Expect.That(shown.Length == pixels, $"an image has {shown.Length} pixels; expected {ImageHeight} × {ImageWidth}");
        }
    }

    /// <summary>Describes the prototypes; null where the network has none.</summary>
    /// <param name="subject">The network.</param>
    /// <param name="split">The images to rank.</param>
    /// <param name="cancellation">Ends it between two classes.</param>
    /// <exception cref="InputException">A distance is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal static PrototypeAnalysis? Of(AnalysisSubject subject, Split split, CancellationToken cancellation)
    {
        if (subject.Roles.Prototypes is not { } layer)
            return null;
        using IDeviceActivations distances = subject.Activations(split, layer);
        _ = subject.Checked(distances.Sum(threshold: 0), layer);
        using IDeviceRanks ranks = distances.Rank();
        var search = new ClosestInputSearch(subject, layer);
        ImageSet images = subject.ImagesOf(split);
        int inputs = subject.Plan.Layers[layer].Inputs, count = Math.Min(RankedImages, images.Count);
        var classes = new List<Prototype>();
        for (int c = 0; c < subject.Plan.Classes; c++)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] order = [.. ranks.SamplesAt(c, 0, count), .. ranks.SamplesAt(c, images.Count - count, count).Reverse()];
            RankedImage[] ranked = Describe(subject, images, layer, c, order);
            classes.Add(new Prototype
            {
                Class = c,
                Mu = [.. subject.Tensor(layer, ParameterRole.Mu).Slice(c * inputs, inputs)],
                Alpha = [.. subject.Tensor(layer, ParameterRole.Alpha).Slice(c * inputs, inputs)],
                Nearest = ranked[..count],
                Farthest = ranked[count..],
                Closest = search.From(c, ranked[0].Pixels),
            });
        }
        return new PrototypeAnalysis
        {
            Layer = AnalyzedLayer.Of(subject.Plan, layer),
            Split = split,
            ImageHeight = images.Height,
            ImageWidth = images.Width,
            Classes = [.. classes],
        };
    }

    private static RankedImage[] Describe(AnalysisSubject subject, ImageSet images, int layer, int output, int[] order)
    {
        int size = images.PixelsPerImage, classes = subject.Plan.Classes;
        byte[][] pixels = [.. order.Select(sample => images.Pixels.Slice(sample * size, size).ToArray())];
        byte[] labels = [.. order.Select(sample => images.Labels.Span[sample])];
        var samples = new ImageSet(pixels.SelectMany(image => image).ToArray(), labels, images.Height, images.Width)
            .ToSamples(subject.Scaling);
        using IDeviceSamples uploaded = subject.Executor.Upload(samples);
        float[] distances = new float[order.Length * classes];
        subject.Executor.ReadActivations(uploaded, layer, distances);
        return [.. order.Select((sample, n) => new RankedImage(sample, labels[n], distances[n * classes + output], pixels[n]))];
    }
}

/// <summary>The prototype of one class.</summary>
internal sealed record Prototype : IChecked
{
    /// <summary>The class.</summary>
    public required int Class { get; init; }

    /// <summary>μ: [inputs of the layer]</summary>
    public required float[] Mu { get; init; }

    /// <summary>α: [inputs of the layer]</summary>
    public required float[] Alpha { get; init; }

    /// <summary>The images nearest to the prototype, nearest first.</summary>
    public required RankedImage[] Nearest { get; init; }

    /// <summary>The images farthest from the prototype, farthest first.</summary>
    public required RankedImage[] Farthest { get; init; }

    /// <summary>The input nearest to the prototype that was found.</summary>
    public required ClosestInput Closest { get; init; }

    /// <summary>What the file of an analysis has.</summary>
    void IChecked.Check()
    {
        Expect.Valid(Nearest);
        Expect.Valid(Farthest);
        Expect.Valid(Closest);
        Expect.InRange(Class, 0);
        Expect.Length(Mu.Length);
        Expect.Length(Alpha.Length, Mu.Length);
        Expect.NoInfinity<float>(Mu);
        Expect.NoInfinity<float>(Alpha);
    }
}

/// <summary>An image and its distance from a prototype.</summary>
/// <param name="Sample">Its index among the images.</param>
/// <param name="Label">Its class.</param>
/// <param name="Distance">The layer's output for it.</param>
/// <param name="Pixels">Its grey values: [height · width] row-major.</param>
internal sealed record RankedImage(int Sample, int Label, float Distance, byte[] Pixels) : IChecked
{
    /// <summary>What the file of an analysis has.</summary>
    void IChecked.Check()
    {
        Expect.InRange(Sample, 0);
        Expect.InRange(Label, 0, byte.MaxValue);
        Expect.NoInfinity<float>([Distance], nameof(Distance));
    }
}

/// <summary>
/// The end of a gradient descent of the distance on the pixels, which stay between 0 and 255, from the image that is nearest.
/// </summary>
/// <param name="Pixels">The grey values: [height · width] row-major, rounded to whole numbers.</param>
/// <param name="Distance">The distance that was reached, before rounding.</param>
/// <param name="StartDistance">The distance of the nearest image, where it began.</param>
/// <param name="Steps">Steps of the descent.</param>
internal sealed record ClosestInput(byte[] Pixels, float Distance, float StartDistance, int Steps) : IChecked
{
    /// <summary>What the file of an analysis has.</summary>
    void IChecked.Check()
    {
        Expect.NoInfinity<float>([Distance, StartDistance], "distance or startDistance");
        Expect.InRange(Steps, 0);
    }
}
