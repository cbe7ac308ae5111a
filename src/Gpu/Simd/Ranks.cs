using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Ranks on the CPU accelerator. Samples are known by their place in the source, which is the same for all executors,
/// whatever their order. Workers take nodes as they come.
/// </summary>
internal sealed unsafe class Ranks : DeviceResult, IDeviceRanks
{
    private readonly Workers _workers;
    private readonly BlockedSamples _samples;
    private readonly int _classes;

    // The doubled ranks, and the samples in ascending order: both [nodes, samples].
    private readonly AlignedBuffer<int> _ranks, _order;

    /// <param name="workers">Must outlive this.</param>
    /// <param name="samples">Must outlive this.</param>
    /// <param name="activations">
    /// [samples, stride] in the order of <see cref="BlockedSamples.Order"/>; not needed any more later.
    /// </param>
    /// <param name="layer">The layer whose outputs they are.</param>
    /// <param name="classes">Number of classes.</param>
    public Ranks(Workers workers, BlockedSamples samples, float* activations, PlannedLayer layer, int classes)
        : base(samples, "ranks")
    {
        _workers = workers;
        _samples = samples;
        _classes = classes;
        Width = layer.Outputs;
        _ranks = new AlignedBuffer<int>((nuint)Width * (nuint)Count);
        _order = new AlignedBuffer<int>((nuint)Width * (nuint)Count);
        RadixSort[] sorts = [.. Enumerable.Range(0, workers.Count).Select(_ => new RadixSort(Count))];
        workers.ForEach(Width, (worker, node) =>
        {
            RadixSort sort = sorts[worker];
            float* activation = activations + node;
            for (int position = 0; position < Count; position++, activation += layer.OutputStride)
                sort.Keys[samples.Order[position]] = RadixSort.KeyOf(*activation);
            sort.Run();
            sort.Items.CopyTo(OrderOf(node));
            SetRanks(sort.Keys, sort.Items, RanksOf(node));
        });
    }

    /// <inheritdoc/>
    public int Width { get; }

    private Span<int> RanksOf(int node) => new(_ranks.Pointer + (nint)node * Count, Count);

    private Span<int> OrderOf(int node) => new(_order.Pointer + (nint)node * Count, Count);

    /// <summary>Of equal ones at the places first to end − 1 the doubled mean rank, counted from 1, is first + end + 1.</summary>
    private static void SetRanks(ReadOnlySpan<uint> ascendingKeys, ReadOnlySpan<int> order, Span<int> ranks)
    {
        int end;
        for (int first = 0; first < order.Length; first = end)
        {
            end = first + 1;
            while (end < order.Length && ascendingKeys[end] == ascendingKeys[first])
                end++;
            foreach (int sample in order[first..end])
                ranks[sample] = first + end + 1;
        }
    }

    /// <inheritdoc/>
    public long[] SumByClass()
    {
        CheckAlive();
        long[] sums = new long[_classes * Width];
        _workers.ForEach(Width, (_, node) =>
        {
            ReadOnlySpan<byte> labels = _samples.Source.Labels.Span;
            Span<int> ranks = RanksOf(node);
            for (int sample = 0; sample < ranks.Length; sample++)
                sums[labels[sample] * Width + node] += ranks[sample];
        });
        return sums;
    }

    /// <inheritdoc/>
    public long[] SumProducts(IDeviceRanks other)
    {
        Ranks ranks = ActivationArguments.CheckRanks(other, this);
        long[] sums = new long[Width];
        _workers.ForEach(Width, (_, node) =>
        {
            Span<int> mine = RanksOf(node), others = ranks.RanksOf(node);
            long sum = 0;
            for (int sample = 0; sample < mine.Length; sample++)
                sum += (long)mine[sample] * others[sample];
            sums[node] = sum;
        });
        return sums;
    }

    /// <inheritdoc/>
    public int[] SamplesAt(int node, int first, int count)
    {
        CheckAlive();
        ActivationArguments.CheckPlaces(node, first, count, this);
        return OrderOf(node).Slice(first, count).ToArray();
    }

    protected override void Free()
    {
        _ranks.Dispose();
        _order.Dispose();
    }
}
