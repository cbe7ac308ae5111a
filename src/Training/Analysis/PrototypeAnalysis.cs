using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Analysis;

/// <summary>What an OffsetL2 layer has learned for each class: the prototype μ, the weights α, and the images that they mean.</summary>
public sealed record PrototypeAnalysis
{
    /// <summary>Images at either end of the order by distance.</summary>
    public const int RankedImages = 8;

    /// <summary>The OffsetL2 layer.</summary>
    public required AnalyzedLayer Layer { get; init; }

    /// <summary>Where the ranked images are from.</summary>
    public required Split Split { get; init; }

    /// <summary>Rows of an image.</summary>
    public required int ImageHeight { get; init; }

    /// <summary>Columns of an image.</summary>
    public required int ImageWidth { get; init; }

    /// <summary>A prototype for each class.</summary>
    public required Prototype[] Classes { get; init; }
}

/// <summary>The prototype of one class.</summary>
public sealed record Prototype
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
}

/// <summary>An image and its distance from a prototype.</summary>
/// <param name="Sample">Its index among the images.</param>
/// <param name="Label">Its class.</param>
/// <param name="Distance">The layer's output for it.</param>
/// <param name="Pixels">Its grey values: [height · width] row-major.</param>
public sealed record RankedImage(int Sample, int Label, float Distance, byte[] Pixels);

/// <summary>
/// The end of a gradient descent of the distance on the pixels, which stay between 0 and 255, from the image that is nearest.
/// </summary>
/// <param name="Pixels">The grey values: [height · width] row-major, rounded to whole numbers.</param>
/// <param name="Distance">The distance that was reached, before rounding.</param>
/// <param name="StartDistance">The distance of the nearest image, where it began.</param>
/// <param name="Steps">Steps of the descent.</param>
public sealed record ClosestInput(byte[] Pixels, float Distance, float StartDistance, int Steps);
