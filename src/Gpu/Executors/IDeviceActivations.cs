using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Executors;

/// <summary>
/// One layer's outputs for all samples, in the memory of the device of the executor that computed them, and what can be said
/// about them without copying them to the host. A column is a node, a row a sample. Not thread-safe, as the executor. The same
/// calls give the same bits, for any number of threads.
/// </summary>
public interface IDeviceActivations : IDisposable
{
    /// <summary>The layer whose outputs they are.</summary>
    PlannedLayer Layer { get; }

    /// <summary>Number of samples.</summary>
    int Count { get; }

    /// <summary>Number of nodes: the layer's outputs.</summary>
    int Width => Layer.Outputs;

    /// <summary>Adds up the activations a of each class and node, about a center c for each of them.</summary>
    /// <param name="threshold">A sample with |a| above it counts as active; not negative.</param>
    /// <param name="centers">c: [classes, <see cref="Width"/>] row-major; empty for 0.</param>
    /// <exception cref="ArgumentException">
    /// The centers have another length, or the threshold is negative or no number.
    /// </exception>
    ActivationSums Sum(float threshold, ReadOnlySpan<float> centers = default);

    /// <summary>
    /// Counts one node's activations per class and bin. The bins divide the range from <paramref name="lowest"/> to
    /// <paramref name="highest"/> evenly, a value at an edge belongs to the bin above it, <paramref name="highest"/> itself to
    /// the
    /// last one, and values outside are left out, as numpy.histogram does it in float32:
    /// bin = ⌊(a − lowest) · (bins / (highest − lowest))⌋.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="lowest">Lower edge of the first bin.</param>
    /// <param name="highest">Upper edge of the last bin, above <paramref name="lowest"/>.</param>
    /// <param name="bins">Number of bins, at least 1.</param>
    /// <returns>[classes, bins] row-major.</returns>
    /// <exception cref="ArgumentException">
    /// The node does not exist, the range is empty or not finite, or there is no bin.
    /// </exception>
    int[] Histogram(int node, float lowest, float highest, int bins);

    /// <summary>Ranks the samples by each node's activation. All activations must be numbers, not NaN.</summary>
    IDeviceRanks Rank();

    /// <summary>
    /// Counts the right predictions of the network where this layer's outputs are clamped, for each of several clamps. A
    /// prediction is right where the largest logit (the first of equals) is that of the sample's class.
    /// </summary>
    /// <param name="clamps">The clamps.</param>
    /// <returns>For each clamp the number of samples that are predicted right.</returns>
    /// <exception cref="ArgumentException">A node does not exist.</exception>
    int[] CountCorrect(ReadOnlySpan<Clamp> clamps);
}

/// <summary>An intervention on a layer's outputs: a ↦ min(max(a, <see cref="Lowest"/>), <see cref="Highest"/>).</summary>
/// <param name="Lowest">The least that an output can be; −∞ for no limit.</param>
/// <param name="Highest">The most that an output can be, not below <paramref name="Lowest"/>; ∞ for no limit.</param>
/// <param name="Node">The only node that is clamped; <see cref="AllNodes"/> for all of the layer.</param>
public readonly record struct Clamp(float Lowest, float Highest, int Node = Clamp.AllNodes)
{
    /// <summary>Stands for all nodes of the layer.</summary>
    public const int AllNodes = -1;

    /// <summary>The clamped output; a NaN stays one.</summary>
    internal float Of(float a) => a < Lowest ? Lowest : a > Highest ? Highest : a;
}

/// <summary>
/// Sums over the samples of each class for each node, all [classes, nodes] row-major. Where a class has no sample, the smallest
/// value is ∞ and the largest −∞.
/// </summary>
public sealed record ActivationSums
{
    /// <summary>Samples of each class: [classes].</summary>
    public required int[] Counts { get; init; }

    /// <summary>Samples whose |a| is above the threshold.</summary>
    public required int[] Active { get; init; }

    /// <summary>The smallest a.</summary>
    public required float[] Smallest { get; init; }

    /// <summary>The largest a.</summary>
    public required float[] Largest { get; init; }

    /// <summary>Σ (a − c), added up in float32 over a few thousand samples at the most, and these sums in float64.</summary>
    public required double[] Sums { get; init; }

    /// <summary>Σ (a − c)², in the same way.</summary>
    public required double[] SquareSums { get; init; }

    /// <summary>Sums to which nothing has been added.</summary>
    /// <param name="counts">Samples of each class: [classes].</param>
    /// <param name="width">Number of nodes.</param>
    internal static ActivationSums Empty(int[] counts, int width)
    {
        int length = counts.Length * width;
        return new ActivationSums
        {
            Counts = counts,
            Active = new int[length],
            Smallest = [.. Enumerable.Repeat(float.PositiveInfinity, length)],
            Largest = [.. Enumerable.Repeat(float.NegativeInfinity, length)],
            Sums = new double[length],
            SquareSums = new double[length],
        };
    }
}

/// <summary>
/// The ranks of all samples for each node of a layer, on the device. The smallest activation has rank 1, and equal ones share
/// the mean of their ranks (mid-ranks). Ranks are doubled, which makes whole numbers of them: between 2 and 2 · samples, with
/// the sum samples · (samples + 1) for each node.
/// </summary>
public interface IDeviceRanks : IDisposable
{
    /// <summary>Number of samples.</summary>
    int Count { get; }

    /// <summary>Number of nodes.</summary>
    int Width { get; }

    /// <summary>The sum of the doubled ranks of each class: [classes, <see cref="Width"/>] row-major.</summary>
    long[] SumByClass();

    /// <summary>
    /// For each node the sum over samples of the products of its doubled ranks with those of the same node in another layer.
    /// </summary>
    /// <param name="other">Ranks of the same samples for as many nodes, from an executor on the same device.</param>
    /// <returns>[<see cref="Width"/>]</returns>
    /// <exception cref="ArgumentException">The numbers of samples or of nodes differ.</exception>
    long[] SumProducts(IDeviceRanks other);

    /// <summary>
    /// The samples at some places of the ascending order by a node's activation. Equal activations stand in the order of the
    /// samples.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="first">The first place, from 0.</param>
    /// <param name="count">Number of places.</param>
    /// <returns>Indices of samples, in the order in which they were uploaded.</returns>
    /// <exception cref="ArgumentException">The node or a place does not exist.</exception>
    int[] SamplesAt(int node, int first, int count);
}
