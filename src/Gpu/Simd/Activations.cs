using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// A layer's outputs on the CPU accelerator: [samples, stride] in the order of <see cref="BlockedSamples.Order"/>, padding zero.
/// Sums go down stripes of nodes that are a cache line wide, the others through samples, nodes or blocks as they say.
/// </summary>
internal sealed unsafe class Activations : DeviceResult, IDeviceActivations
{
    // So few that float32 counts them and adds them up well, so many that adding to float64 costs nothing.
    private const int SliceRows = 2048;

    private const int StripeWidth = NetworkPlan.RowAlignment;

    private readonly SimdExecutor _executor;
    private readonly BlockedSamples _samples;
    private readonly AlignedBuffer<float> _values;

    /// <param name="executor">Computed the values; must outlive this.</param>
    /// <param name="samples">For these samples; must outlive this.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="values">Its outputs; now belong to this.</param>
    public Activations(SimdExecutor executor, BlockedSamples samples, PlannedLayer layer, AlignedBuffer<float> values)
        : base(samples, "activations")
    {
        _executor = executor;
        _samples = samples;
        Layer = layer;
        _values = values;
    }

    /// <inheritdoc/>
    public PlannedLayer Layer { get; }

    private int Width => Layer.Outputs;

    private int Classes => _executor.Plan.Classes;

    /// <inheritdoc/>
    public ActivationSums Sum(float threshold, ReadOnlySpan<float> centers = default)
    {
        CheckAlive();
        ActivationArguments.CheckSum(threshold, centers, Classes, Width);
        int[] counts = new int[Classes];
        foreach (byte label in _samples.Source.Labels.Span)
            counts[label]++;
        var sums = ActivationSums.Empty(counts, Width);
        float[] allCenters = centers.IsEmpty ? new float[Classes * Width] : centers.ToArray();
        _executor.Workers.ForEach(
            (Width + StripeWidth - 1) / StripeWidth, (_, stripe) => SumStripe(stripe * StripeWidth, threshold, allCenters, sums));
        return sums;
    }

    /// <summary>The sums of the nodes from <paramref name="first"/> on, over all samples, slice after slice.</summary>
    private void SumStripe(int first, float threshold, float[] centers, ActivationSums sums)
    {
        int nodes = Math.Min(StripeWidth, Width - first);
        using var stripeCenters = new AlignedBuffer<float>((nuint)(Classes * StripeWidth));
        using var partial = new AlignedBuffer<float>((nuint)(Classes * SimdSums.Count * StripeWidth));
        for (int label = 0; label < Classes; label++)
            centers.AsSpan(label * Width + first, nodes).CopyTo(stripeCenters.Span[(label * StripeWidth)..]);

        Span<float> PartialOf(int label, int sum) =>
            partial.Span.Slice((label * SimdSums.Count + sum) * StripeWidth, nodes);

        for (int row = 0; row < Count; row += SliceRows)
        {
            partial.Span.Clear();
            for (int label = 0; label < Classes; label++)
            {
                PartialOf(label, SimdSums.Smallest).Fill(float.PositiveInfinity);
                PartialOf(label, SimdSums.Largest).Fill(float.NegativeInfinity);
            }
            _executor.Program.AddSums(
                _values.Pointer + (nint)row * Layer.OutputStride + first, Layer.OutputStride, _samples.Labels + row,
                Math.Min(SliceRows, Count - row), stripeCenters.Pointer, threshold, partial.Pointer);
            for (int label = 0; label < Classes; label++)
            {
                for (int n = 0, at = label * Width + first; n < nodes; n++, at++)
                {
                    sums.Sums[at] += PartialOf(label, SimdSums.Sum)[n];
                    sums.SquareSums[at] += PartialOf(label, SimdSums.Square)[n];
                    sums.Active[at] += (int)PartialOf(label, SimdSums.Active)[n];
                    sums.Smallest[at] = MathF.Min(sums.Smallest[at], PartialOf(label, SimdSums.Smallest)[n]);
                    sums.Largest[at] = MathF.Max(sums.Largest[at], PartialOf(label, SimdSums.Largest)[n]);
                }
            }
        }
    }

    /// <inheritdoc/>
    public int[] Histogram(int node, float lowest, float highest, int bins)
    {
        CheckAlive();
        ActivationArguments.CheckHistogram(node, Width, lowest, highest, bins);
        float scale = bins / (highest - lowest);
        int workers = _executor.Workers.Count;
        int[][] ofWorkers = [.. Enumerable.Range(0, workers).Select(_ => new int[Classes * bins])];
        _executor.Workers.Run(worker =>
        {
            var (first, end) = Partition.Of(Count, worker, workers);
            float* value = _values.Pointer + (nint)first * Layer.OutputStride + node;
            for (int row = first; row < end; row++, value += Layer.OutputStride)
            {
                float a = *value;
                if (a >= lowest && a <= highest)
                    ofWorkers[worker][_samples.Labels[row] * bins + Math.Min((int)((a - lowest) * scale), bins - 1)]++;
            }
        });
        int[] counts = ofWorkers[0];
        foreach (int[] others in ofWorkers.Skip(1))
        {
            for (int i = 0; i < counts.Length; i++)
                counts[i] += others[i];
        }
        return counts;
    }

    /// <inheritdoc/>
    public IDeviceRanks Rank()
    {
        CheckAlive();
        return new Ranks(_executor.Workers, _samples, _values.Pointer, Layer, Classes);
    }

    /// <inheritdoc/>
    public int[] CountCorrect(ReadOnlySpan<Clamp> clamps)
    {
        CheckAlive();
        _samples.Source.CheckLabels();
        ActivationArguments.CheckClamps(clamps, Width);
        using var counter = new Clamps(_executor, _samples, Layer, _values.Pointer, [.. clamps]);
        return counter.CountCorrect();
    }

    protected override void Free() => _values.Dispose();
}
