using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>Ranks in the memory of an accelerator; sums of slices of the samples are added up by the host.</summary>
internal sealed class Ranks : DeviceResult, IDeviceRanks
{
    private readonly KernelQueue _queue;
    private readonly UploadedSamples _samples;
    private readonly int _classes;

    // [samples, nodes] and [nodes, samples].
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _ranks, _order;

    /// <summary>Ranks of activations.</summary>
    /// <param name="queue">Where kernels are launched.</param>
    /// <param name="samples">The samples; must outlive this.</param>
    /// <param name="values">[samples, stride]</param>
    /// <param name="stride">Floats from one sample to the next.</param>
    /// <param name="width">Number of nodes.</param>
    /// <param name="classes">Number of classes.</param>
    public Ranks(KernelQueue queue, UploadedSamples samples, ArrayView<float> values, int stride, int width, int classes)
        : base(samples, "ranks")
    {
        _queue = queue;
        _samples = samples;
        _classes = classes;
        Width = width;
        _ranks = queue.Accelerator.Take<int>((long)Count * width);
        _order = queue.Accelerator.Take<int>((long)Count * width);
        queue.Launch(
            RankKernels.Rank, checked(Tiles.Groups(Count) * width), slices: 1,
            new(values, _ranks.View, _order.View, Count, stride, width),
            new WorkShape(Count, width, width));
    }

    public int Width { get; }

    public long[] SumByClass()
    {
        CheckAlive();
        int groups = _classes * Tiles.Groups(Width), length = _classes * Width;
        var slices = SampleSlices.Of(Count, groups);
        using MemoryBuffer1D<long, Stride1D.Dense> sums = _queue.Accelerator.Take<long>((long)slices.Count * length);
        _queue.Launch(
            RankSumKernels.SumByClass, groups, slices.Count,
            new(_ranks.View, _samples.Labels(0, Count), sums.View, slices.Rows, _classes, Width),
            new WorkShape(Count, Width, _classes, slices.Count));
        return Add(sums, length);
    }

    public long[] SumProducts(IDeviceRanks other)
    {
        Ranks others = ActivationArguments.CheckRanks(other, this);
        if (others._queue.Accelerator != _queue.Accelerator)
            throw new ArgumentException("the ranks are on another device", nameof(other));
        int groups = Tiles.Groups(Width);
        var slices = SampleSlices.Of(Count, groups);
        using MemoryBuffer1D<long, Stride1D.Dense> sums = _queue.Accelerator.Take<long>((long)slices.Count * Width);
        _queue.Launch(
            RankSumKernels.SumProducts, groups, slices.Count,
            new(_ranks.View, others._ranks.View, sums.View, Count, slices.Rows, Width),
            new WorkShape(Count, Width, Width, slices.Count));
        return Add(sums, Width);
    }

    public int[] SamplesAt(int node, int first, int count)
    {
        CheckAlive();
        ActivationArguments.CheckPlaces(node, first, count, this);
        int[] samples = new int[count];
        if (count > 0)
            _order.View.SubView((long)node * Count + first, count).CopyToCPU(samples);
        return samples;
    }

    protected override void Free()
    {
        _ranks.Dispose();
        _order.Dispose();
    }

    private static long[] Add(MemoryBuffer1D<long, Stride1D.Dense> partials, int length)
    {
        long[] sums = new long[length], slices = partials.GetAsArray1D();
        for (int n = 0; n < slices.Length; n++)
            sums[n % length] += slices[n];
        return sums;
    }
}
