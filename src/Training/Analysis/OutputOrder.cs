using System.Text.Json.Serialization;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// Where the output of an image's label stands among the outputs of the same image, before any negation, from the smallest to the
/// largest. The classifier compares these and no others: a distance network puts the label's output first, an intensity network
/// last, whatever an image does to all outputs alike (<see cref="RepresentationIndex"/> compares different images and sees that).
/// </summary>
internal sealed record OutputOrder : IChecked
{
    /// <summary>The last layer that is no negation.</summary>
    public required AnalyzedLayer Layer { get; init; }

    /// <summary>The images.</summary>
    public required Split Split { get; init; }

    /// <summary>
    /// Images by the place of their label's output: [2 · outputs − 1]. Equal outputs share the mean of their places, so that the
    /// places are 1, 1.5, 2, … up to the number of outputs.
    /// </summary>
    public required int[] Images { get; init; }

    /// <summary>Its place among the analyses.</summary>
    internal static AnalysisPart Part { get; } = AnalysisPart.OfMany(
        AnalysisKind.OutputOrder, AnalyzedImages.Each, run => run.OutputOrders,
        (run, orders) => run with { OutputOrders = orders },
        request => [.. request.Options.Splits.Select(split => Of(request.Subject, split))],
        order => (order.Layer, order.Split, order.Images.Length));

    /// <summary>What the file of an analysis has.</summary>
    void IChecked.Check()
    {
        Expect.Valid(Layer);
        Expect.Length(Images.Length);
        Expect.That(Images.Length % 2 == 1, $"images has {Images.Length} places; expected an odd number");
        Expect.Counts(Images, int.MaxValue);
        Expect.InRange(Images.Sum(count => (long)count), 1, name: "the sum of images");
    }

    /// <summary>Finds the places.</summary>
    /// <exception cref="InputException">An activation is not finite.</exception>
    internal static OutputOrder Of(AnalysisSubject subject, Split split)
    {
        int layer = subject.Roles.Representation, classes = subject.Plan.Classes;
        using IDeviceActivations activations = subject.Activations(split, layer);
        _ = subject.Checked(activations.Sum(threshold: 0), layer);
        ReadOnlySpan<byte> labels = subject.ImagesOf(split).Labels.Span;
        float[] outputs = subject.ReadActivations(split, layer);
        int[] images = new int[2 * classes - 1];
        for (int n = 0; n < labels.Length; n++)
            images[PlaceOf(outputs.AsSpan(n * classes, classes), labels[n])]++;
        return new OutputOrder { Layer = AnalyzedLayer.Of(subject.Plan, layer), Split = split, Images = images };
    }

    /// <summary>Number of outputs.</summary>
    [JsonIgnore]
    public int Outputs => (Images.Length + 1) / 2;

    /// <summary>
    /// The share of the images whose label has the smallest output of all, by itself: what a distance network gets right.
    /// </summary>
    [JsonIgnore]
    public double SmallestShare => (double)Images[0] / Count;

    /// <summary>The share of the images whose label has the largest output of all, by itself.</summary>
    [JsonIgnore]
    public double LargestShare => (double)Images[^1] / Count;

    /// <summary>The mean place between 0, always the smallest, and 1, always the largest.</summary>
    [JsonIgnore]
    public double Mean => Images.Select((count, place) => (double)count * place).Sum() / Count / (Images.Length - 1);

    /// <summary>The share of the images whose label's output stands at a place.</summary>
    /// <param name="place">0 for the smallest, 1 for the middle between it and the next, and so on.</param>
    public double ShareAt(int place) => (double)Images[place] / Count;

    private double Count => Images.Sum(count => (double)count);

    /// <summary>Outputs below the label's, doubled, and those that are equal to it.</summary>
    private static int PlaceOf(ReadOnlySpan<float> outputs, int label)
    {
        int place = -1;
        foreach (float output in outputs)
            place += output < outputs[label] ? 2 : output == outputs[label] ? 1 : 0;
        return place;
    }
}
